/** Adds up what node and Redis have used between pairs of readings, both taken while a load flows. */

import type { NodeUsage } from '../environment/environment.ts';
import { type RedisUsage, redisUsageBetween } from '../environment/redis-usage.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { LoadResult } from './closed-loop.ts';

export type Reading = readonly [RedisUsage, NodeUsage];

export class WindowMeter {
  #requests = 0;
  #durationMillis = 0;
  #nodeCpuMicros = 0;
  #activeMillis = 0;
  #idleMillis = 0;
  #redisCpuMicros = 0;
  #redisCommands = 0;
  #redisNetworkBytes = 0;

  add([redisBefore, nodeBefore]: Reading, [redisAfter, nodeAfter]: Reading): void {
    const redis = redisUsageBetween(redisBefore, redisAfter);
    // Each reading counts itself: of the two, one lies in between.
    this.#requests += nodeAfter.requests - nodeBefore.requests - 1;
    this.#durationMillis += nodeAfter.atMillis - nodeBefore.atMillis;
    this.#nodeCpuMicros += nodeAfter.cpuMicros - nodeBefore.cpuMicros;
    this.#activeMillis += nodeAfter.eventLoopActiveMillis - nodeBefore.eventLoopActiveMillis;
    this.#idleMillis += nodeAfter.eventLoopIdleMillis - nodeBefore.eventLoopIdleMillis;
    this.#redisCpuMicros += redis.cpuMicros;
    this.#redisCommands += redis.commands;
    this.#redisNetworkBytes += redis.networkBytes;
  }

  /** Together with what the generator saw of the whole load. */
  sample(load: LoadResult): WindowSample {
    return {
      requests: this.#requests,
      durationMillis: this.#durationMillis,
      statuses: load.statuses,
      errors: load.errors,
      nodeCpuMicros: this.#nodeCpuMicros,
      nodeEventLoopUtilisation: Math.min(1, this.#activeMillis / Math.max(this.#activeMillis + this.#idleMillis, 1)),
      redisCpuMicros: this.#redisCpuMicros,
      redisCommands: this.#redisCommands,
      redisNetworkBytes: this.#redisNetworkBytes,
      generatorCpuMicros: load.generatorCpuMicros,
      generatorEventLoopUtilisation: load.generatorEventLoopUtilisation,
      latencyHistogram: load.latencyHistogram,
    };
  }
}
