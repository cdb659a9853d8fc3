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
    const answered = 300 * read;
    return {
      cpuMicros: 5_000 + answered * microsPerRequest,
      eventLoopActiveMillis: 27 * read,
      eventLoopIdleMillis: 23 * read,
      ...(name === 'a' ? { eventLoopTurns: 7 + 120 * read } : {}),
      rssBytes: 1,
      // Every reading is a request, too.
      requests: 50 + answered + read,
      atMillis: 1_000 + 50 * read,
    };
  };
}

function lab(order: string[], fails = false) {
  let redisReads = 0;
  const generator: InterleavedParts['generator'] = {
    async startTurns(targets) {
      order.push(`start ${targets.length}`);
    },
    async alternate({ sendMillis, sliceMillis }) {
      order.push(`${sendMillis} ms by ${sliceMillis}`);
      return [30, 20];
    },
    async stopLoad() {
      order.push('stop');
      return fails ? [] : [load, { ...load, errors: 1 }];
    },
  };
  const parts: InterleavedParts = {
    generator,
    async readRedisUsage() {
      order.push('redis');
      const read = redisReads++;
      return {
        cpuMicros: 2_900 * read,
        commands: 311 * read,
        networkBytes: 9_000 * read,
        readingBytes: 2_000,
        reads: 1,
      };
    },
  };
  const side = (name: string, micros: number): Side => ({
    baseUrl: `http://${name}`,
    path: '/',
    connections: 1,
    credentialsKey: name,
    readNodeUsage: nodeThat(name, micros, order),
  });
  const plan = {
    sides: [side('a', 80), side('b', 40)] as const,
    asking: 0 as const,
    redisBackground: { cpuMicros: 2, commands: 0.2, networkBytes: 10 },
    windowMillis: 30,
    rampMillis: 20,
    sliceMillis: 10,
  };
  return { parts, plan };
}

describe('two windows in slices', () => {
  it('are read before and after all slices but those of the ramp', async () => {
    const order: string[] = [];
    const { parts, plan } = lab(order);
    await measureInterleaved(parts, plan);
    const reading = ['redis', 'a', 'b'];
    expect(order).toEqual(['start 2', '20 ms by 10', ...reading, '30 ms by 10', ...reading, 'stop']);
  });

  it('are told apart, the readings taken off, and Redis by what it does unasked', async () => {
    const { parts, plan } = lab([]);
    const [first, second] = await measureInterleaved(parts, plan);
    expect(first).toEqual({
      ...load,
      requests: 300,
      durationMillis: 30,
      otherTurnsMillis: 20,
      nodeCpuMicros: 300 * 80,
      nodeEventLoopUtilisation: 0.9,
      nodeEventLoopTurns: 120,
      // 50 ms in all, 20 of them not its turn.
      redisCpuMicros: 2_900 - 2 * 20,
      redisCommands: 310 - 0.2 * 20,
      redisNetworkBytes: 7_000 - 10 * 20,
    });
    expect(second).toMatchObject({ requests: 300, durationMillis: 20, nodeCpuMicros: 300 * 40, errors: 1 });
    expect(second).toMatchObject({ nodeEventLoopUtilisation: 1, redisCpuMicros: 40, redisCommands: 4 });
    // Its Node does not count them.
    expect(second).not.toHaveProperty('nodeEventLoopTurns');
  });

  it('give what Redis did to the side that asks it', async () => {
    const { parts, plan } = lab([]);
    const [first, second] = await measureInterleaved(parts, { ...plan, asking: 1 });
    expect([first.redisCommands, second.redisCommands]).toEqual([0.2 * 30, 310 - 0.2 * 30]);
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
