/** Redis is far away all of a sudden. */

import { maxAddedMillis } from '../environment/delay-link.ts';
import { beyondStaleness, type Fault } from './fault.ts';

export const redisSlow: Fault = {
  title: 'Redis slow',
  deed: `every round trip to Redis takes ${maxAddedMillis} ms longer`,
  source: 'row 66 (ASVS 13.1.3, 13.2.6)',
  befalls: 'redis',
  concession: null,
  topology: 'one',
  wires: 'delay-link',
  lastsMillis: beyondStaleness,
  async inflict({ delayLink }) {
    await delayLink.setAddedMillis(maxAddedMillis);
    return () => delayLink.setAddedMillis(0);
  },
};
