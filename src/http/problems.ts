/** Every refusal and fault as the client sees it: problem details (RFC 9457). This file is the only mapping. */

import type Koa from 'koa';
import { newPasswordCharacters, passwordBytes } from '../identity/password-users.ts';
import { type Fault, isAuthlabError } from '../kernel/errors.ts';

interface Problem {
  readonly status: number;
  /** For people. The same for every occurrence: what exactly was wrong is nobody's business but the server's. */
  readonly title: string;
  /** OAuth 2.0 error code, where one exists (RFC 6749 5.2, RFC 6750 3.1). */
  readonly error?: string;
  /** Only faults are worth repeating. */
  readonly retryAfterSeconds?: number;
}

export type ProblemName = keyof typeof problemTable;

const problemTable = {
  'malformed-request': { status: 400, title: 'The request could not be understood.' },
  'no-credential': { status: 401, title: 'A credential is needed here.' },
  'invalid-token': { status: 401, title: 'The credential is not accepted.', error: 'invalid_token' },
  'wrong-password': { status: 401, title: 'The username or the password is wrong.' },
  'invalid-grant': { status: 401, title: 'The session cannot be refreshed; log in again.', error: 'invalid_grant' },
  'cross-site-request': {
    status: 403,
    title: 'This request must come from this site, or from a client without cookies.',
  },
  'plain-http-refused': {
    status: 403,
    title: 'Plain HTTP is refused. Use HTTPS, or see the settings plainHttp and trustProxy of this server.',
  },
  'insufficient-scope': { status: 403, title: 'This is for administrators.', error: 'insufficient_scope' },
  'not-found': { status: 404, title: 'There is nothing here.' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here.' },
  'body-too-large': { status: 413, title: 'The body is too large.' },
  'json-expected': { status: 415, title: 'The body must be application/json, and not compressed.' },
  'unfit-password': {
    status: 422,
    title: `A new password has at least ${newPasswordCharacters} characters and at most ${passwordBytes.maximum} bytes.`,
  },
  'too-many-attempts': { status: 429, title: 'Too many attempts have failed. Try again later.' },
  'credential-too-large': { status: 431, title: 'The credential is too large.' },
  'internal-error': { status: 500, title: 'Something went wrong here.' },
  unavailable: { status: 503, title: 'This cannot be told or done at the moment.', retryAfterSeconds: 1 },
} as const satisfies Record<string, Problem>;

/**
 * Answers with a problem; headers that were set before (`Allow`, `WWW-Authenticate`, `Retry-After`, cookies) stay.
 * @param faults what is wrong with a question, for those who may ask it: administrators
 */
export function answerProblem(context: Koa.Context, name: ProblemName, faults?: readonly Fault[]): void {
  const problem: Problem = problemTable[name];
  const { status, title, error, retryAfterSeconds } = problem;
  context.status = status;
  context.set('Content-Type', 'application/problem+json');
  if (retryAfterSeconds !== undefined) context.set('Retry-After', String(retryAfterSeconds));
  context.body = JSON.stringify({
    type: `urn:authlab:problem:${name}`,
    title,
    status,
    ...(error && { error }),
    ...(faults && { faults }),
  });
}

/**
 * The outermost middleware: turns whatever was thrown, and every empty answer of a router, into a problem. A fault
 * takes back cookies that were about to be set, so that a client whose logout failed can try again.
 * @param report told of faults that do not pass by themselves, never of refusals or of a log that is away
 */
export function problems(report: (error: unknown) => void): Koa.Middleware {
  return async function answerWithProblems(context, next) {
    try {
      await next();
    } catch (error) {
      const name = nameOfFault(error);
      if (name === 'internal-error' || isAuthlabError(error, 'ERR_LOG_CORRUPT')) report(error);
      if (problemTable[name].status >= 500) context.remove('Set-Cookie');
      answerProblem(context, name);
      return;
    }
    const { status } = context;
    if (status === 404) answerProblem(context, 'not-found');
    // The router says 501 to the methods that no route has; every one of them is known, so it is 405 (RFC 9110 15.5.6).
    else if (status === 405 || status === 501) answerProblem(context, 'method-not-allowed');
  };
}

function nameOfFault(error: unknown): ProblemName {
  if (isAuthlabError(error)) return error.code.startsWith('ERR_LOG_') ? 'unavailable' : 'internal-error';
  switch (statusOfHttpError(error)) {
    case 400:
    case 499:
      return 'malformed-request';
    case 413:
      return 'body-too-large';
    case 415:
      return 'json-expected';
    default:
      return 'internal-error';
  }
}

/** The body parser throws errors with a `status`; their messages may quote the body, so nothing else of them is used. */
function statusOfHttpError(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
