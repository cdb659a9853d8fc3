/** A sweep in words: how each figure grows with the factor, and where two strategies change places. */

import type { GrowthShape } from '../statistics/growth.ts';
import { fixed, listed, signed } from './format.ts';
import type { SweepFactor, SweepFigureResults, SweepResults } from './summarise/sweep.ts';
import type { SweepFigureName } from './summarise/sweep-figures.ts';

interface FigureWords {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  /** Which of two is the better one; null where none is. */
  readonly better: 'lower' | 'higher' | null;
  /** What it is, where no other section of a sweep's report says so. */
  readonly about?: string;
}

export const figureWords: Readonly<Record<SweepFigureName, FigureWords>> = {
  nodeCpuMicros: { title: 'Node CPU per check', unit: 'µs', digits: 1, better: 'lower' },
  redisCpuMicros: { title: 'Redis CPU per check', unit: 'µs', digits: 1, better: 'lower' },
  requestsPerTurn: {
    title: 'Requests in one turn of the event loop',
    unit: '',
    digits: 2,
    better: null,
    about:
      'How many requests share a turn, and with it one write to Redis. A look-up takes two turns or more: one to ask, and one to hear the answer.',
  },
  throughputRatio: { title: 'Throughput, ratio to none', unit: '', digits: 3, better: 'higher' },
  openLoopP50Micros: { title: 'Latency at a fixed rate, p50', unit: 'µs', digits: 0, better: 'lower' },
  openLoopP99Micros: { title: 'Latency at a fixed rate, p99', unit: 'µs', digits: 0, better: 'lower' },
  latencyP50Micros: { title: 'Closed-loop latency, p50', unit: 'µs', digits: 0, better: 'lower' },
  revocationIdleMillis: { title: 'Revocation latency, idle, p50', unit: 'ms', digits: 2, better: 'lower' },
  revocationLoadedMillis: { title: 'Revocation latency, loaded, p50', unit: 'ms', digits: 2, better: 'lower' },
  exposureIdleMillis: { title: 'Exposure, idle, p50', unit: 'ms', digits: 2, better: 'lower' },
  redisBytesPerSession: {
    title: 'Redis bytes per live session',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about:
      'What Redis has allocated more than before the first of them, per session, while all of them live: the session, and what the log keeps of its beginning.',
  },
  redisBytesPerEndedSession: {
    title: 'Redis bytes per ended session',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about: 'The same once all are ended: the revocation, and what the log keeps of the session.',
  },
  nodeBytesPerRevocation: {
    title: 'Node memory per revocation',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about:
      'What a fresh node keeps alive after its garbage was collected, in the realm with the ended sessions less in one without, per session. With few of them it is less than the noise of a process.',
  },
  rebuildMillis: {
    title: 'Rebuild of a node',
    unit: 'ms',
    digits: 0,
    better: 'lower',
    about: 'The time from the start of a fresh node until it is ready, with the ended sessions less without.',
  },
  rebuildOverBareReading: {
    title: 'Rebuild of a node over bare reading',
    unit: '',
    digits: 1,
    better: 'lower',
    about:
      'How often the bare reading of the same records fits into the rebuild: the same pages from the same Redis by the same client, and nothing made of them.',
  },
  longestPauseMillis: {
    title: 'Longest pause of a starting node',
    unit: 'ms',
    digits: 0,
    better: 'lower',
    about:
      'By how much the event loop of a node came late at most until it was ready: the worst of all starts with the sessions. Other processes on the same core count as well.',
  },
  checkCpuRatio: {
    title: 'Node CPU per request over that without them',
    unit: '',
    digits: 3,
    better: 'lower',
    about:
      'Two nodes of the same strategy take turns, one in the realm with the sessions and one in a realm without: CPU per `GET /profile`, the one over the other.',
  },
  checkRedisMicros: {
    title: 'Redis CPU per request, less that without them',
    unit: 'µs',
    digits: 1,
    better: 'lower',
    about: 'Of the same nodes, in windows of each alone. None where no check asks Redis.',
  },
  requestHeaderBytes: {
    title: 'Credential to /profile',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about: 'Bytes of the header lines that carry it, as a client with a cookie jar sends them.',
  },
  authRequestHeaderBytes: {
    title: 'Credential to /auth',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about: 'The same to the routes that refresh and log out.',
  },
  loginResponseBytes: {
    title: 'Answer to a login',
    unit: 'B',
    digits: 0,
    better: 'lower',
    about: 'Bytes of the lines that set cookies, and of the body.',
  },
  exposureLoadedMillis: { title: 'Exposure, loaded, p50', unit: 'ms', digits: 2, better: 'lower' },
};

interface FactorWords {
  readonly title: string;
  /** Of the axis; empty where levels are counts. */
  readonly unit: string;
}

export const factorWords: Readonly<Record<SweepFactor, FactorWords>> = {
  'added-rtt-millis': { title: 'round-trip time added between node and Redis', unit: 'ms' },
  connections: { title: 'connections', unit: '' },
  credentials: { title: 'credentials in rotation', unit: '' },
  nodes: { title: 'nodes', unit: '' },
  permissions: { title: 'permissions of a user', unit: '' },
  sessions: { title: 'sessions', unit: '' },
  roles: { title: 'roles of a user', unit: '' },
  'rsa-bits': { title: 'length of the RSA key', unit: 'bits' },
};

/** A place on the axis: `1,000`, `0.66 ms`. */
export function placeText(factor: SweepFactor, at: number): string {
  const { unit } = factorWords[factor];
  const digits = Number.isInteger(at) ? 0 : 2;
  return unit === '' ? fixed(at, digits) : `${fixed(at, digits)} ${unit}`;
}

/** Where an order changes, found between two levels, so to two digits: `11 connections`, `0.66 ms`. */
export function crossingText(factor: SweepFactor, at: number): string {
  const { unit, title } = factorWords[factor];
  const place = placeText(factor, Number(at.toPrecision(2)));
  return unit === '' ? `${place} ${title}` : place;
}

/** What a table says of a growth; the shape that is judged, and by how much the last level differs from the first. */
export function growthCell(figure: SweepFigureName, { growth }: SweepFigureResults['contestants'][number]): string {
  if (growth === null) return 'not judged';
  const { unit, digits } = figureWords[figure];
  if (growth.change === null || growth.shape === 'flat' || growth.shape === 'cannot tell') return growth.shape;
  return `${growth.shape} (${signed(growth.change, digits)}${unit === '' ? '' : ` ${unit}`})`;
}

const shapeWords: Readonly<Record<GrowthShape, string>> = {
  flat: 'stays flat',
  linear: 'grows linearly',
  'slower than linear': 'grows, slower than linearly',
  'faster than linear': 'grows faster than linearly',
  falls: 'falls',
  uneven: 'changes unevenly',
  'cannot tell': 'may or may not change (this run cannot tell)',
};

/** A paragraph for each figure whose growth was judged. */
export function sweepAnswer({ factor, levels, figures }: SweepResults): string[] {
  const [first, last] = [levels[0], levels.at(-1)];
  if (first === undefined || last === undefined) return [];
  const range = `From ${placeText(factor, first.at)} to ${placeText(factor, last.at)} (${factorWords[factor].title}), in ${levels.length} levels:`;
  const refused = refusedSentences(levels);
  const paragraphs = figures.flatMap((result) => {
    const sentences = [...growthSentences(result), ...crossoverSentences(factor, result)];
    return sentences.length === 0 ? [] : [sentences.join(' ')];
  });
  if (paragraphs.length + refused.length === 0) return ['Nothing was measured that could answer the question.'];
  return [range, ...paragraphs, ...refused];
}

/** Who was left out of which levels, because a login of such users is refused. */
function refusedSentences(levels: SweepResults['levels']): string[] {
  const refused = levels.flatMap(({ refusedLogins }) => refusedLogins);
  const names = [...new Set(refused.map(({ contestant }) => contestant))];
  return names.map((name) => {
    const own = refused.filter(({ contestant }) => contestant === name);
    const claims = [...new Set(own.map((one) => one.claims))];
    const statuses = [...new Set(own.map(({ status }) => `${status}`))];
    return `${name} logs nobody in who has ${listed(claims)} (status ${listed(statuses)}): that is too much for its credential. It is left out of these levels.`;
  });
}

/** The figures that a decision rests on first. */
const leading: readonly SweepFigureName[] = ['openLoopP50Micros', 'nodeCpuMicros', 'revocationLoadedMillis'];

/** One sentence for the top of the report: where an order changes, else how the foremost figure grows. Empty without a sweep. */
export function sweepLead(sweep: SweepResults | null): string {
  if (sweep === null) return '';
  const rank = ({ figure }: SweepFigureResults) =>
    leading.includes(figure) ? leading.indexOf(figure) : leading.length;
  const figures = sweep.figures.toSorted((left, right) => rank(left) - rank(right));
  const [crossing] = figures.filter(({ crossovers }) => crossovers.length > 0);
  if (crossing !== undefined) {
    const sentences = crossoverSentences(sweep.factor, crossing);
    return `${figureWords[crossing.figure].title}: ${sentences[0]}`;
  }
  return figures.flatMap(growthSentences)[0] ?? '';
}

function growthSentences({ figure, contestants }: SweepFigureResults): string[] {
  const judged = contestants.flatMap(({ contestant, growth }) => (growth === null ? [] : [{ contestant, growth }]));
  const shapes = [...new Set(judged.map(({ growth }) => growth.shape))];
  const parts = shapes.map((shape) => {
    const alike = judged.filter(({ growth }) => growth.shape === shape).map(({ contestant }) => contestant);
    return `${shapeWords[shape]} with ${listed(alike)}`;
  });
  if (parts.length === 0) return [];
  const { title } = figureWords[figure];
  if (shapes.length === 1 && shapes[0] === 'cannot tell') return [`${title}: this run cannot tell whether it changes.`];
  return [`${title} ${parts.join('; it ')}.`];
}

/** Where the order of two strategies changes. */
export function crossoverSentences(factor: SweepFactor, { figure, crossovers }: SweepFigureResults): string[] {
  const { better } = figureWords[figure];
  return crossovers.map(({ left, right, at, after, before, isFirstLowerBefore }) => {
    const isLeftBetterBefore = isFirstLowerBefore === (better === 'lower');
    const [ahead, behind] = isLeftBetterBefore ? [left, right] : [right, left];
    return `${ahead} is better than ${behind} up to about ${crossingText(factor, at)} and worse beyond (between ${placeText(factor, after)} and ${placeText(factor, before)}).`;
  });
}
