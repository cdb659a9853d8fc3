/** What a failed Redis command means for the log: not done, perhaps done, or refused. */

import { AuthlabError } from '../kernel/errors.ts';
import { describeRedisAddress, hostOf, parseRedisAddress, type RedisHost } from './redis-address.ts';

/** Replies that pass by themselves; the command was certainly not executed. */
const passing = new Set([
  'LOADING',
  'MASTERDOWN',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MOVED',
  'ASK',
  'BUSY',
  'UNBLOCKED',
  'NOREPLICAS',
]);

/** What to do about the replies that do not pass by themselves. */
const remedies: Readonly<Record<string, string>> = {
  OOM: 'its memory is full; raise maxmemory',
  READONLY: 'it is a replica; use the primary',
  NOAUTH: 'it demands a password; put it into the URL',
  WRONGPASS: 'it does not accept the user name or password; correct the URL',
  NOPERM: 'its user may not run the command; widen its ACL',
  WRONGTYPE: 'a key of the log holds something else; use another realm or remove the key',
  MISCONF: 'it cannot persist and has stopped writing; look into its own log',
};

/**
 * Hosts and ports of a Redis URL of any form, behind them the name of a primary that Sentinels watch, and nothing else of
 * it: user name and password never get into a message.
 */
export function redisAddress(url: string): string {
  const parsed = parseRedisAddress(url);
  return parsed.ok ? describeRedisAddress(parsed.value) : 'the configured address';
}

/**
 * Turns what ioredis threw for one command into a fault of the log. A reply's own text and its command are left out:
 * Redis quotes arguments, and arguments are state of users.
 *
 * @param unanswered what it means when the command was sent and no reply came.
 */
export function logFault(
  error: unknown,
  address: string,
  unanswered: 'ERR_LOG_UNAVAILABLE' | 'ERR_LOG_OUTCOME_UNKNOWN',
): AuthlabError {
  if (error instanceof AuthlabError) return error;
  const word = replyWord(error);
  if (word === null) {
    if (isNotSent(error)) return new AuthlabError('ERR_LOG_UNAVAILABLE', `no connection to Redis at ${address}`);
    return new AuthlabError(unanswered, `Redis at ${address} did not answer what was sent`);
  }
  if (passing.has(word)) return new AuthlabError('ERR_LOG_UNAVAILABLE', `Redis at ${address} answered ${word}`);
  if (word === 'CORRUPT') {
    return new AuthlabError('ERR_LOG_CORRUPT', `Redis at ${address} holds a record that this version cannot read`);
  }
  const remedy = remedies[word];
  return new AuthlabError(
    'ERR_LOG_REFUSED',
    `Redis at ${address} answered ${word}${remedy === undefined ? '' : `: ${remedy}`}`,
  );
}

/** The first word of an error reply, or null when the error is not a reply of Redis. */
export function replyWord(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null;
  return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR';
}

/** ioredis says so in words only when it refuses to queue a command on a connection that is not writable. */
function isNotSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}

/** Where a node of a Cluster sends us instead: the command was not executed. Null when the error is none of that. */
export function redirection(error: unknown): Redirection | null {
  const word = replyWord(error);
  if ((word !== 'MOVED' && word !== 'ASK') || !(error instanceof Error)) return null;
  const [, , place = ''] = error.message.split(' ');
  const port = Number(place.slice(place.lastIndexOf(':') + 1));
  return Number.isInteger(port) && port > 0 ? { asking: word === 'ASK', host: hostOf(place), port } : null;
}

export interface Redirection extends RedisHost {
  /** For this one command only, and the server must be told so: the slot is on its way there. */
  readonly asking: boolean;
}

/** Whether a command was sent and its deadline passed. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}
