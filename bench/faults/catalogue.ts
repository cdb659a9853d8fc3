/** Every fault by its name. A further one is a file, a line here, and its name in `bench/scenario/fault-schema.ts`. */

import type { FaultName } from '../record/fault-events.ts';
import type { Fault } from './fault.ts';
import { redisKilled } from './redis-killed.ts';

export const faults: Readonly<Record<FaultName, Fault>> = {
  'redis-killed': redisKilled,
};
