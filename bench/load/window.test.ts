/** A window as it is recorded: differences of counters around a load. */

import { describe, expect, it } from 'vitest';
import type { LoadResult } from './closed-loop.ts';
import { measureWindow } from './window.ts';

const load: LoadResult = {
  requests: 1_000,
  durationMillis: 400,
  statuses: { '200': 1_000 },
  errors: 0,
  generatorCpuMicros: 80_000,
  generatorEventLoopUtilisation: 0.5,
  latencyHistogram: 'encoded',
};

const command = {
  baseUrl: 'http://127.0.0.1:1',
  path: '/',
  connections: 1,
  credentialsKey: 'k',
  durationMillis: 1,
  rampMillis: 1,
};

function partsWith(activeMillis: number, order: string[] = []) {
  let nodeReads = 0;
  let redisReads = 0;
  return {
    generator: {
      async startLoad() {
        order.push('start');
      },
      async stopLoad() {
        order.push('stop');
        return [load];
      },
    },
    async readNodeUsage() {
      order.push('node');
      const after = nodeReads++;
      return {
        cpuMicros: 5_000 + after * 300_000,
        eventLoopActiveMillis: 70 + after * activeMillis,
        eventLoopIdleMillis: 1_000 + after * 150,
        rssBytes: 1,
        requests: 50 + after * 951,
        atMillis: 1_000 + after * 410,
      };
    },
    async readRedisUsage() {
      order.push('redis');
      const after = redisReads++;
      return {
        cpuMicros: 10 + after * 9_000,
        commands: 3 + after * 1_001,
        reads: 3 + after * 1_001,
        networkBytes: 7 + after * 66_000,
        readingBytes: 2_000,
      };
    },
  };
}

describe('measureWindow', () => {
  it('reads node and Redis twice while the load flows, and takes the readings themselves off', async () => {
    const order: string[] = [];
    const sample = await measureWindow(partsWith(450, order), command);
    expect(order).toEqual(['start', 'redis', 'node', 'redis', 'node', 'stop']);
    expect(sample).toEqual({
      ...load,
      requests: 950,
      durationMillis: 410,
      nodeCpuMicros: 300_000,
      nodeEventLoopUtilisation: 0.75,
      redisCpuMicros: 9_000,
      redisCommands: 1_000,
      redisNetworkBytes: 64_000,
    });
  });

  it('stops the load when a reading fails', async () => {
    const order: string[] = [];
    const parts = { ...partsWith(450, order), readNodeUsage: () => Promise.reject(new Error('the node is gone')) };
    await expect(measureWindow(parts, command)).rejects.toThrow('the node is gone');
    expect(order.at(-1)).toBe('stop');
  });
});
