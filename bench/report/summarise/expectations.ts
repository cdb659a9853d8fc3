/** Judges the lines of `expect:` by the figures of the run. */

import type { RunStarted } from '../../record/run-events.ts';
import { type FigureValue, figureValues } from './figure-values.ts';
import type { Results } from './results.ts';

export type Expectation = NonNullable<RunStarted['scenario']['expect']>[number];
type FigureName = Expectation['left'];

export interface ExpectationResult {
  /** As it was written. */
  readonly text: string;
  readonly holds: boolean;
  /** What the figure was, and what it was held against; null where there is none. */
  readonly left: number | null;
  readonly right: number | null;
  /** Why there is nothing to judge; null when there is. */
  readonly missing: string | null;
}

/** In the order of the scenario. A figure that was not measured, or is void, fails its line. */
export function judgeExpectations(
  results: Pick<Results, 'contestants' | 'measures' | 'sweep' | 'run'>,
): ExpectationResult[] {
  const values = new Map(allValues(results).map((value) => [value.name, value]));
  return (results.run.scenario.expect ?? []).map((expectation) => judged(expectation, values));
}

export type HypothesisVerdict = 'holds' | 'does not hold' | 'cannot tell';

export interface HypothesisResult {
  readonly claim: string;
  readonly row: string | null;
  readonly because: string | null;
  readonly test: ExpectationResult;
  readonly verdict: HypothesisVerdict;
}

/**
 * A claim holds when its test does at every point of the 95 % intervals, and does not hold when the opposite does; else this
 * run cannot tell. Figures without an interval are taken as they are.
 */
export function judgeHypotheses(
  results: Pick<Results, 'contestants' | 'measures' | 'sweep' | 'run'>,
): HypothesisResult[] {
  const values = new Map(allValues(results).map((value) => [value.name, withoutGaps(value)]));
  return (results.run.scenario.hypotheses ?? []).map(({ claim, row, because, test }) => {
    const found = judged({ ...test, isSure: false }, values);
    const holds = judged({ ...test, isSure: true }, values).holds;
    const fails =
      test.operator !== '==' && judged({ ...test, isSure: true, operator: negated[test.operator] }, values).holds;
    const verdict = holds ? 'holds' : fails ? 'does not hold' : 'cannot tell';
    return { claim, row: row ?? null, because: because ?? null, test: found, verdict };
  });
}

function withoutGaps(value: FigureValue): FigureValue {
  return { ...value, low: value.low ?? value.estimate, high: value.high ?? value.estimate };
}

/** Under their names; in a sweep with `@` and the level. */
export function allValues({ contestants, measures, sweep }: Pick<Results, 'contestants' | 'measures' | 'sweep'>) {
  if (sweep === null) return figureValues(contestants, measures);
  return sweep.levels.flatMap((level) =>
    figureValues(level.contestants, level.measures).map((value) => ({
      ...value,
      name: `${value.name}@${level.level}`,
    })),
  );
}

function judged(
  { text, isSure, left, operator, right }: Expectation,
  values: ReadonlyMap<string, FigureValue>,
): ExpectationResult {
  const ours = values.get(nameOf(left));
  const theirs = right.figure === null ? null : values.get(nameOf(right.figure));
  const absent = [
    ...(ours === undefined ? [nameOf(left)] : []),
    ...(theirs === undefined && right.figure !== null ? [nameOf(right.figure)] : []),
  ];
  const nothing = { text, holds: false, left: ours?.estimate ?? null, right: null };
  if (ours === undefined || theirs === undefined) {
    return { ...nothing, missing: `${absent.join(' and ')} was not measured, or is void` };
  }
  const demanded = { estimate: right.number, low: right.number, high: right.number };
  const against = theirs === null ? demanded : scaled(theirs, right.number);
  if (isSure && [ours.low, ours.high, against.low, against.high].includes(null)) {
    return { ...nothing, missing: 'there is no interval to be sure of' };
  }
  const holds = isSure
    ? compare(operator, worstEnd(ours, operator), worstEnd(against, opposite[operator]))
    : compare(operator, ours.estimate, against.estimate);
  return { text, holds, left: ours.estimate, right: against.estimate, missing: null };
}

type Ends = Pick<FigureValue, 'estimate' | 'low' | 'high'>;

function scaled({ estimate, low, high }: Ends, factor: number): Ends {
  return { estimate: factor * estimate, low: low && factor * low, high: high && factor * high };
}

type Operator = Expectation['operator'];

const opposite: Readonly<Record<Operator, Operator>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>', '==': '==' };

/** True where the operator is not; the negation of an equality is not asked for. */
const negated: Readonly<Record<Operator, Operator>> = { '>=': '<', '>': '<=', '<=': '>', '<': '>=', '==': '==' };

/** The end of the interval at which the comparison is hardest to meet. */
function worstEnd({ estimate, low, high }: Ends, operator: Operator): number {
  if (operator === '==') return low === high ? estimate : Number.NaN;
  return (operator.startsWith('>') ? low : high) ?? Number.NaN;
}

function compare(operator: Operator, left: number, right: number): boolean {
  switch (operator) {
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case '==':
      return left === right;
    case '>':
      return left > right;
    case '<':
      return left < right;
  }
}

function nameOf({ contestant, figure, part, level }: FigureName): string {
  return `${contestant}.${figure}${part === '' ? '' : `.${part}`}${level === null ? '' : `@${level}`}`;
}
