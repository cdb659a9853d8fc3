/** The figures in words: what stands behind each name that thresholds and comparisons use. */

import { fixed, signed } from './format.ts';

/** Sections of a comparison, in their order. */
export const figureGroups = [
  'Cost of a check',
  'Throughput and latency',
  'Revocation',
  'Login, refresh and logout',
  'Length of the credential',
  'State',
  'Under fault',
] as const;

export type FigureGroup = (typeof figureGroups)[number];

export interface FigureWords {
  readonly group: FigureGroup;
  /** With its unit. */
  readonly title: string;
  /** After the point. */
  readonly digits: number;
  /** Worth a picture where there are intervals. */
  readonly isDrawn: boolean;
}

export const figureWords: Readonly<Record<string, FigureWords>> = {
  nodeCpuMicros: words('Cost of a check', 'node CPU per check, µs', 1, true),
  nodeCpuMicrosWhole: words('Cost of a check', 'node CPU per whole request, µs', 1),
  redisCpuMicros: words('Cost of a check', 'Redis CPU per check, µs', 1, true),
  nodeAndRedisCpuMicros: words('Cost of a check', 'CPU of node and Redis per check, µs', 1),
  redisCommands: words('Cost of a check', 'Redis commands per check', 2),
  redisNetworkBytes: words('Cost of a check', 'bytes to and from Redis per check', 0),
  requestsPerTurn: words('Cost of a check', 'requests in one turn of the event loop', 2),
  throughputRatio: words('Throughput and latency', 'requests per second, as a ratio to none', 3, true),
  requestsPerSecond: words('Throughput and latency', 'requests per second', 0),
  latencyMicros: words('Throughput and latency', 'latency in a closed loop, µs', 0),
  openLoopMicros: words('Throughput and latency', 'latency at a fixed arrival rate, µs', 0, true),
  openLoopOverReferenceMicros: words('Throughput and latency', 'p50 at a fixed arrival rate, over none, µs', 0, true),
  revocationLatencyMillis: words('Revocation', 'from sending the logout until no node accepts, ms', 2, true),
  exposureMillis: words('Revocation', 'accepted after the acknowledgement for, ms', 2, true),
  exposureOverDelivery: words('Revocation', 'accepted after the acknowledgement, over bare delivery', 1),
  falseAccepts: words('Revocation', 'trials in which a node accepted beyond the bound', 0),
  rolesStaleMillis: words('Revocation', 'from a role change until the new roles are seen, ms', 2),
  loginMicros: words('Login, refresh and logout', 'login, µs', 0),
  refreshMicros: words('Login, refresh and logout', 'refresh, µs', 0),
  logoutMicros: words('Login, refresh and logout', 'logout, µs', 0),
  requestHeaderBytes: words('Length of the credential', 'sent with each request, bytes', 0),
  authRequestHeaderBytes: words('Length of the credential', 'sent to the auth routes, bytes', 0),
  loginResponseBytes: words('Length of the credential', 'answer to the login, bytes', 0),
  largestCookieBytes: words('Length of the credential', 'longest cookie, bytes', 0),
  redisSessionBytes: words('State', 'Redis memory per session, bytes', 0),
  redisEndedSessionBytes: words('State', 'Redis memory per ended session, bytes', 0),
  nodeRevocationBytes: words('State', 'node memory per live revocation, bytes', 0, true),
  rebuildMillis: words('State', 'time to rebuild a node, ms', 1, true),
  rebuildOverBareReading: words('State', 'time to rebuild, over that of bare reading', 2),
  longestPauseMillis: words('State', 'longest pause of the node, ms', 1),
  checkCpuRatio: words('State', 'node CPU with the revocations, as a ratio to without', 3),
  checkRedisMicros: words('State', 'Redis CPU per check with the revocations, µs', 1),
  brokenPromises: words('Under fault', 'broken promises', 0),
  violations: words('Under fault', 'broken promises in random histories', 0),
  faultFalseAccepts: words('Under fault', 'revoked credentials accepted beyond the bound', 0),
  faultFalseRejections: words('Under fault', 'good credentials refused', 0),
  faultLostLogouts: words('Under fault', 'acknowledged logouts lost', 0),
  faultLongestAnswerMillis: words('Under fault', 'longest answer, ms', 0),
};

function words(group: FigureGroup, title: string, digits: number, isDrawn = false): FigureWords {
  return { group, title, digits, isDrawn };
}

export interface NamedFigure {
  readonly contestant: string;
  /** `exposureMillis.idle.p50`: the same for all strategies and levels. */
  readonly measure: string;
  /** `session`, `session, at 4` where the name has a level. */
  readonly row: string;
  readonly words: FigureWords;
  /** With its part: `accepted after the acknowledgement for, ms (idle, p50)`. */
  readonly title: string;
}

/** Takes a name apart; a figure that is not known here stands under its own name. */
export function namedFigure(name: string): NamedFigure {
  const [path = '', level] = name.split('@');
  const [contestant = '', figure = '', ...parts] = path.split('.');
  const known = figureWords[figure] ?? words('Under fault', figure, 2);
  const title = parts.length === 0 ? known.title : `${known.title} (${parts.join(', ')})`;
  return {
    contestant,
    measure: [figure, ...parts].join('.'),
    row: level === undefined ? contestant : `${contestant}, at ${level}`,
    words: known,
    title,
  };
}

export function figureText(value: number, { digits }: FigureWords): string {
  return fixed(value, digits);
}

/** `+38.1 [30.2, 46.0]`; of what was counted, the difference alone. */
export function differenceText(
  { difference, low, high, isExact }: { difference: number; low: number; high: number; isExact: boolean },
  { digits }: FigureWords,
): string {
  const own = signed(difference, digits);
  return isExact ? own : `${own} [${fixed(low, digits)}, ${fixed(high, digits)}]`;
}
