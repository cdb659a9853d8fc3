/** The figures that are followed over the levels of a sweep: where each is found, and what counts as no change of it. */

import type { RunStarted } from '../../record/run-events.ts';
import type { Tolerance } from '../../statistics/growth.ts';
import type { MedianInterval } from '../../statistics/interval.ts';
import { type Figure, measuredValue } from './figure.ts';
import type { OpenLoopSummary } from './open-loop.ts';
import type { ContestantResults, RevocationSummary } from './results.ts';
import type { StateSummary } from './state.ts';

export const sweepFigureNames = [
  'nodeCpuMicros',
  'redisCpuMicros',
  'requestsPerTurn',
  'throughputRatio',
  'openLoopP50Micros',
  'openLoopP99Micros',
  'latencyP50Micros',
  'revocationIdleMillis',
  'revocationLoadedMillis',
  'exposureIdleMillis',
  'exposureLoadedMillis',
  'redisBytesPerSession',
  'redisBytesPerEndedSession',
  'nodeBytesPerRevocation',
  'rebuildMillis',
  'rebuildOverBareReading',
  'longestPauseMillis',
  'checkCpuRatio',
  'checkRedisMicros',
  'requestHeaderBytes',
  'authRequestHeaderBytes',
  'loginResponseBytes',
] as const;

export type SweepFigureName = (typeof sweepFigureNames)[number];

/** An estimate; its ends are null where there is no interval, and then no growth is judged. */
export interface Reading {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Of one contestant; null where it was not measured, or is void. */
export interface OwnMeasures {
  readonly openLoop: OpenLoopSummary | null;
  readonly state: StateSummary | null;
}

export interface SweepFigureSource {
  /** Null where it was not measured, or is void. */
  readonly read: (results: ContestantResults, own: OwnMeasures) => Reading | null;
  readonly tolerance: Tolerance;
  /** It explains other figures, and is no merit by which strategies could change places. */
  readonly isExplanation?: true;
  /** Where it is followed; absent: over every factor. */
  readonly factors?: readonly NonNullable<RunStarted['scenario']['sweep']>['factor'][];
}

const micros: Tolerance = { absolute: 2, share: 0.1 };
const wait: Tolerance = { absolute: 50, share: 0.1 };
const millis: Tolerance = { absolute: 1, share: 0.25 };
const bytes: Tolerance = { absolute: 16, share: 0.1 };
const starting: Tolerance = { absolute: 50, share: 0.1 };
const share: Tolerance = { absolute: 0.05, share: 0 };
const sameCheck: Tolerance = { absolute: 0.03, share: 0 };
const turns: Tolerance = { absolute: 0.1, share: 0.1 };
const times: Tolerance = { absolute: 1, share: 0 };

export const sweepFigures: Readonly<Record<SweepFigureName, SweepFigureSource>> = {
  nodeCpuMicros: { read: ({ cost }) => measuredValue(cost)?.nodeCpuMicros ?? null, tolerance: micros },
  redisCpuMicros: { read: ({ cost }) => measuredValue(cost)?.redisCpuMicros ?? null, tolerance: micros },
  requestsPerTurn: {
    read: ({ cost }) => measuredValue(cost)?.requestsPerTurn?.contestant ?? null,
    tolerance: turns,
    isExplanation: true,
    factors: ['connections'],
  },
  throughputRatio: { read: ({ throughput }) => measuredValue(throughput)?.ratioToReference ?? null, tolerance: share },
  openLoopP50Micros: { read: (_, { openLoop }) => openLoop?.p50Micros ?? null, tolerance: wait },
  openLoopP99Micros: { read: (_, { openLoop }) => bare(openLoop?.latencyMicros.p99), tolerance: wait },
  latencyP50Micros: { read: ({ latency }) => bare(measuredValue(latency)?.p50Micros), tolerance: micros },
  revocationIdleMillis: {
    read: ({ revocation }) => medianOf(revocation.idle, 'revocationLatencyMedianMillis'),
    tolerance: millis,
  },
  revocationLoadedMillis: {
    read: ({ revocation }) => medianOf(revocation.loaded, 'revocationLatencyMedianMillis'),
    tolerance: millis,
  },
  exposureIdleMillis: {
    read: ({ revocation }) => medianOf(revocation.idle, 'exposureMedianMillis'),
    tolerance: millis,
  },
  exposureLoadedMillis: {
    read: ({ revocation }) => medianOf(revocation.loaded, 'exposureMedianMillis'),
    tolerance: millis,
  },
  redisBytesPerSession: { read: (_, { state }) => counted(state?.redisBytesPerSession), tolerance: bytes },
  redisBytesPerEndedSession: { read: (_, { state }) => counted(state?.redisBytesPerEndedSession), tolerance: bytes },
  nodeBytesPerRevocation: { read: (_, { state }) => state?.nodeBytesPerRevocation ?? null, tolerance: bytes },
  rebuildMillis: { read: (_, { state }) => state?.rebuildMillis ?? null, tolerance: starting },
  rebuildOverBareReading: { read: (_, { state }) => state?.rebuildOverBareReading ?? null, tolerance: times },
  longestPauseMillis: { read: (_, { state }) => bare(state?.longestPauseMillis.with), tolerance: starting },
  checkCpuRatio: { read: (_, { state }) => state?.checks?.nodeCpuRatio ?? null, tolerance: sameCheck },
  checkRedisMicros: { read: (_, { state }) => state?.checks?.redisCpuMicros ?? null, tolerance: micros },
  requestHeaderBytes: { read: ({ tokenSize }) => sizeOf(tokenSize, 'requestHeaderBytes'), tolerance: bytes },
  authRequestHeaderBytes: { read: ({ tokenSize }) => sizeOf(tokenSize, 'authRequestHeaderBytes'), tolerance: bytes },
  loginResponseBytes: { read: ({ tokenSize }) => sizeOf(tokenSize, 'loginResponseBytes'), tolerance: bytes },
};

/** A level sizes one profile; none where the login was refused. */
function sizeOf(figure: ContestantResults['tokenSize'], part: SizedPart): Reading | null {
  return counted(measuredValue(figure)?.[0]?.[part]);
}

type SizedPart = 'requestHeaderBytes' | 'authRequestHeaderBytes' | 'loginResponseBytes';

function medianOf(
  figure: Figure<RevocationSummary>,
  which: 'revocationLatencyMedianMillis' | 'exposureMedianMillis',
): MedianInterval | null {
  return measuredValue(figure)?.[which] ?? null;
}

/** Counted, so that it is its own interval. */
function counted(value: number | null | undefined): Reading | null {
  return value === undefined || value === null ? null : { estimate: value, low: value, high: value };
}

function bare(value: number | null | undefined): Reading | null {
  return value === undefined || value === null ? null : { estimate: value, low: null, high: null };
}
