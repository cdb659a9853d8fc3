/** The usual table "JWT vs sessions", each row by what this run measured; *best for* by rules that the report prints. */

import { certainlyDiffers } from '../../statistics/comparison.ts';
import type { Interval } from '../../statistics/interval.ts';
import { measuredValue } from './figure.ts';
import type { CostOfCheck } from './load-results.ts';
import type { MeasureResults } from './measures.ts';
import type { ContestantResults, Results } from './results.ts';
import { type Exposure, exposureOf, type TradeOff } from './trade-off.ts';

/** In the scenario's order, without the reference and what stays logged in for ever. */
export type FolkloreTable = readonly FolkloreLine[];

/** Null where the run did not measure it, or it is void. */
export interface FolkloreLine {
  readonly contestant: string;
  readonly serverState: ServerState | null;
  readonly scalability: Scalability | null;
  readonly revocation: Exposure | null;
  /** Of the claim profiles with the fewest and the most bytes that this strategy's credential was issued for. */
  readonly tokenSize: { readonly smallest: SizeAt; readonly largest: SizeAt } | null;
  /** Empty where others are better for everything that was asked. */
  readonly bestFor: readonly Need[];
}

export interface ServerState {
  /** Sent to Redis by a check. */
  readonly commandsPerCheck: Interval;
  /** Kept in Redis for a session; null where the run did not measure it. */
  readonly redisBytesPerSession: number | null;
}

/**
 * How many nodes, each with one core at work, keep one Redis at work: CPU of the node over that of Redis, per request; by the
 * ends of both intervals, too.
 */
export interface Scalability {
  /** Null where Redis may not have been at work at all. */
  readonly nodesPerRedis: number | null;
  /** Null where Redis was certainly not at work. */
  readonly low: number | null;
  /** Null as the estimate is. */
  readonly high: number | null;
}

export interface SizeAt {
  readonly claims: string;
  readonly requestHeaderBytes: number;
}

/** What people choose by, in the order of the report. */
export const needs = [
  'revoked-at-once',
  'revoked-within-a-second',
  'may-live-on',
  'no-look-up',
  'many-nodes',
  'small-requests',
  'many-claims',
] as const;

export type Need = (typeof needs)[number];

type FolkloreSource = Pick<Results, 'contestants' | 'tradeOff' | 'run'> & { readonly measures: MeasureResults };

/** Fewer commands than this in a check is none: one check in twenty. */
export const noLookUpBelow = 0.05;

/** Null where the scenario puts no row of the table to the test. */
export function folkloreOf({ contestants, measures, tradeOff, run }: FolkloreSource): FolkloreTable | null {
  const { hypotheses = [], revocation } = run.scenario;
  if (!hypotheses.some(({ row }) => row !== undefined)) return null;
  const condition = (revocation?.loadedTrials ?? 0) > 0 ? 'loaded' : 'idle';
  const lines = contestants
    .filter(({ description }) => description?.bound !== 'unbounded')
    .map((own) => ({
      contestant: own.contestant,
      serverState: serverStateOf(own, measures),
      scalability: scalabilityOf(measuredValue(own.cost)),
      revocation: exposureOf(own, condition),
      tokenSize: sizesOf(own),
    }));
  const best = bestOf(lines, contestants, tradeOff);
  return lines.map((line) => ({ ...line, bestFor: needs.filter((need) => best[need].includes(line.contestant)) }));
}

function serverStateOf(own: ContestantResults, { state }: MeasureResults): ServerState | null {
  const cost = measuredValue(own.cost);
  if (cost === null) return null;
  const kept = state?.find(({ contestant }) => contestant === own.contestant)?.state;
  return {
    commandsPerCheck: cost.redisCommands,
    redisBytesPerSession: (kept && measuredValue(kept)?.redisBytesPerSession) ?? null,
  };
}

function scalabilityOf(cost: CostOfCheck | null): Scalability | null {
  if (cost === null) return null;
  const { nodeCpuMicrosWhole: node, redisCpuMicros: redis } = cost;
  return {
    nodesPerRedis: redis.low > 0 ? node.estimate / redis.estimate : null,
    low: redis.high > 0 ? node.low / redis.high : null,
    high: redis.low > 0 ? node.high / redis.low : null,
  };
}

function sizesOf(own: ContestantResults): FolkloreLine['tokenSize'] {
  const sizes = (measuredValue(own.tokenSize) ?? [])
    .map(({ claims, requestHeaderBytes }) => ({ claims, requestHeaderBytes }))
    .toSorted((left, right) => left.requestHeaderBytes - right.requestHeaderBytes);
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  return smallest === undefined || largest === undefined ? null : { smallest, largest };
}

type BareLine = Omit<FolkloreLine, 'bestFor'>;

function bestOf(
  lines: readonly BareLine[],
  contestants: readonly ContestantResults[],
  tradeOff: TradeOff | null,
): Readonly<Record<Need, readonly string[]>> {
  const claims = claimsInOrder(contestants);
  return {
    'revoked-at-once': cheapestFor(0, tradeOff),
    'revoked-within-a-second': cheapestFor(1_000, tradeOff),
    'may-live-on': cheapestFor(null, tradeOff),
    'no-look-up': lines
      .filter(({ serverState }) => serverState !== null && serverState.commandsPerCheck.high < noLookUpBelow)
      .map(({ contestant }) => contestant),
    'many-nodes': leastRedisCpu(lines, contestants),
    'small-requests': fewestBytes(contestants, claims[0]),
    'many-claims': fewestBytes(contestants, claims.at(-1)),
  };
}

/** By the decision guide: of those that kept to the need in every trial, all that none of the others certainly undercuts. */
function cheapestFor(needMillis: number | null, tradeOff: TradeOff | null): readonly string[] {
  const row = tradeOff?.guide.findLast(
    (one) => needMillis === null || (one.needMillis !== null && one.needMillis <= needMillis),
  );
  return row?.measured.cheapest ?? [];
}

/** All that no other certainly undercuts (Bonferroni over all pairs). */
function leastRedisCpu(lines: readonly BareLine[], contestants: readonly ContestantResults[]): string[] {
  const spent = contestants.flatMap((own) => {
    const cost = measuredValue(own.cost);
    const isListed = lines.some(({ contestant }) => contestant === own.contestant);
    return cost === null || !isListed ? [] : [{ contestant: own.contestant, micros: cost.redisCpuMicros }];
  });
  const pairs = (spent.length * (spent.length - 1)) / 2;
  return spent
    .filter(({ micros: own }) =>
      spent.every(({ micros: other }) => other.estimate >= own.estimate || !certainlyDiffers(own, other, pairs)),
    )
    .map(({ contestant }) => contestant);
}

/** From the profile with the fewest bytes to that with the most, by the strategy that took the most for it. */
function claimsInOrder(contestants: readonly ContestantResults[]): string[] {
  const most = new Map<string, number>();
  for (const { tokenSize } of contestants) {
    for (const { claims, requestHeaderBytes } of measuredValue(tokenSize) ?? []) {
      most.set(claims, Math.max(most.get(claims) ?? 0, requestHeaderBytes));
    }
  }
  return [...most].toSorted(([, left], [, right]) => left - right).map(([claims]) => claims);
}

function fewestBytes(contestants: readonly ContestantResults[], claims: string | undefined): string[] {
  const sizes = contestants.flatMap(({ contestant, tokenSize }) =>
    (measuredValue(tokenSize) ?? [])
      .filter((size) => size.claims === claims && size.fitsCookie)
      .map(({ requestHeaderBytes }) => ({ contestant, requestHeaderBytes })),
  );
  const fewest = Math.min(...sizes.map(({ requestHeaderBytes }) => requestHeaderBytes));
  return sizes.filter((size) => size.requestHeaderBytes === fewest).map(({ contestant }) => contestant);
}
