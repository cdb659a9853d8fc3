/** The trade-off: what a check costs against how long a revoked credential lives on, and who is on the frontier of both. */

import type { RunStarted } from '../../record/run-events.ts';
import { certainlyDiffers } from '../../statistics/comparison.ts';
import type { Interval, MedianInterval } from '../../statistics/interval.ts';
import { type DecisionGuide, guideOf } from './decision-guide.ts';
import { type Figure, measuredValue } from './figure.ts';
import type { CostComparison } from './load-results.ts';
import type { MeasureResults } from './measures.ts';
import type { ContestantResults } from './results.ts';

/** What is paid: CPU of the node; over a distance to Redis, which CPU hides, the time that requests wait longer. */
export type PriceName = 'nodeCpuMicros' | 'openLoopOverReferenceMicros';

export interface TradeOff {
  readonly price: PriceName;
  /** Of the trials that `exposure` tells of: under load where that was measured. */
  readonly condition: 'idle' | 'loaded';
  /** In the scenario's order; only strategies of which both were measured. */
  readonly points: readonly TradeOffPoint[];
  /** Those of which one or the other is void, or was not measured. */
  readonly leftOut: readonly string[];
  /** On the frontier as far as this run can tell, the cheapest last. Those that it cannot tell are not among them. */
  readonly frontier: readonly string[];
  /**
   * The frontier as it is drawn, from the shortest exposure to the longest: of all that are not certainly off it, those that
   * no other undercuts by the estimates.
   */
  readonly outline: readonly string[];
  readonly guide: DecisionGuide;
}

export interface TradeOffPoint {
  readonly contestant: string;
  /** Microseconds a request, less the reference. */
  readonly price: Interval;
  readonly exposure: Exposure;
  /** Whether a warning leaves less behind the price or the exposure. */
  readonly isWeakened: boolean;
  /**
   * `dominated`: another certainly costs less and neither promises nor showed a longer exposure. `frontier`: none does, and
   * none may. `cannot tell`: one may.
   */
  readonly standing: 'frontier' | 'dominated' | 'cannot tell';
  /** Who certainly (dominated), or perhaps (cannot tell), leaves no reason to choose this one. */
  readonly by: readonly string[];
}

export type Exposure =
  | {
      readonly kind: 'measured';
      readonly medianMillis: MedianInterval;
      readonly maxMillis: number;
      /** In every undisturbed condition. */
      readonly longestMillis: number;
      readonly trials: number;
      /** What is published. */
      readonly boundMillis: number;
    }
  /** Not revocable: as long as the credential would have lived anyway. */
  | {
      readonly kind: 'until-expiry';
      /** Of the trials that watched it expire: what was left at the logout, leeway included, at most; null without any. */
      readonly lifetimeMillis: number | null;
    };

interface TradeOffSource {
  readonly contestants: readonly ContestantResults[];
  readonly costComparisons: readonly CostComparison[];
  readonly measures: MeasureResults;
  readonly scenario: RunStarted['scenario'];
}

/** Null where not both were asked for, or fewer than two strategies have both. */
export function tradeOffOf(source: TradeOffSource): TradeOff | null {
  const { contestants, measures, scenario } = source;
  if (scenario.revocation === undefined) return null;
  const price: PriceName =
    measures.openLoop !== null && (scenario.sweep?.factor === 'added-rtt-millis' || scenario.throughput === undefined)
      ? 'openLoopOverReferenceMicros'
      : 'nodeCpuMicros';
  const condition = (scenario.revocation?.loadedTrials ?? 0) > 0 ? 'loaded' : 'idle';
  const strategies = contestants.filter(({ description }) => description?.bound !== 'unbounded');
  const bare = strategies.flatMap((own) => {
    const paid = priceOf(own, price, measures);
    const exposure = exposureOf(own, condition);
    return paid === null || exposure === null
      ? []
      : [
          {
            contestant: own.contestant,
            price: paid,
            exposure,
            isWeakened: isWeakened(own, price, condition, measures),
          },
        ];
  });
  if (bare.length < 2) return null;
  const relation = price === 'nodeCpuMicros' ? byVerdicts(source.costComparisons) : byIntervals(bare);
  const points = bare.map((own) => ({ ...own, ...standingOf(own, bare, relation) }));
  return {
    price,
    condition,
    points,
    leftOut: strategies.map(({ contestant }) => contestant).filter((name) => !isAmong(points, name)),
    frontier: points
      .filter(({ standing }) => standing === 'frontier')
      .toSorted((left, right) => right.price.estimate - left.price.estimate)
      .map(({ contestant }) => contestant),
    outline: outlineOf(points.filter(({ standing }) => standing !== 'dominated')),
    guide: guideOf(points, relation),
  };
}

function outlineOf(points: readonly TradeOffPoint[]): string[] {
  const ascending = points.toSorted(
    (left, right) => typicalMillis(left) - typicalMillis(right) || left.price.estimate - right.price.estimate,
  );
  let lowest = Number.POSITIVE_INFINITY;
  return ascending.flatMap(({ contestant, price }) => {
    if (price.estimate >= lowest) return [];
    lowest = price.estimate;
    return [contestant];
  });
}

function typicalMillis({ exposure }: TradeOffPoint): number {
  return exposure.kind === 'measured' ? exposure.medianMillis.estimate : Number.POSITIVE_INFINITY;
}

function isAmong(points: readonly TradeOffPoint[], name: string): boolean {
  return points.some(({ contestant }) => contestant === name);
}

function priceOf(own: ContestantResults, price: PriceName, { openLoop }: MeasureResults): Interval | null {
  if (price === 'nodeCpuMicros') return measuredValue(own.cost)?.nodeCpuMicros ?? null;
  const found = openLoop?.find(({ contestant }) => contestant === own.contestant);
  return found === undefined ? null : (measuredValue(found.latency)?.p50OverReferenceMicros ?? null);
}

function isWeakened(
  own: ContestantResults,
  price: PriceName,
  condition: 'idle' | 'loaded',
  { openLoop }: MeasureResults,
): boolean {
  const paid: Figure<unknown> | undefined =
    price === 'nodeCpuMicros' ? own.cost : openLoop?.find(({ contestant }) => contestant === own.contestant)?.latency;
  const figures: readonly (Figure<unknown> | undefined)[] = [paid, own.revocation[condition]];
  return figures.some((figure) => figure?.state === 'measured' && figure.weakenedBy.length > 0);
}

/** Null where it was not measured, or is void. */
export function exposureOf(
  { revocation, description }: ContestantResults,
  condition: 'idle' | 'loaded',
): Exposure | null {
  if (description === null) return null;
  if (description.bound === 'remaining-lifetime') {
    const lifetime = measuredValue(revocation['until-expiry'])?.remainingLifetimeMillis ?? null;
    return { kind: 'until-expiry', lifetimeMillis: lifetime?.max ?? null };
  }
  const summary = measuredValue(revocation[condition]);
  const { exposureMedianMillis, exposureWindowMillis, boundMillis } = summary ?? {};
  if (!summary || !exposureMedianMillis || !exposureWindowMillis || typeof boundMillis !== 'number') return null;
  const longest = (['idle', 'loaded'] as const).map(
    (one) => measuredValue(revocation[one])?.exposureWindowMillis?.max ?? 0,
  );
  return {
    kind: 'measured',
    medianMillis: exposureMedianMillis,
    maxMillis: exposureWindowMillis.max,
    longestMillis: Math.max(...longest),
    trials: exposureWindowMillis.count,
    boundMillis,
  };
}

export type BarePoint = Omit<TradeOffPoint, 'standing' | 'by'>;

/** How the price of the first compares with that of the second, as far as this run can tell. */
export type PriceRelation = (left: string, right: string) => 'costs less' | 'costs more' | 'cannot tell';

function byVerdicts(comparisons: readonly CostComparison[]): PriceRelation {
  const opposite = { 'costs less': 'costs more', 'costs more': 'costs less', 'cannot tell': 'cannot tell' } as const;
  const verdicts = new Map(
    comparisons.flatMap(({ left, right, verdict }) => [
      [`${left} ${right}`, verdict],
      [`${right} ${left}`, opposite[verdict]],
    ]),
  );
  return (left, right) => verdicts.get(`${left} ${right}`) ?? 'cannot tell';
}

/** Intervals of different strategies are taken as independent; corrected for the number of pairs (Bonferroni). */
function byIntervals(points: readonly BarePoint[]): PriceRelation {
  const prices = new Map(points.map(({ contestant, price }) => [contestant, price]));
  const pairs = (points.length * (points.length - 1)) / 2;
  return (left, right) => {
    const [ours, theirs] = [prices.get(left), prices.get(right)];
    if (ours === undefined || theirs === undefined || !certainlyDiffers(ours, theirs, pairs)) return 'cannot tell';
    return ours.estimate < theirs.estimate ? 'costs less' : 'costs more';
  };
}

function standingOf(own: BarePoint, all: readonly BarePoint[], relation: PriceRelation) {
  const others = all.filter(({ contestant }) => contestant !== own.contestant);
  const rivals = others.map((rival) => ({
    name: rival.contestant,
    cost: relation(rival.contestant, own.contestant),
    exposure: notLonger(rival.exposure, own.exposure),
  }));
  const certain = rivals.filter(({ cost, exposure }) => cost === 'costs less' && exposure === 'certainly');
  if (certain.length > 0) return { standing: 'dominated', by: certain.map(({ name }) => name) } as const;
  const possible = rivals.filter(({ cost, exposure }) => cost !== 'costs more' && exposure !== 'no');
  if (possible.length > 0) return { standing: 'cannot tell', by: possible.map(({ name }) => name) } as const;
  return { standing: 'frontier', by: [] } as const;
}

/** Whether the first neither promises nor showed a longer exposure than the second. */
function notLonger(first: Exposure, second: Exposure): 'certainly' | 'perhaps' | 'no' {
  if (second.kind === 'until-expiry') return 'certainly';
  if (first.kind === 'until-expiry' || first.boundMillis > second.boundMillis) return 'no';
  if (first.maxMillis === 0) return 'certainly';
  const [ours, theirs] = [endsOf(first), endsOf(second)];
  if (ours.high < theirs.low) return 'certainly';
  return ours.low > theirs.high ? 'no' : 'perhaps';
}

/** Without an interval of the median anything that was seen. */
function endsOf({ medianMillis, maxMillis }: Extract<Exposure, { kind: 'measured' }>): { low: number; high: number } {
  return { low: medianMillis.low ?? 0, high: medianMillis.high ?? maxMillis };
}
