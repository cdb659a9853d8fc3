/** A sweep as results: every level folded as a run of its own, and what the figures do from one level to the next. */

import type { RunRecord } from '../../record/reader.ts';
import { type RunStarted, referenceContestant } from '../../record/run-events.ts';
import { type Crossover, crossoversOf, type Growth, type GrowthPoint, growthOf } from '../../statistics/growth.ts';
import type { Warning } from '../../statistics/warnings.ts';
import { measuredValue } from './figure.ts';
import type { LinkSummary } from './link.ts';
import { noMeasures } from './measures.ts';
import type { Results } from './results.ts';
import { type Reading, type SweepFigureName, sweepFigureNames, sweepFigures } from './sweep-figures.ts';

export type Sweep = NonNullable<RunStarted['scenario']['sweep']>;
export type SweepFactor = Sweep['factor'];

/** What is measured at every level alike. */
export type LevelResults = Pick<
  Results,
  | 'validity'
  | 'warnings'
  | 'noiseFloor'
  | 'contestants'
  | 'costComparisons'
  | 'tradeOff'
  | 'mistakes'
  | 'measures'
  | 'delivery'
>;

export interface SweepLevel {
  readonly level: number;
  /** Where it lies on the axis: the level, or the time that the link was measured to add at the median, milliseconds. */
  readonly at: number;
  /** Null where nodes reach Redis without a link in between. */
  readonly link: LinkSummary | null;
  /** Contestants that were left out because their logins were refused, for what the users of this level have. */
  readonly refusedLogins: readonly { readonly contestant: string; readonly claims: string; readonly status: number }[];
  readonly noiseFloor: Results['noiseFloor'];
  readonly contestants: Results['contestants'];
  readonly costComparisons: Results['costComparisons'];
  readonly tradeOff: Results['tradeOff'];
  readonly measures: Results['measures'];
  readonly delivery: Results['delivery'];
}

export interface SweepResults {
  readonly factor: SweepFactor;
  readonly levels: readonly SweepLevel[];
  /** Only those that were measured at some level. */
  readonly figures: readonly SweepFigureResults[];
}

export interface SweepFigureResults {
  readonly figure: SweepFigureName;
  /** Without the reference, which is part of the figure; in the scenario's order. */
  readonly contestants: readonly {
    readonly contestant: string;
    /** As many as there are levels. */
    readonly readings: readonly (Reading | null)[];
    /** Null where the figure has no interval. */
    readonly growth: Growth | null;
  }[];
  readonly crossovers: readonly (Crossover & { readonly left: string; readonly right: string })[];
}

/** `fold` gives the results of one level; the whole run is what they are together. */
export function summariseSweep(
  record: RunRecord,
  sweep: Sweep,
  fold: (level: RunRecord) => LevelResults,
): LevelResults & { readonly sweep: SweepResults } {
  const folded = sweep.levels.map((level) => {
    const own = recordAt(record, level);
    const results = fold(own);
    const { link } = results.measures;
    const isDistanceSwept = sweep.factor === 'added-rtt-millis' && link !== null;
    const refusedLogins = own.events
      .filter((event) => event.type === 'LoginRefused')
      .map(({ contestant, claims, status }) => ({ contestant, claims, status }));
    return { level, link, at: isDistanceSwept ? link.addedMicros.p50 / 1_000 : level, refusedLogins, results };
  });
  const levels = folded.map(({ level, link, at, refusedLogins, results }): SweepLevel => {
    const { noiseFloor, contestants, costComparisons, tradeOff, measures, delivery } = results;
    return { level, at, link, refusedLogins, noiseFloor, contestants, costComparisons, tradeOff, measures, delivery };
  });
  return {
    validity: validityOf(folded.map(({ results }) => results.validity)),
    warnings: warningsOf(folded.map(({ level, results }) => ({ level, warnings: results.warnings }))),
    noiseFloor: { nodeCpuMicros: null, throughputRatio: null },
    contestants: [],
    costComparisons: [],
    tradeOff: null,
    mistakes: [],
    measures: noMeasures,
    delivery: { idle: null, loaded: null },
    sweep: { factor: sweep.factor, levels, figures: figuresOf(levels, sweep.factor) },
  };
}

/** The record as if the level had been the run. */
function recordAt(record: RunRecord, level: number): RunRecord {
  return { ...record, events: record.events.filter((event) => event.level === level || event.type === 'RunEnded') };
}

function validityOf(validities: readonly Results['validity'][]): Results['validity'] {
  const invalid = validities.flatMap((validity) => (validity.state === 'invalid' ? [validity] : []));
  if (invalid.length === 0) return { state: 'valid' };
  return {
    state: 'invalid',
    falseAccepts: invalid.flatMap(({ falseAccepts }) => falseAccepts),
    mistakeFaults: invalid.flatMap(({ mistakeFaults }) => mistakeFaults),
  };
}

/** What all levels say of the run is said once; the rest with its level. */
function warningsOf(levels: readonly { readonly level: number; readonly warnings: readonly Warning[] }[]): Warning[] {
  const counts = new Map<string, number>();
  for (const warning of levels.flatMap(({ warnings }) => warnings)) {
    const key = JSON.stringify(warning);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isEverywhere = (warning: Warning) => counts.get(JSON.stringify(warning)) === levels.length;
  const [first] = levels;
  return [
    ...(first?.warnings.filter(isEverywhere) ?? []),
    ...levels.flatMap(({ level, warnings }) =>
      warnings.filter((warning) => !isEverywhere(warning)).map((warning) => ({ ...warning, level })),
    ),
  ];
}

function figuresOf(levels: readonly SweepLevel[], factor: SweepFactor): SweepFigureResults[] {
  const names = levels[0]?.contestants.map(({ contestant }) => contestant) ?? [];
  const compared = names.filter((name) => name !== referenceContestant);
  const followed = sweepFigureNames.filter((figure) => sweepFigures[figure].factors?.includes(factor) ?? true);
  return followed.flatMap((figure) => {
    const { tolerance, isExplanation } = sweepFigures[figure];
    const contestants = compared.map((contestant) => {
      const readings = levels.map((level) => readingAt(level, contestant, figure));
      const points = pointsOf(levels, readings);
      return { contestant, readings, points, growth: points.length === 0 ? null : growthOf(points, tolerance) };
    });
    if (contestants.every(({ readings }) => readings.every((reading) => reading === null))) return [];
    const crossovers = contestants.flatMap((left, index) =>
      contestants.slice(index + 1).flatMap((right) =>
        // Only where both were measured at every level: else the two do not lie at the same places.
        isExplanation !== true && left.points.length === levels.length && right.points.length === levels.length
          ? crossoversOf(left.points, right.points).map((found) => ({
              ...found,
              left: left.contestant,
              right: right.contestant,
            }))
          : [],
      ),
    );
    return [{ figure, contestants: contestants.map(({ points: _points, ...one }) => one), crossovers }];
  });
}

function readingAt({ contestants, measures }: SweepLevel, name: string, figure: SweepFigureName): Reading | null {
  const found = contestants.find(({ contestant }) => contestant === name);
  if (found === undefined) return null;
  const openLoop = measures.openLoop?.find(({ contestant }) => contestant === name);
  const state = measures.state?.find(({ contestant }) => contestant === name);
  const reading = sweepFigures[figure].read(found, {
    openLoop: openLoop === undefined ? null : measuredValue(openLoop.latency),
    state: state === undefined ? null : measuredValue(state.state),
  });
  return reading && { estimate: reading.estimate, low: reading.low, high: reading.high };
}

function pointsOf(levels: readonly SweepLevel[], readings: readonly (Reading | null)[]): GrowthPoint[] {
  return levels.flatMap(({ at }, index) => {
    const reading = readings[index];
    if (!reading || reading.low === null || reading.high === null) return [];
    return [{ at, estimate: reading.estimate, low: reading.low, high: reading.high }];
  });
}
