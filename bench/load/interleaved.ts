/**
 * Two windows at once, in slices of some milliseconds that take turns: a shared machine is fast and slow by turns of tens
 * of milliseconds, and what lasts longer than a slice meets both alike.
 */

import { AuthlabError } from '../../src/kernel/errors.ts';
import type { NodeUsage } from '../environment/environment.ts';
import { type RedisUsage, redisUsageBetween } from '../environment/redis-usage.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { Turning } from './alternate.ts';
import type { LoadResult } from './closed-loop.ts';
import type { KeyedTarget } from './protocol.ts';

export interface InterleavedParts {
  readonly generator: {
    startTurns(targets: readonly KeyedTarget[]): Promise<void>;
    alternate(turning: Turning): Promise<readonly number[]>;
    stopLoad(): Promise<readonly LoadResult[]>;
  };
  readonly readRedisUsage: () => Promise<RedisUsage>;
}

export interface Side extends KeyedTarget {
  readonly readNodeUsage: () => Promise<NodeUsage>;
}

export interface InterleavedWindows {
  /** The first of them begins. */
  readonly sides: readonly [Side, Side];
  /** Which side's requests Redis works for; the other's never ask it anything. */
  readonly asking: 0 | 1;
  /** What Redis does while nobody asks. */
  readonly redisBackground: RedisBackground;
  /** Of each side, all its slices together. */
  readonly windowMillis: number;
  /** Of each side, in slices before the first reading. */
  readonly rampMillis: number;
  readonly sliceMillis: number;
}

/** Work of Redis per millisecond that no request is to blame for: the nodes' beats, and Redis' own upkeep. */
export interface RedisBackground {
  readonly cpuMicros: number;
  readonly commands: number;
  readonly networkBytes: number;
}

/** Counters of Redis, the first side and the second, all read while no request is under way. */
type Reading = readonly [RedisUsage, NodeUsage, NodeUsage];

/**
 * The connections of both sides stand from the first slice to the last. Counters are read before and after all slices, when
 * every request has its answer: so nothing is charged to the wrong side, and nothing is read under load. Returns the samples
 * in the order of the sides.
 */
export async function measureInterleaved(
  parts: InterleavedParts,
  windows: InterleavedWindows,
): Promise<readonly [WindowSample, WindowSample]> {
  const { generator } = parts;
  const { sides, windowMillis, rampMillis, sliceMillis } = windows;
  const read = (): Promise<Reading> =>
    Promise.all([parts.readRedisUsage(), sides[0].readNodeUsage(), sides[1].readNodeUsage()]);
  await generator.startTurns(
    sides.map(({ baseUrl, path, connections, credentialsKey }) => ({ baseUrl, path, connections, credentialsKey })),
  );
  let readings: readonly [Reading, Reading];
  let sendingMillis: readonly number[];
  try {
    await generator.alternate({ sliceMillis, sendMillis: rampMillis });
    const before = await read();
    sendingMillis = await generator.alternate({ sliceMillis, sendMillis: windowMillis });
    readings = [before, await read()];
  } catch (error) {
    await generator.stopLoad();
    throw error;
  }
  const loads = await generator.stopLoad();
  const sample = (side: 0 | 1): WindowSample => {
    const [load, sending] = [loads[side], sendingMillis[side]];
    if (load === undefined || sending === undefined) {
      throw new AuthlabError('ERR_PART_CRASHED', 'the load generator reported nothing of a window');
    }
    return sampleOf(readings, windows, { side, load, sendingMillis: sending });
  };
  return [sample(0), sample(1)];
}

interface Sent {
  readonly side: 0 | 1;
  readonly load: LoadResult;
  /** In the slices between the readings. */
  readonly sendingMillis: number;
}

function sampleOf(
  [before, after]: readonly [Reading, Reading],
  { asking, redisBackground }: InterleavedWindows,
  { side, load, sendingMillis }: Sent,
): WindowSample {
  const [nodeBefore, nodeAfter] = side === 0 ? [before[1], after[1]] : [before[2], after[2]];
  const redis = redisUsageBetween(before[0], after[0]);
  const wholeMillis = nodeAfter.atMillis - nodeBefore.atMillis;
  const otherMillis = wholeMillis - sendingMillis;
  const redisShare = (counter: keyof RedisBackground) =>
    side === asking
      ? redis[counter] - redisBackground[counter] * otherMillis
      : redisBackground[counter] * sendingMillis;
  return {
    // Each reading counts itself: of the two, one lies in between.
    requests: nodeAfter.requests - nodeBefore.requests - 1,
    durationMillis: sendingMillis,
    otherTurnsMillis: Math.max(0, otherMillis),
    statuses: load.statuses,
    errors: load.errors,
    nodeCpuMicros: nodeAfter.cpuMicros - nodeBefore.cpuMicros,
    nodeEventLoopUtilisation: Math.min(
      1,
      (nodeAfter.eventLoopActiveMillis - nodeBefore.eventLoopActiveMillis) / Math.max(sendingMillis, 1),
    ),
    ...turnsBetween(nodeBefore, nodeAfter),
    redisCpuMicros: redisShare('cpuMicros'),
    redisCommands: redisShare('commands'),
    redisNetworkBytes: redisShare('networkBytes'),
    generatorCpuMicros: load.generatorCpuMicros,
    generatorEventLoopUtilisation: load.generatorEventLoopUtilisation,
    latencyHistogram: load.latencyHistogram,
  };
}

function turnsBetween(before: NodeUsage, after: NodeUsage): Pick<WindowSample, 'nodeEventLoopTurns'> {
  if (before.eventLoopTurns === undefined || after.eventLoopTurns === undefined) return {};
  return { nodeEventLoopTurns: after.eventLoopTurns - before.eventLoopTurns };
}
