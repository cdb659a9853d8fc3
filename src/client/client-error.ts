/** What the client's named methods throw when the server answers, but not with what was asked for (RFC 9457). */

/** Problem details. `about:blank` stands for an answer that brought none, such as a proxy's. */
export interface Problem {
  readonly type: string;
  /** For people. */
  readonly title: string;
  readonly status: number;
  /** OAuth 2.0 error code (RFC 6749 5.2, RFC 6750 3.1), where one exists. */
  readonly error?: string;
}

/** Neither its message nor its fields hold a credential. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** Of the HTTP answer. */
  readonly status: number;
  readonly problem: Problem;
  /** When the server says that it is worth trying again, counted from its answer. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.status}: ${problem.title}`);
    this.status = problem.status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An answer as an error, read to its end. Never throws. */
export async function errorOf(response: Response): Promise<ClientError> {
  const retryAfter = response.headers.get('retry-after') ?? '';
  return new ClientError(await problemOf(response), /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined);
}

/** Reads an answer as problem details. Never throws: what cannot be read counts as an answer without any. */
export async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  const blank: Problem = { type: 'about:blank', title: `The server answered with ${status}.`, status };
  try {
    const body: unknown = JSON.parse(await response.text());
    if (typeof body !== 'object' || body === null) return blank;
    const { type, title, error } = body as Readonly<Record<string, unknown>>;
    return {
      type: typeof type === 'string' ? type : blank.type,
      title: typeof title === 'string' ? title : blank.title,
      status,
      ...(typeof error === 'string' ? { error } : {}),
    };
  } catch {
    return blank;
  }
}

/**
 * What `read` makes of a successful answer's JSON, read to its end. Throws ClientError for every other answer, and for
 * one that `read` makes null of; what the platform throws when the answer breaks off.
 */
export async function bodyOf<T>(response: Response, read: (body: unknown) => T | null): Promise<T> {
  await expectSuccess(response);
  const text = await response.text();
  const value = read(parsed(text));
  if (value !== null) return value;
  const { status } = response;
  throw new ClientError({ type: 'about:blank', title: 'The answer could not be understood.', status });
}

/** Throws ClientError unless the answer is a success; leaves a successful answer's body unread. */
export async function expectSuccess(response: Response): Promise<void> {
  if (!response.ok) throw await errorOf(response);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
