/** The measured part of the report: a section a measure, each with its table and what is needed to read it. */

import type { RevocationCondition } from '../record/run-events.ts';
import type { Distribution } from '../statistics/quantiles.ts';
import { cellsOf, nodeCpuText, observedThroughputCell, ratioText, weakenedMark } from './cells.ts';
import { type Block, section, subsection, table } from './document.ts';
import { counted, differenceWithInterval, duration, fixed, signed, withInterval } from './format.ts';
import { costPicture, throughputPicture } from './pictures/cost.ts';
import { latencyPicture } from './pictures/latency.ts';
import { revocationPicture } from './pictures/revocation.ts';
import { sizePicture } from './pictures/size.ts';
import { showsStrayCommands, strayCommandsText } from './stray-commands.ts';
import type { Figure } from './summarise/figure.ts';
import type { ContestantResults, Results, RevocationSummary } from './summarise/results.ts';
import { cookieLimitBytes } from './summarise/token-size.ts';

/** Empty where the scenario does not ask for the measure. */
export function costSection({ contestants, noiseFloor }: Results): Block[] {
  if (contestants.every(({ cost }) => isUnasked(cost))) return [];
  const rows = contestants.map(({ contestant, cost }) => [
    contestant,
    ...cellsOf(cost, [
      nodeCpuText,
      ({ verdict }) => verdict ?? 'noise floor',
      ({ nodeCpuMicrosWhole }) => withInterval(nodeCpuMicrosWhole, 1),
      ({ redisCpuMicros }) => differenceWithInterval(redisCpuMicros, 1),
      ({ nodeAndRedisCpuMicros }) => differenceWithInterval(nodeAndRedisCpuMicros, 1),
      ({ redisCommands }) => differenceWithInterval(redisCommands, 2),
      ({ redisNetworkBytes }) => differenceWithInterval(redisNetworkBytes, 0),
    ]),
  ]);
  const noise =
    noiseFloor.nodeCpuMicros === null
      ? 'The noise floor was not measured, so small differences cannot be told from noise.'
      : `Noise floor: none against none differs by ${differenceWithInterval(noiseFloor.nodeCpuMicros, 1)} µs. No difference up to the farther end of that is called one.`;
  return [
    section('Cost of a check'),
    'CPU time per `GET /profile`, less that of `none` (the same route and bytes, nothing checked) in the window beside it. Mean over pairs and 95 % interval.',
    costPicture(contestants, noiseFloor),
    table(
      [
        'strategy',
        'node CPU, µs',
        'against none',
        'whole request, µs',
        'Redis CPU, µs',
        'both, µs',
        'Redis commands',
        'Redis bytes',
      ],
      rows,
    ),
    noise,
    ...(showsStrayCommands(contestants) ? [strayCommandsText] : []),
  ];
}

/** Row less column, node CPU per request; what cannot be told apart is not a number. */
export function comparisonSection({ costComparisons }: Results): Block[] {
  if (costComparisons.length === 0) return [];
  const names = [...new Set(costComparisons.flatMap(({ left, right }) => [left, right]))];
  const cell = (row: string, column: string): string => {
    const found = costComparisons.find(
      ({ left, right }) => (left === row && right === column) || (left === column && right === row),
    );
    if (found === undefined) return '';
    if (found.verdict === 'cannot tell') return '?';
    return signed(found.left === row ? found.nodeCpuMicros.estimate : -found.nodeCpuMicros.estimate, 1);
  };
  return [
    subsection('Between strategies'),
    'Node CPU per request of the row less that of the column, µs, round by round: so it need not be the difference of two means above. `?`: this run cannot tell them apart, whatever order the means are in.',
    table(
      ['row less column', ...names],
      names.map((row) => [row, ...names.map((column) => cell(row, column))]),
    ),
  ];
}

export function throughputSection({ contestants, noiseFloor, measures }: Results): Block[] {
  if (contestants.every(({ throughput }) => isUnasked(throughput))) return [];
  const rows = contestants.map(({ contestant, throughput, latency }) => [
    contestant,
    ...cellsOf(throughput, [ratioText, ({ verdict }) => verdict ?? 'noise floor']),
    observedThroughputCell(throughput),
    ...cellsOf(latency, [
      ({ p50Micros, referenceP50Micros }) => besideReference(p50Micros, referenceP50Micros),
      ({ p99Micros, referenceP99Micros }) =>
        p99Micros === null || referenceP99Micros === null ? 'too few' : besideReference(p99Micros, referenceP99Micros),
    ]),
  ]);
  const latency = measures.openLoop === null ? latencyPicture(contestants, null) : null;
  const noise = noiseFloor.throughputRatio === null ? 'not measured' : withInterval(noiseFloor.throughputRatio, 3);
  return [
    section('Throughput and latency'),
    `Closed loop, as many requests under way as there are connections: a latency here is the price of that load, from send, and no promise for another. Ratio: geometric mean over pairs and 95 % interval; requests per second: median over windows, with its 95 % interval from six windows on. Noise floor: ${noise}.`,
    throughputPicture(contestants, noiseFloor),
    table(['strategy', 'ratio to none', 'against none', 'requests/s', 'p50 (none), µs', 'p99 (none), µs'], rows),
    ...(latency === null ? [] : [latency]),
  ];
}

function besideReference(ownMicros: number, referenceMicros: number): string {
  return `${fixed(ownMicros, 0)} (${fixed(referenceMicros, 0)})`;
}

const conditions: readonly RevocationCondition[] = ['idle', 'loaded', 'redis-paused', 'until-expiry'];

export function revocationSection(results: Results): Block[] {
  const rows = results.contestants.flatMap(({ contestant, revocation }) =>
    conditions
      .filter((condition) => revocation[condition].state !== 'not-measured' || isUnreached(revocation[condition]))
      .map((condition) => revocationRow(contestant, condition, revocation[condition])),
  );
  if (rows.length === 0) return [];
  const picture = revocationPicture(results);
  return [
    section('Revocation'),
    'Every node is asked all the time with the credential while it is logged out. *Latency*: from sending the logout until no node accepts. *Exposure*: from its acknowledgement to the last accepted request sent after it. *Resolution*: the longest gap between two probes around the change. *max × delivery*: the longest exposure over the longest bare delivery. Percentiles are told where the trials carry them (p99 from 1,000).',
    ...(picture === null ? [] : [picture]),
    table(
      [
        'strategy, condition',
        'trials',
        'published bound',
        'latency p50',
        'p99',
        'max',
        'exposure p50',
        'max',
        'resolution p50',
        'max × delivery',
      ],
      rows,
    ),
    ...deliveryLines(results),
    ...confidenceLine(results),
  ];
}

function revocationRow(contestant: string, condition: string, figure: Figure<RevocationSummary>): string[] {
  const words = { 'until-expiry': 'until expiry', 'redis-paused': 'Redis paused' };
  const name = `${contestant}, ${words[condition as keyof typeof words] ?? condition}`;
  const [first = '', ...others] = cellsOf(figure, [
    trialsText,
    boundText,
    ({ revocationLatencyMillis }) => millisAt(revocationLatencyMillis, 'p50'),
    ({ revocationLatencyMillis }) => millisAt(revocationLatencyMillis, 'p99'),
    ({ revocationLatencyMillis }) => millisAt(revocationLatencyMillis, 'max'),
    ({ exposureWindowMillis }) => millisAt(exposureWindowMillis, 'p50'),
    ({ exposureWindowMillis }) => millisAt(exposureWindowMillis, 'max'),
    ({ probeSpacingMillis }) => duration(probeSpacingMillis.p50),
    ({ multipleOfDelivery }) => (multipleOfDelivery === null ? '–' : fixed(multipleOfDelivery, 1)),
  ]);
  const broken = figure.state === 'voided' ? (figure.observed?.falseAccepts ?? 0) : 0;
  return [name, broken === 0 ? first : `void: ${counted(broken, 'trial')} beyond the bound`, ...others];
}

function trialsText({ trials, acknowledgedTrials }: RevocationSummary): string {
  return acknowledgedTrials === trials ? fixed(trials, 0) : `${trials} (${acknowledgedTrials} acknowledged)`;
}

function millisAt(distribution: Distribution | null, key: 'p50' | 'p99' | 'max'): string {
  const millis = distribution?.[key] ?? null;
  return millis === null ? '–' : duration(millis);
}

function boundText({ boundMillis, remainingLifetimeMillis: lifetime }: RevocationSummary): string {
  if (boundMillis !== null) return boundMillis === 0 ? 'at once' : duration(boundMillis);
  return lifetime === null ? 'none' : `until expiry: ${duration(lifetime.max)} left`;
}

function deliveryLines({ delivery }: Results): string[] {
  const parts = (['idle', 'loaded'] as const).flatMap((condition) => {
    const found = delivery[condition];
    return found === null
      ? []
      : [
          `${condition} p50 ${duration(found.p50)}, ${found.p99 === null ? '' : `p99 ${duration(found.p99)}, `}max ${duration(found.max)} (${counted(found.count, 'message')})`,
        ];
  });
  if (parts.length === 0) return ['The bare delivery time of Redis was not measured.'];
  return [`Bare delivery, XADD until a blocked reader has it, in the same run: ${parts.join('; ')}.`];
}

/** What seeing no false accept is worth: the exact one-sided 95 % limit for none in n (Clopper and Pearson 1934). */
function confidenceLine({ contestants }: Results): string[] {
  const counts = contestants.flatMap(({ revocation }) =>
    (['idle', 'loaded'] as const).flatMap((condition) => {
      const figure = revocation[condition];
      return figure.state === 'measured' && figure.value.falseAccepts === 0 ? [figure.value.trials] : [];
    }),
  );
  if (counts.length === 0) return [];
  const fewest = Math.min(...counts);
  const limit = 1 - 0.05 ** (1 / fewest);
  return [
    `None beyond the bound in ${counted(fewest, 'trial')} rules out, with 95 % confidence, only that more than ${fixed(100 * limit, 1)} % of all revocations break it.`,
  ];
}

export function sizeSection({ contestants, measures }: Results): Block[] {
  const rows = contestants.flatMap(sizeRows);
  if (rows.length === 0) return [];
  const picture = sizePicture(contestants, measures.sizeLimits);
  return [
    section('Token size'),
    `Bytes of the header lines that carry the credential, as a client with a cookie jar sends them. Browsers drop a cookie over ${fixed(cookieLimitBytes, 0)} bytes; servers refuse headers over 8 to 16 KiB in all.`,
    ...(picture === null ? [] : [picture]),
    table(
      [
        'strategy, claims',
        'to /profile',
        'to /auth',
        'answer to login',
        `largest cookie of ${fixed(cookieLimitBytes, 0)}`,
      ],
      rows,
    ),
  ];
}

function sizeRows({ contestant, tokenSize }: ContestantResults): string[][] {
  if (tokenSize.state !== 'measured') return isUnreached(tokenSize) ? [[contestant, 'not reached', '', '', '']] : [];
  const mark = tokenSize.weakenedBy.length > 0 ? ` ${weakenedMark}` : '';
  return tokenSize.value.map((size) => [
    `${contestant}, ${size.claims}${mark}`,
    fixed(size.requestHeaderBytes, 0),
    fixed(size.authRequestHeaderBytes, 0),
    fixed(size.loginResponseBytes, 0),
    `${size.largestCookieBytes === 0 ? 'none' : fixed(size.largestCookieBytes, 0)}${size.fitsCookie ? '' : ' (dropped)'}`,
  ]);
}

function isUnasked(figure: Figure<unknown>): boolean {
  return figure.state === 'not-measured' && figure.reason === 'not-in-scenario';
}

function isUnreached(figure: Figure<unknown>): boolean {
  return figure.state === 'not-measured' && figure.reason === 'not-reached';
}
