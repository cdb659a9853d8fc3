/** One window as it is recorded: what the generator saw, between two readings of what node and Redis have used. */

import type { NodeUsage } from '../environment/environment.ts';
import { type RedisUsage, redisUsageBetween } from '../environment/redis-usage.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { LoadResult } from './closed-loop.ts';
import type { WindowCommand } from './protocol.ts';

export interface WindowParts {
  readonly generator: { runWindow(command: WindowCommand): Promise<LoadResult> };
  readonly readNodeUsage: () => Promise<NodeUsage>;
  readonly readRedisUsage: () => Promise<RedisUsage>;
}

/**
 * Runs one window. The node's counters are read nearest to the load, Redis's around them; nothing else is done between
 * the readings, and what a reading of Redis adds to its own counters is taken off again.
 */
export async function measureWindow(parts: WindowParts, command: WindowCommand): Promise<WindowSample> {
  const redisBefore = await parts.readRedisUsage();
  const nodeBefore = await parts.readNodeUsage();
  const load = await parts.generator.runWindow(command);
  const nodeAfter = await parts.readNodeUsage();
  const redisAfter = await parts.readRedisUsage();

  const redis = redisUsageBetween(redisBefore, redisAfter);
  const nodeActiveMillis = nodeAfter.eventLoopActiveMillis - nodeBefore.eventLoopActiveMillis;
  return {
    requests: load.requests,
    durationMillis: load.durationMillis,
    statuses: load.statuses,
    errors: load.errors,
    nodeCpuMicros: nodeAfter.cpuMicros - nodeBefore.cpuMicros,
    // Against the load's own duration: the idle moments while the command travels would make a full node look free.
    nodeEventLoopUtilisation: Math.min(1, Math.max(0, nodeActiveMillis / load.durationMillis)),
    redisCpuMicros: redis.cpuMicros,
    redisCommands: redis.commands,
    redisNetworkBytes: redis.networkBytes,
    generatorCpuMicros: load.generatorCpuMicros,
    generatorEventLoopUtilisation: load.generatorEventLoopUtilisation,
    latencyHistogram: load.latencyHistogram,
  };
}
