/** Every figure of a run as a row: with its unit and verdict, and in words where it is void or was not reached. */

import type { Figure } from './figure.ts';
import { figureValues } from './figure-values.ts';
import type { MeasureResults } from './measures.ts';
import type { ContestantResults, Results } from './results.ts';

export interface FigureRow {
  /** Whose figure it is; empty: the run's own. */
  readonly contestant: string;
  readonly figure: string;
  /** In a sweep; else null. */
  readonly level: number | null;
  readonly unit: string;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Against the reference, or of the first against the second; empty where none is judged. */
  readonly verdict: string;
  readonly state: 'measured' | 'weakened' | 'void' | 'not reached';
}

type Level = Pick<Results, 'contestants' | 'costComparisons' | 'measures' | 'delivery'>;

/** In the order of the report. */
export function figureRows(results: Results): FigureRow[] {
  if (results.sweep === null) return rowsOf(results, null);
  return results.sweep.levels.flatMap((level) => [
    ...(level.link === null ? [] : [ownRow('addedRttMillis.p50', level.level, level.link.addedMicros.p50 / 1_000)]),
    ...rowsOf(level, level.level),
  ]);
}

function rowsOf({ contestants, costComparisons, measures, delivery }: Level, level: number | null): FigureRow[] {
  return [
    ...contestants.flatMap((one) => contestantRows(one, measures, level)),
    ...costComparisons.flatMap(({ left, right, nodeCpuMicros, verdict, withRedis }): FigureRow[] => {
      const both = contestants.filter(({ contestant }) => contestant === left || contestant === right);
      const state = both.some(({ cost }) => isWeakened(cost)) ? 'weakened' : 'measured';
      const row = { contestant: left, level, unit: 'µs', state } as const;
      const sum = { figure: `nodeAndRedisCpuMicros less ${right}`, ...withRedis.cpuMicros, verdict: withRedis.verdict };
      return [
        { ...row, figure: `nodeCpuMicros less ${right}`, ...nodeCpuMicros, verdict },
        { ...row, ...sum },
      ];
    }),
    ...(['idle', 'loaded'] as const).flatMap((condition) => {
      const found = delivery[condition];
      if (found === null) return [];
      const name = `deliveryMillis.${condition}`;
      return [ownRow(`${name}.p50`, level, found.p50), ownRow(`${name}.max`, level, found.max)];
    }),
  ];
}

function ownRow(figure: string, level: number | null, estimate: number): FigureRow {
  const nothing = { low: null, high: null, verdict: '', state: 'measured' } as const;
  return { contestant: '', figure, level, unit: unitOf(figure), estimate, ...nothing };
}

function contestantRows(one: ContestantResults, measures: MeasureResults, level: number | null): FigureRow[] {
  const sources = sourcesOf(one, measures);
  const values = figureValues([one], measures).map((value): FigureRow => {
    const figure = value.name.slice(one.contestant.length + 1);
    const source = sources.find(({ names }) => names.some((name) => figure === name || figure.startsWith(`${name}.`)));
    const { estimate, low, high } = value;
    return {
      contestant: one.contestant,
      figure,
      level,
      unit: unitOf(figure),
      estimate,
      low,
      high,
      verdict: verdictOf(one, figure),
      state: isWeakened(source?.figure) ? 'weakened' : 'measured',
    };
  });
  // What is void or was not reached has one row for the whole group of its figures.
  const absent = sources.flatMap(({ figure: source, names: [name = ''] }): FigureRow[] => {
    const state = absenceOf(source);
    if (state === null) return [];
    const nothing = { estimate: null, low: null, high: null, verdict: '' };
    return [{ contestant: one.contestant, figure: name, level, unit: unitOf(name), ...nothing, state }];
  });
  return [...values, ...absent];
}

const costNames = [
  'nodeCpuMicros',
  'nodeCpuMicrosWhole',
  'redisCpuMicros',
  'nodeAndRedisCpuMicros',
  'redisCommands',
  'redisNetworkBytes',
  'requestsPerTurn',
] as const;

interface Source {
  readonly figure: Figure<unknown>;
  /** How the names of its figures begin. */
  readonly names: readonly string[];
}

function sourcesOf(one: ContestantResults, measures: MeasureResults): Source[] {
  const own = <Found extends { readonly contestant: string }>(all: readonly Found[] | null) =>
    all?.find(({ contestant }) => contestant === one.contestant);
  const conditions = ['idle', 'loaded', 'redis-paused', 'until-expiry'] as const;
  const lifecycle = own(measures.lifecycle)?.operations;
  const found: (readonly [Figure<unknown> | undefined, readonly string[]])[] = [
    [one.cost, costNames],
    [one.throughput, ['throughputRatio', 'requestsPerSecond']],
    [one.latency, ['latencyMicros']],
    ...conditions.map((condition) => {
      const names = ['revocationLatencyMillis', 'exposureMillis', 'exposureOverDelivery', 'falseAccepts'].map(
        (name) => `${name}.${condition}`,
      );
      return [one.revocation[condition], names] as const;
    }),
    [one.tokenSize, ['requestHeaderBytes', 'authRequestHeaderBytes', 'loginResponseBytes', 'largestCookieBytes']],
    [own(measures.openLoop)?.latency, ['openLoopMicros', 'openLoopOverReferenceMicros']],
    ...(['login', 'refresh', 'logout'] as const).map(
      (operation) => [lifecycle?.[operation], [`${operation}Micros`]] as const,
    ),
    [own(measures.roleChange)?.staleness, ['rolesStaleMillis']],
    [
      own(measures.state)?.state,
      ['redisSessionBytes', 'redisEndedSessionBytes', 'nodeRevocationBytes', 'rebuildMillis'],
    ],
  ];
  return found.flatMap(([figure, names]) => (figure === undefined ? [] : [{ figure, names }]));
}

function isWeakened(figure: Figure<unknown> | undefined): boolean {
  return figure?.state === 'measured' && figure.weakenedBy.length > 0;
}

/** Null where there are figures, or none could be. */
function absenceOf(figure: Figure<unknown>): 'void' | 'not reached' | null {
  if (figure.state === 'voided') return 'void';
  return figure.state === 'not-measured' && figure.reason === 'not-reached' ? 'not reached' : null;
}

function verdictOf({ cost, throughput }: ContestantResults, figure: string): string {
  if (figure === 'nodeCpuMicros') return (cost.state === 'measured' && cost.value.verdict) || '';
  if (figure === 'throughputRatio') return (throughput.state === 'measured' && throughput.value.verdict) || '';
  return '';
}

/** Names of figures carry their units. */
function unitOf(figure: string): string {
  if (/Micros/.test(figure)) return 'µs';
  if (/Millis/.test(figure)) return 'ms';
  if (/Bytes/.test(figure)) return 'B';
  if (/PerSecond/.test(figure)) return '1/s';
  if (/Ratio|Over(Delivery|BareReading)/.test(figure)) return 'ratio';
  return /^falseAccepts/.test(figure) ? 'trials' : 'count';
}
