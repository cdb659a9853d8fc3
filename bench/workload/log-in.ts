/** Credentials by real logins over HTTP, and their end by a real logout. */

import { type Dispatcher, Pool } from 'undici';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { type Contestant, userName } from './contestant.ts';
import { type Credential, credentialFrom, type LoginAnswer } from './credential.ts';
import { sharedSignal } from './shared-signal.ts';

export interface LogInOptions {
  /** Number of the first user; the others follow. */
  readonly firstUser?: number;
  /** Logins under way at the same time, each on a connection of its own. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called after every login with the number done so far. */
  readonly onProgress?: (done: number) => void;
  readonly clock?: Clock;
}

export interface LoggedIn {
  readonly credential: Credential;
  readonly answer: LoginAnswer;
}

/** As much of a request as needs no connection to be told. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const defaultConcurrency = 16;
const requestTimeoutMillis = 10_000;

/**
 * Logs in `count` users at the contestant's first node and returns their credentials in the order of the users. Throws
 * ERR_PART_CRASHED at the first login that is not answered with 200 (nothing is retried: a credential that was hard to
 * get is a finding), ERR_INTERRUPTED when `signal` fires.
 */
export async function logIn(
  contestant: Contestant,
  count: number,
  options: LogInOptions = {},
): Promise<readonly LoggedIn[]> {
  const firstUser = options.firstUser ?? 0;
  const concurrency = Math.min(options.concurrency ?? defaultConcurrency, count);
  const results: LoggedIn[] = new Array(count);
  const { clock } = options;
  const signal = sharedSignal(options.signal);
  let next = 0;
  let done = 0;
  let failed = false;
  await withPool(contestant, Math.max(concurrency, 1), async (pool) => {
    const work = async (): Promise<void> => {
      while (next < count && !failed) {
        const index = next++;
        results[index] = await logInOne(pool, contestant, userName(firstUser + index), signal, clock);
        done += 1;
        options.onProgress?.(done);
      }
    };
    const workers = Array.from({ length: concurrency }, () =>
      work().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    );
    // The pool is closed only when nobody uses it any more; the first fault is the one that is told.
    await Promise.allSettled(workers);
    await Promise.all(workers);
  });
  return results;
}

/** Logs one user in: a victim, or a witness. Throws as `logIn`. */
export async function logInUser(
  contestant: Contestant,
  userIndex: number,
  options: Pick<LogInOptions, 'signal' | 'clock'> = {},
): Promise<LoggedIn> {
  return withPool(contestant, 1, (pool) =>
    logInOne(pool, contestant, userName(userIndex), options.signal, options.clock),
  );
}

export type LogInAttempt =
  | { readonly ok: true; readonly value: LoggedIn }
  /** HTTP status, other than 200. */
  | { readonly ok: false; readonly status: number };

/** A login that may be refused: for users who may be too much for a credential. Throws as `logIn`, but for no status. */
export function attemptLogIn(
  contestant: Contestant,
  userIndex: number,
  { signal, clock }: Pick<LogInOptions, 'signal' | 'clock'> = {},
): Promise<LogInAttempt> {
  return withPool(contestant, 1, (pool) => attemptOne(pool, contestant, userName(userIndex), signal, clock));
}

/** The request that ends a session: what a client of the API sends to log out. */
export function revokeRequest(contestant: Contestant, credential: Credential): PlannedRequest {
  const path = contestant.revokePath;
  return { method: 'POST', path, headers: { ...credential.headersFor(path), ...jsonContent }, body: '{}' };
}

/** Ends the session at a node (the first by default). Returns the status, 0 when there was no answer. */
export async function revoke(contestant: Contestant, credential: Credential, node = 0): Promise<number> {
  const pool = new Pool(contestant.nodes[node] ?? '', { connections: 1 });
  try {
    const { path, method, headers, body } = revokeRequest(contestant, credential);
    const answer = await pool.request({ path, method, headers, body: body ?? null, ...timeouts });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return 0;
  } finally {
    await pool.destroy();
  }
}

/** Ends all of them at the first node, 16 at a time. Returns the first status that is no success, or null. */
export async function revokeAll(
  contestant: Contestant,
  credentials: readonly Credential[],
  { signal, onProgress }: Pick<LogInOptions, 'signal' | 'onProgress'> = {},
): Promise<number | null> {
  let next = 0;
  let done = 0;
  let refused: number | null = null;
  await withPool(contestant, defaultConcurrency, async (pool) => {
    const work = async (): Promise<void> => {
      for (let credential = credentials[next++]; credential && refused === null; credential = credentials[next++]) {
        if (signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted while logging out');
        const { path, method, headers, body } = revokeRequest(contestant, credential);
        const answer = await pool.request({ path, method, headers, body: body ?? null, ...timeouts });
        await answer.body.dump();
        if (answer.statusCode < 200 || answer.statusCode > 299) refused ??= answer.statusCode;
        done += 1;
        onProgress?.(done);
      }
    };
    await Promise.all(Array.from({ length: defaultConcurrency }, work));
  });
  return refused;
}

const jsonContent = { 'content-type': 'application/json' };
const timeouts = { headersTimeout: requestTimeoutMillis, bodyTimeout: requestTimeoutMillis };

async function withPool<T>(contestant: Contestant, connections: number, use: (pool: Pool) => Promise<T>): Promise<T> {
  const [node] = contestant.nodes;
  if (node === undefined) throw new AuthlabError('ERR_INPUT_INVALID', `${contestant.name} has no node`);
  const pool = new Pool(node, { connections });
  try {
    return await use(pool);
  } finally {
    await pool.destroy();
  }
}

async function logInOne(
  pool: Pool,
  contestant: Contestant,
  user: string,
  signal: AbortSignal | undefined,
  clock?: Clock,
): Promise<LoggedIn> {
  const attempt = await attemptOne(pool, contestant, user, signal, clock);
  if (!attempt.ok) throw refused(contestant, `answered a login with ${attempt.status}`);
  return attempt.value;
}

async function attemptOne(
  pool: Pool,
  contestant: Contestant,
  user: string,
  signal: AbortSignal | undefined,
  clock: Clock = systemClock,
): Promise<LogInAttempt> {
  const { statusCode, answer } = await askToLogIn(pool, contestant, user, signal);
  if (statusCode !== 200) return { ok: false, status: statusCode };
  const result = credentialFrom(contestant, user, answer, clock);
  if (!result.ok) throw refused(contestant, `answered a login with 200, but with ${result.reason}`);
  return { ok: true, value: { credential: result.credential, answer } };
}

async function askToLogIn(
  pool: Dispatcher,
  { name, login }: Contestant,
  user: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly statusCode: number; readonly answer: LoginAnswer }> {
  const fields = Object.entries(login.body).map(([field, value]) => [field, value.replaceAll('{user}', user)]);
  try {
    const { statusCode, headers, body } = await pool.request({
      path: login.path,
      method: 'POST',
      headers: jsonContent,
      body: JSON.stringify(Object.fromEntries(fields)),
      signal: signal ?? null,
      ...timeouts,
    });
    const setCookies = [headers['set-cookie'] ?? []].flat();
    return { statusCode, answer: { setCookies, body: await body.text() } };
  } catch (error) {
    if (signal?.aborted) throw new AuthlabError('ERR_INTERRUPTED', 'interrupted while logging in', { cause: error });
    throw new AuthlabError('ERR_PART_CRASHED', `${name} did not answer a login`, { cause: error });
  }
}

function refused(contestant: Contestant, what: string): AuthlabError {
  return new AuthlabError('ERR_PART_CRASHED', `${contestant.name} ${what}`);
}
