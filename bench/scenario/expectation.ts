/** One line of `expect:`, such as `hybrid-hs256.throughputRatio >= 0.85`: parsed before a run, judged after it. */

import { nearest } from '../../src/kernel/nearest.ts';

export const expectationOperators = ['>=', '<=', '==', '>', '<'] as const;
export type ExpectationOperator = (typeof expectationOperators)[number];

/** A figure of a run by its name: `<contestant>.<figure>`, with `.<part>` where it has several, `@<level>` in a sweep. */
export interface FigureName {
  readonly contestant: string;
  /** One of `figureNames`. */
  readonly figure: string;
  /** `idle.p50`, `p99`, `roles-1`; empty for a figure of one value. */
  readonly part: string;
  readonly level: number | null;
}

export interface Expectation {
  /** As it was written. */
  readonly text: string;
  /** Demanded of the whole 95 % interval instead of the estimate. */
  readonly isSure: boolean;
  readonly left: FigureName;
  readonly operator: ExpectationOperator;
  /** A number in the unit of the left figure; or that many times another figure. */
  readonly right: { readonly number: number; readonly figure: FigureName | null };
}

const percentiles = ['p50', 'p90', 'p99', 'max'];
const conditions = ['idle', 'loaded', 'redis-paused', 'until-expiry'];
const perCondition = conditions.flatMap((condition) => percentiles.map((percentile) => `${condition}.${percentile}`));

/** Every figure, and its parts: null where those are the claim profiles of the scenario. */
export const figureNames: Readonly<Record<string, readonly string[] | null>> = {
  nodeCpuMicros: [''],
  nodeCpuMicrosWhole: [''],
  redisCpuMicros: [''],
  nodeAndRedisCpuMicros: [''],
  redisCommands: [''],
  redisNetworkBytes: [''],
  requestsPerTurn: [''],
  throughputRatio: [''],
  requestsPerSecond: [''],
  latencyMicros: percentiles,
  openLoopMicros: [...percentiles, 'p999'],
  openLoopOverReferenceMicros: [''],
  revocationLatencyMillis: perCondition,
  exposureMillis: perCondition,
  exposureOverDelivery: ['idle.p99', 'idle.max', 'loaded.p99', 'loaded.max'],
  falseAccepts: conditions,
  loginMicros: percentiles,
  refreshMicros: percentiles,
  logoutMicros: percentiles,
  rolesStaleMillis: percentiles,
  redisSessionBytes: [''],
  redisEndedSessionBytes: [''],
  nodeRevocationBytes: [''],
  rebuildMillis: [''],
  rebuildOverBareReading: [''],
  longestPauseMillis: [''],
  checkCpuRatio: [''],
  checkRedisMicros: [''],
  brokenPromises: [''],
  violations: [''],
  faultFalseAccepts: [''],
  faultFalseRejections: [''],
  faultLostLogouts: [''],
  faultLongestAnswerMillis: [''],
  requestHeaderBytes: null,
  authRequestHeaderBytes: null,
  loginResponseBytes: null,
  largestCookieBytes: null,
};

/** Which names there are: contestants of the scenario, the reference among them, and the levels of its sweep. */
export interface ExpectationScope {
  readonly contestants: readonly string[];
  readonly levels: readonly number[];
}

export type ParsedExpectation =
  | { readonly ok: true; readonly value: Expectation }
  /** A sentence without its subject: `names no figure ...`. */
  | { readonly ok: false; readonly message: string };

const line = /^(?<sure>surely\s+)?(?<left>\S+)\s*(?<operator>>=|<=|==|>|<)\s*(?<right>.+)$/;
const number = String.raw`[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?`;
const value = new RegExp(String.raw`^(?<number>${number})\s*(?<unit>us|µs|ms|s|B|kB)?$`);
const multiple = new RegExp(String.raw`^(?:(?<number>${number})\s*\*\s*)?(?<figure>\S+)$`);

export function parseExpectation(text: string, scope: ExpectationScope): ParsedExpectation {
  const { sure, left = '', operator = '', right = '' } = line.exec(text.trim())?.groups ?? {};
  const found = expectationOperators.find((one) => one === operator);
  if (found === undefined) {
    return { ok: false, message: 'is no comparison: write <strategy>.<figure> >= <number>, with >=, <=, ==, > or <' };
  }
  const leftName = parseFigureName(left, scope);
  if (!leftName.ok) return leftName;
  const rightSide = parseRight(right.trim(), leftName.value, scope);
  if (!rightSide.ok) return rightSide;
  const isSure = sure !== undefined;
  return {
    ok: true,
    value: { text: text.trim(), isSure, left: leftName.value, operator: found, right: rightSide.value },
  };
}

type Parsed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

function parseRight(text: string, left: FigureName, scope: ExpectationScope): Parsed<Expectation['right']> {
  const literal = value.exec(text)?.groups;
  if (literal !== undefined) {
    const factor = literal.unit === undefined ? 1 : unitFactor(literal.unit, left.figure);
    if (factor === null) return { ok: false, message: `compares ${left.figure} with ${literal.unit}` };
    return { ok: true, value: { number: Number(literal.number) * factor, figure: null } };
  }
  const product = multiple.exec(text)?.groups;
  if (product?.figure === undefined) {
    return { ok: false, message: 'must end with a number, a figure, or a number times a figure' };
  }
  const figure = parseFigureName(product.figure, scope);
  if (!figure.ok) return figure;
  return { ok: true, value: { number: Number(product.number ?? 1), figure: figure.value } };
}

const unitSizes: Readonly<Record<string, readonly [suffix: 'Micros' | 'Bytes', size: number]>> = {
  us: ['Micros', 1],
  µs: ['Micros', 1],
  ms: ['Micros', 1_000],
  s: ['Micros', 1_000_000],
  B: ['Bytes', 1],
  kB: ['Bytes', 1_000],
};

/** From the unit to that of the figure, which its name ends with; null when they do not go together. */
function unitFactor(unit: string, figure: string): number | null {
  const [suffix, size] = unitSizes[unit] ?? [];
  if (suffix === undefined || size === undefined) return null;
  if (suffix === 'Bytes') return figure.endsWith('Bytes') ? size : null;
  if (figure.endsWith('Millis')) return size / 1_000;
  return /Micros(Whole)?$/.test(figure) ? size : null;
}

function parseFigureName(text: string, { contestants, levels }: ExpectationScope): Parsed<FigureName> {
  const [path = '', at, ...rest] = text.split('@');
  const [contestant = '', figure = '', ...parts] = path.split('.');
  if (!contestants.includes(contestant)) {
    return { ok: false, message: `names ${contestant}, which is not in the scenario${hint(contestant, contestants)}` };
  }
  const known = figureNames[figure];
  if (known === undefined) {
    const names = Object.keys(figureNames);
    const near = nearest(figure, names);
    const guess = near === null ? `; there are ${names.join(', ')}` : `; did you mean ${near}?`;
    return { ok: false, message: `names no figure: ${figure === '' ? 'nothing' : figure}${guess}` };
  }
  const part = parts.join('.');
  if (known !== null && !known.includes(part)) {
    const wanted = known.map((one) => (one === '' ? figure : `${figure}.${one}`));
    return { ok: false, message: `needs one of ${wanted.join(', ')}` };
  }
  if (known === null && part === '') return { ok: false, message: `needs a claim profile: ${figure}.roles-1` };
  const level = at === undefined ? null : Number(at);
  if (rest.length > 0 || (levels.length > 0 ? level === null || !levels.includes(level) : level !== null)) {
    return {
      ok: false,
      message:
        levels.length > 0 ? `needs a level of the sweep: @${levels.join(', @')}` : 'names a level without a sweep',
    };
  }
  return { ok: true, value: { contestant, figure, part, level } };
}

function hint(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === null ? '' : `; did you mean ${near}?`;
}
