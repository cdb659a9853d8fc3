/** Every figure of a run under one name, as thresholds and comparisons of runs speak of it. */

import type { RevocationCondition } from '../../record/run-events.ts';
import type { Interval } from '../../statistics/interval.ts';
import type { Distribution } from '../../statistics/quantiles.ts';
import { type Figure, measuredValue } from './figure.ts';
import type { MeasureResults } from './measures.ts';
import type { ContestantResults, RevocationSummary } from './results.ts';

export interface FigureValue {
  /** `session.nodeCpuMicros`, `session.exposureMillis.idle.p50`. */
  readonly name: string;
  readonly estimate: number;
  /** The 95 % interval; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly better: 'lower' | 'higher';
  /** Counted, not estimated: two of them that differ, differ. */
  readonly isExact: boolean;
}

/** Those that were measured and are not void, in the order of the report. */
export function figureValues(
  contestants: readonly ContestantResults[],
  measures: MeasureResults,
): readonly FigureValue[] {
  return contestants.flatMap((one) =>
    [
      ...loadValues(one),
      ...revocationValues(one),
      ...sizeValues(one),
      ...openLoopValues(one.contestant, measures),
      ...lifecycleValues(one.contestant, measures),
      ...stateValues(one.contestant, measures),
      ...faultValues(one.contestant, measures),
      ...chaosValues(one.contestant, measures),
    ].map((value) => ({ ...value, name: `${one.contestant}.${value.name}` })),
  );
}

function loadValues({ cost, throughput, latency }: ContestantResults): FigureValue[] {
  const costs = measuredValue(cost);
  const load = measuredValue(throughput);
  return [
    ...(costs === null
      ? []
      : [
          estimated('nodeCpuMicros', costs.nodeCpuMicros),
          estimated('nodeCpuMicrosWhole', costs.nodeCpuMicrosWhole),
          estimated('redisCpuMicros', costs.redisCpuMicros),
          estimated('nodeAndRedisCpuMicros', costs.nodeAndRedisCpuMicros),
          estimated('redisCommands', costs.redisCommands),
          estimated('redisNetworkBytes', costs.redisNetworkBytes),
          // It explains costs, and is no merit: without an interval no comparison judges it.
          ...(costs.requestsPerTurn === null
            ? []
            : [observed('requestsPerTurn', costs.requestsPerTurn.contestant.estimate)]),
        ]),
    ...(load === null
      ? []
      : [
          { ...estimated('throughputRatio', load.ratioToReference), better: 'higher' as const },
          { ...estimated('requestsPerSecond', load.requestsPerSecond), better: 'higher' as const },
        ]),
    ...latencyValues(measuredValue(latency)),
  ];
}

function latencyValues(
  latency: { p50Micros: number; p90Micros: number | null; p99Micros: number | null; maxMicros: number } | null,
) {
  if (latency === null) return [];
  const { p50Micros: p50, p90Micros: p90, p99Micros: p99, maxMicros: max } = latency;
  return percentileValues('latencyMicros', { p50, p90, p99, max });
}

const conditions: readonly RevocationCondition[] = ['idle', 'loaded', 'redis-paused', 'until-expiry'];

function revocationValues({ revocation }: ContestantResults): FigureValue[] {
  return conditions.flatMap((condition) => conditionValues(condition, revocation[condition]));
}

function conditionValues(condition: RevocationCondition, figure: Figure<RevocationSummary>): FigureValue[] {
  const summary = measuredValue(figure);
  if (summary === null) return [];
  const { revocationLatencyMillis, revocationLatencyMedianMillis, exposureWindowMillis, exposureMedianMillis } =
    summary;
  return [
    ...percentileValues(`revocationLatencyMillis.${condition}`, revocationLatencyMillis, revocationLatencyMedianMillis),
    ...percentileValues(`exposureMillis.${condition}`, exposureWindowMillis, exposureMedianMillis),
    ...(['p99', 'max'] as const).flatMap((part) => {
      const multiple = part === 'max' ? summary.multipleOfDelivery : summary.multipleOfDeliveryP99;
      return multiple === null ? [] : [observed(`exposureOverDelivery.${condition}.${part}`, multiple)];
    }),
    exact(`falseAccepts.${condition}`, summary.falseAccepts),
  ];
}

function sizeValues({ tokenSize }: ContestantResults): FigureValue[] {
  return (measuredValue(tokenSize) ?? []).flatMap((size) => {
    const claims = size.claims.replaceAll(' ', '-');
    return [
      exact(`requestHeaderBytes.${claims}`, size.requestHeaderBytes),
      exact(`authRequestHeaderBytes.${claims}`, size.authRequestHeaderBytes),
      exact(`loginResponseBytes.${claims}`, size.loginResponseBytes),
      exact(`largestCookieBytes.${claims}`, size.largestCookieBytes),
    ];
  });
}

function openLoopValues(contestant: string, { openLoop }: MeasureResults): FigureValue[] {
  const found = openLoop?.find((one) => one.contestant === contestant);
  const summary = found === undefined ? null : measuredValue(found.latency);
  if (summary === null) return [];
  const { latencyMicros, p50Micros, p50OverReferenceMicros } = summary;
  return [
    ...percentileValues('openLoopMicros', latencyMicros, p50Micros),
    ...(latencyMicros.p999 === null ? [] : [observed('openLoopMicros.p999', latencyMicros.p999)]),
    estimated('openLoopOverReferenceMicros', p50OverReferenceMicros),
  ];
}

function lifecycleValues(contestant: string, { lifecycle, roleChange }: MeasureResults): FigureValue[] {
  const lived = lifecycle?.find((one) => one.contestant === contestant);
  const told = roleChange?.find((one) => one.contestant === contestant);
  const staleness = told === undefined ? null : measuredValue(told.staleness);
  return [
    ...(lived === undefined
      ? []
      : (['login', 'refresh', 'logout'] as const).flatMap((operation) =>
          percentileValues(`${operation}Micros`, measuredValue(lived.operations[operation])?.latencyMicros ?? null),
        )),
    ...percentileValues('rolesStaleMillis', staleness?.stalenessMillis ?? null),
  ];
}

function stateValues(contestant: string, { state }: MeasureResults): FigureValue[] {
  const found = state?.find((one) => one.contestant === contestant);
  const summary = found === undefined ? null : measuredValue(found.state);
  if (summary === null) return [];
  const { redisBytesPerSession, redisBytesPerEndedSession, longestPauseMillis, checks } = summary;
  return [
    observed('redisSessionBytes', redisBytesPerSession),
    ...(redisBytesPerEndedSession === null ? [] : [observed('redisEndedSessionBytes', redisBytesPerEndedSession)]),
    ...intervalValue('nodeRevocationBytes', summary.nodeBytesPerRevocation),
    ...intervalValue('rebuildMillis', summary.rebuildMillis),
    ...intervalValue('rebuildOverBareReading', summary.rebuildOverBareReading),
    observed('longestPauseMillis', longestPauseMillis.with),
    ...intervalValue('checkCpuRatio', checks?.nodeCpuRatio ?? null),
    ...intervalValue('checkRedisMicros', checks?.redisCpuMicros ?? null),
  ];
}

function intervalValue(name: string, interval: Interval | null): FigureValue[] {
  return interval === null ? [] : [estimated(name, interval)];
}

/** Nothing of a run whose histories never came about: an expectation of none is not met by that. */
function chaosValues(contestant: string, { chaos }: MeasureResults): FigureValue[] {
  const own = (chaos ?? []).filter(({ contestants }) => contestants.includes(contestant));
  if (own.length === 0) return [];
  const stories = own.flatMap(({ violations }) => violations.filter((story) => story.contestant === contestant));
  return [exact('violations', stories.length)];
}

function faultValues(contestant: string, { faults }: MeasureResults): FigureValue[] {
  const scores = (faults ?? []).flatMap(({ inflicted }) =>
    (inflicted?.contestants ?? []).filter((score) => score.contestant === contestant),
  );
  if (scores.length === 0) return [];
  const sum = (of: (score: (typeof scores)[number]) => number) => scores.reduce((total, score) => total + of(score), 0);
  return [
    exact(
      'brokenPromises',
      sum(({ brokenPromises }) => brokenPromises.length),
    ),
    exact(
      'faultFalseAccepts',
      sum(({ acceptedRevoked }) => acceptedRevoked.falseAccepts.credentials),
    ),
    exact(
      'faultFalseRejections',
      sum(({ falseRejections }) => falseRejections.credentials),
    ),
    exact(
      'faultLostLogouts',
      sum(({ lost }) => lost),
    ),
    observed('faultLongestAnswerMillis', Math.max(...scores.map(({ longestAnswerMillis }) => longestAnswerMillis))),
  ];
}

type Percentiles = Pick<Distribution, 'p50' | 'p90' | 'p99' | 'max'>;
interface Ends {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Those that are carried; the median with its interval where there is one. */
function percentileValues(name: string, found: Percentiles | null, median: Ends | null = null): FigureValue[] {
  if (found === null) return [];
  return (['p50', 'p90', 'p99', 'max'] as const).flatMap((percentile) => {
    const value = found[percentile];
    if (value === null) return [];
    if (percentile === 'p50' && median !== null) return [estimated(`${name}.p50`, median)];
    return [observed(`${name}.${percentile}`, value)];
  });
}

function estimated(name: string, { estimate, low, high }: Ends): FigureValue {
  return { name, estimate, low, high, better: 'lower', isExact: false };
}

function observed(name: string, estimate: number): FigureValue {
  return { name, estimate, low: null, high: null, better: 'lower', isExact: false };
}

function exact(name: string, estimate: number): FigureValue {
  return { name, estimate, low: estimate, high: estimate, better: 'lower', isExact: true };
}
