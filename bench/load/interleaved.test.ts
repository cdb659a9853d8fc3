/** Two windows in slices: whose turn it is, what is read when, and what is added up. */

import { describe, expect, it } from 'vitest';
import type { LoadResult } from './closed-loop.ts';
import { type InterleavedParts, measureInterleaved, type Side } from './interleaved.ts';

const load: LoadResult = {
  requests: 1_000,
  durationMillis: 400,
  statuses: { '200': 1_000 },
  errors: 0,
  generatorCpuMicros: 80_000,
  generatorEventLoopUtilisation: 0.5,
  latencyHistogram: 'encoded',
};

/** A reading of a node that has spent so much on each request since the last one. */
function nodeThat(name: string, microsPerRequest: number, order: string[]): Side['readNodeUsage'] {
  let reads = 0;
  return async () => {
    order.push(name);
    const read = reads++;
    const answered = 100 * read;
    return {
      cpuMicros: 5_000 + answered * microsPerRequest,
      eventLoopActiveMillis: 9 * read,
      eventLoopIdleMillis: read,
      rssBytes: 1,
      // Every reading is a request, too.
      requests: 50 + answered + read,
      atMillis: 1_000 + 10 * read,
    };
  };
}

function lab(order: string[], fails = false) {
  let redisReads = 0;
  const generator: InterleavedParts['generator'] = {
    async startTurns(targets) {
      order.push(`start ${targets.length}`);
    },
    async turnTo(target) {
      order.push(`turn ${target}`);
    },
    async stopLoad() {
      order.push('stop');
      return fails ? [] : [load, { ...load, errors: 1 }];
    },
  };
  const parts: InterleavedParts = {
    generator,
    async readRedisUsage() {
      const read = redisReads++;
      return { cpuMicros: 900 * read, commands: 11 * read, networkBytes: 3_000 * read, readingBytes: 2_000, reads: 1 };
    },
  };
  const side = (name: string, micros: number): Side => ({
    baseUrl: `http://${name}`,
    path: '/',
    connections: 1,
    credentialsKey: name,
    readNodeUsage: nodeThat(name, micros, order),
  });
  const plan = { sides: [side('a', 80), side('b', 40)] as const, windowMillis: 3, rampMillis: 1, sliceMillis: 1 };
  return { parts, plan };
}

describe('two windows in slices', () => {
  it('take turns, beginning by turns, and are read twice in each slice but those of the ramp', async () => {
    const order: string[] = [];
    const { parts, plan } = lab(order);
    await measureInterleaved(parts, plan);
    const ramp = ['turn 0', 'turn 1'];
    const slices = (...sides: readonly (0 | 1)[]) =>
      sides.flatMap((side) => [`turn ${side}`, ...(side === 0 ? ['a', 'a'] : ['b', 'b'])]);
    expect(order).toEqual(['start 2', ...ramp, ...slices(0, 1), ...slices(1, 0), ...slices(0, 1), 'stop']);
  });

  it('are each the sum of their slices, the readings taken off', async () => {
    const { parts, plan } = lab([]);
    const [first, second] = await measureInterleaved(parts, plan);
    expect(first).toEqual({
      ...load,
      requests: 300,
      durationMillis: 30,
      nodeCpuMicros: 300 * 80,
      nodeEventLoopUtilisation: 0.9,
      redisCpuMicros: 2_700,
      redisCommands: 30,
      redisNetworkBytes: 3_000,
    });
    expect(second).toMatchObject({ requests: 300, nodeCpuMicros: 300 * 40, errors: 1 });
  });

  it('leave no load behind when a reading fails, or nothing is told of it', async () => {
    const order: string[] = [];
    const { parts, plan } = lab(order);
    const gone = { ...parts, readRedisUsage: () => Promise.reject(new Error('gone')) };
    await expect(measureInterleaved(gone, plan)).rejects.toThrow('gone');
    expect(order.at(-1)).toBe('stop');
    await expect(measureInterleaved(lab([], true).parts, plan)).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
  });
});
