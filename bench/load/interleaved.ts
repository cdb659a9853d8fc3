/**
 * Two windows at once, in slices of some milliseconds that take turns: the machine is fast and slow by turns of seconds
 * and tenths of seconds, and what lasts longer than a slice meets both alike.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { NodeUsage } from '../environment/environment.ts';
import type { RedisUsage } from '../environment/redis-usage.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { LoadResult } from './closed-loop.ts';
import type { KeyedTarget } from './protocol.ts';
import { type Reading, WindowMeter } from './window-meter.ts';

/**
 * From the first requests of a turn to the first reading: they come all at once, and what they will ask of Redis is still
 * to come when the node has counted them.
 */
const settleMillis = 5;

export interface InterleavedParts {
  readonly generator: {
    startTurns(targets: readonly KeyedTarget[]): Promise<void>;
    turnTo(target: number | null): Promise<void>;
    stopLoad(): Promise<readonly LoadResult[]>;
  };
  readonly readRedisUsage: () => Promise<RedisUsage>;
}

export interface Side extends KeyedTarget {
  readonly readNodeUsage: () => Promise<NodeUsage>;
}

export interface InterleavedWindows {
  /** The first of them begins; who begins alternates from couple to couple of slices. */
  readonly sides: readonly [Side, Side];
  /** Of each side, all its slices together. */
  readonly windowMillis: number;
  /** Of each side, in slices before the first reading. */
  readonly rampMillis: number;
  readonly sliceMillis: number;
}

/** The connections of both sides stand from the first slice to the last. Returns the samples in the order of the sides. */
export async function measureInterleaved(
  { generator, readRedisUsage }: InterleavedParts,
  { sides, windowMillis, rampMillis, sliceMillis }: InterleavedWindows,
): Promise<readonly [WindowSample, WindowSample]> {
  const meters = [new WindowMeter(), new WindowMeter()] as const;
  const slice = async (side: 0 | 1, meter: WindowMeter | null): Promise<void> => {
    const read = (): Promise<Reading> => Promise.all([readRedisUsage(), sides[side].readNodeUsage()]);
    await generator.turnTo(side);
    await pause(settleMillis);
    const before = meter === null ? null : await read();
    await pause(sliceMillis);
    if (before !== null) meter?.add(before, await read());
  };
  const couples = async (count: number, isMeasured: boolean): Promise<void> => {
    for (let couple = 0; couple < count; couple += 1) {
      for (const side of couple % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        await slice(side, isMeasured ? meters[side] : null);
      }
    }
  };
  await generator.startTurns(
    sides.map(({ baseUrl, path, connections, credentialsKey }) => ({ baseUrl, path, connections, credentialsKey })),
  );
  try {
    await couples(Math.ceil(rampMillis / sliceMillis), false);
    await couples(Math.max(1, Math.round(windowMillis / sliceMillis)), true);
  } catch (error) {
    await generator.stopLoad();
    throw error;
  }
  const [first, second] = await generator.stopLoad();
  if (first === undefined || second === undefined) {
    throw new AuthlabError('ERR_PART_CRASHED', 'the load generator reported nothing of a window');
  }
  return [meters[0].sample(first), meters[1].sample(second)];
}
