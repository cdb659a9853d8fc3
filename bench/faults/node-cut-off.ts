/** A node and Redis lose each other, both ways or one; the connections stand, and other nodes notice nothing. */

import type { CutWay } from '../environment/tcp-link.ts';
import { beyondStaleness, type Fault } from './fault.ts';

function cutOff(way: CutWay, title: string, deed: string): Fault {
  return {
    title,
    deed,
    source: 'row 65 (ASVS 16.5.2, 16.5.3); ioredis issues 139 and 1888',
    befalls: 'first-node',
    concession: null,
    topology: 'one',
    wires: 'links',
    lastsMillis: beyondStaleness,
    async inflict({ link }) {
      const mend = link.cut(way);
      return async () => mend();
    },
  };
}

export const nodeCutOff = cutOff(
  'both',
  'a node cut off from Redis',
  'nothing passes between a node and Redis, either way; then what was held back arrives',
);
export const nodeCutOffOneWay = cutOff(
  'replies',
  'a node that Redis hears and does not reach',
  'nothing that Redis says arrives at a node, though Redis hears it; then what was held back arrives',
);
