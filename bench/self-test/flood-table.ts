/** What a flood did to each node, judged by printed rules: whether its memory grows, how late it answers, and with what. */

import { countedStatuses, duration, fixed, signed } from '../report/format.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { type GrowthPoint, type GrowthShape, growthOf } from '../statistics/growth.ts';
import { meanInterval } from '../statistics/interval.ts';
import { largest, median } from '../statistics/quantiles.ts';
import type { FloodCount, FloodKind } from '../workload/flood-load.ts';

/** One look at a node under the flood. */
export interface FloodSample {
  /** Since the beginning of the flood. */
  readonly atMillis: number;
  /** Garbage collected. */
  readonly liveBytes: number;
  readonly rssBytes: number;
  /** Since the look before, as the node's own `/metrics` tell; the timer that measures it rings every 10 ms. */
  readonly loopP99Millis: number;
}

export interface FloodRow {
  readonly name: string;
  readonly samples: readonly FloodSample[];
  readonly counts: ReadonlyMap<FloodKind, FloodCount>;
  readonly heldBack: number;
}

export interface FloodVerdict {
  readonly name: string;
  readonly heap: GrowthShape;
  readonly rss: GrowthShape;
  readonly longestMillis: number;
  /** What is wrong, in words; empty where nothing is. */
  readonly faults: readonly string[];
}

/** Parts of the flood, each of which is one point of the growth. */
const parts = 6;
const mebibyte = 1_048_576;
/** Of the first part. A node that keeps a kilobyte of each request would have exceeded that in a minute. */
const tolerances = {
  heap: { absolute: 2 * mebibyte, share: 0.05 },
  rss: { absolute: 16 * mebibyte, share: 0.1 },
} as const;

export const growthRule = `Memory is looked at over the flood's ${parts} equal parts, after a warm-up of one more: *flat* is within ${fixed(
  tolerances.heap.absolute / mebibyte,
  0,
)} MiB or 5 % of the first part for the live heap, ${fixed(
  tolerances.rss.absolute / mebibyte,
  0,
)} MiB or 10 % for what the system has given; a node is at fault whose live heap grows linearly or faster.`;

const wanted: Readonly<Record<FloodKind, string>> = {
  login: '200',
  'wrong password': '401',
  logout: '204',
  'bad credential': '401',
  'revoked credential': '401',
  'good credential': '200',
};

/** Kinds whose answer depends on when and on what the strategy promises. */
const unjudged: ReadonlySet<FloodKind> = new Set(['revoked credential', 'good credential']);

export function verdictOf(
  row: FloodRow,
  { deadlineMillis, checks }: { deadlineMillis: number; checks: boolean },
): FloodVerdict {
  const heap = growthOf(
    pointsOf(row.samples, ({ liveBytes }) => liveBytes),
    tolerances.heap,
  ).shape;
  const rss = growthOf(
    pointsOf(row.samples, ({ rssBytes }) => rssBytes),
    tolerances.rss,
  ).shape;
  const longestMillis = Math.max(0, ...[...row.counts.values()].map((count) => count.longestMillis));
  const odd = [...row.counts].flatMap(([kind, { statuses }]) => {
    const others = Object.entries(statuses).filter(([status]) => isOdd(kind, status, checks));
    return others.length === 0 ? [] : [`${kind}: ${countedStatuses(Object.fromEntries(others))}`];
  });
  const grows = heap === 'linear' || heap === 'faster than linear';
  return {
    name: row.name,
    heap,
    rss,
    longestMillis,
    faults: [
      ...(grows ? [`its live heap grows (${heap})`] : []),
      ...(longestMillis > deadlineMillis ? [`somebody waited for ${duration(longestMillis)}`] : []),
      ...odd,
      ...(row.heldBack === 0
        ? []
        : [`${fixed(row.heldBack, 0)} requests were not sent, because too many were waiting`]),
    ],
  };
}

function isOdd(kind: FloodKind, status: string, checks: boolean): boolean {
  if (status === '0' || status.startsWith('5')) return true;
  if (unjudged.has(kind) || (kind === 'bad credential' && !checks)) return false;
  return status !== wanted[kind];
}

/** Means over the parts that follow the warm-up, each with its interval. */
function pointsOf(samples: readonly FloodSample[], figureOf: (sample: FloodSample) => number): GrowthPoint[] {
  const endMillis = Math.max(0, ...samples.map(({ atMillis }) => atMillis));
  const partMillis = endMillis / (parts + 1);
  return Array.from({ length: parts }, (_, index) => index + 1).flatMap((part): GrowthPoint[] => {
    const own = samples.filter(({ atMillis }) => atMillis > part * partMillis && atMillis <= (part + 1) * partMillis);
    const mean = meanInterval(own.map(figureOf));
    return mean === null ? [] : [{ at: (part + 0.5) * partMillis, ...mean }];
  });
}

export function floodText(
  rows: readonly FloodRow[],
  verdicts: readonly FloodVerdict[],
  deadlineMillis: number,
): string {
  const memory = rows.map(({ name, samples }, index) => {
    const [first, last] = [endsOf(samples, 'liveBytes'), endsOf(samples, 'rssBytes')];
    const lags = samples.map(({ loopP99Millis }) => loopP99Millis);
    const { heap, rss, longestMillis } = verdicts[index] ?? { heap: '', rss: '', longestMillis: 0 };
    return [
      name,
      first,
      heap,
      last,
      rss,
      `${duration(median(lags))}, ${duration(largest(lags))}`,
      duration(longestMillis),
    ];
  });
  const answers = rows.map(({ name, counts }) => [
    name,
    ...Object.keys(wanted).map((kind) => countedStatuses(counts.get(kind as FloodKind)?.statuses ?? {})),
  ]);
  const faults = verdicts.filter((verdict) => verdict.faults.length > 0);
  return [
    `Memory of each node from the first to the last part, in MiB; the 99th percentile of its event loop's delay (the timer's own 10 ms included) between two looks, median and worst; the longest answer, which may take ${duration(deadlineMillis)}.`,
    markdownTable(
      ['strategy', 'live heap', 'grows', 'given by the system', 'grows', 'loop delay p99', 'longest answer'],
      memory,
      'texts',
    ),
    growthRule,
    'Answers by status. A good credential may have expired (401); what a revoked one is answered is what its strategy promises.',
    markdownTable(['strategy', ...Object.keys(wanted)], answers, 'texts'),
    faults.length === 0
      ? 'Nothing is wrong with any of them.'
      : faults.map((verdict) => `${verdict.name}: ${verdict.faults.join('; ')}.`).join('\n'),
  ].join('\n\n');
}

function endsOf(samples: readonly FloodSample[], figure: 'liveBytes' | 'rssBytes'): string {
  const points = pointsOf(samples, (sample) => sample[figure]);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return 'too few looks';
  const change = signed((last.estimate - first.estimate) / mebibyte, 1);
  return `${fixed(first.estimate / mebibyte, 1)} to ${fixed(last.estimate / mebibyte, 1)} (${change})`;
}
