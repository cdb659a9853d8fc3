/** What Redis does while nobody asks it anything: the nodes' beats, and its own upkeep. */

import { setTimeout as pause } from 'node:timers/promises';
import { redisUsageBetween } from '../environment/redis-usage.ts';
import type { RedisBackground } from '../load/interleaved.ts';
import type { Lab } from './lab.ts';

/** Some beats of every node. */
const backgroundMillis = 1_500;

export async function measureRedisBackground({ readRedisUsage, signal }: Lab): Promise<RedisBackground> {
  const begunMillis = performance.now();
  const before = await readRedisUsage();
  await pause(backgroundMillis, undefined, { signal });
  const { cpuMicros, commands, networkBytes } = redisUsageBetween(before, await readRedisUsage());
  const millis = performance.now() - begunMillis;
  return { cpuMicros: cpuMicros / millis, commands: commands / millis, networkBytes: networkBytes / millis };
}
