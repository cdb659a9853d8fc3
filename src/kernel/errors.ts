/** Faults: the one list of codes that authlab throws. A refusal (wrong password, expired token) is a value, not a fault. */

export type ErrorCode =
  /** Settings, scenario or command line are wrong; `faults` lists every place. Nothing was started. */
  | 'ERR_INPUT_INVALID'
  /** The log answered nothing, and nothing was sent: certainly not done. */
  | 'ERR_LOG_UNAVAILABLE'
  /** The log did not answer what was sent: perhaps done. Retry with the same operation id. */
  | 'ERR_LOG_OUTCOME_UNKNOWN'
  /** Other writers won every attempt within the deadline: certainly not done. */
  | 'ERR_LOG_CONTENDED'
  /** The log holds something this version cannot read. */
  | 'ERR_LOG_CORRUPT'
  /** Redis refuses to serve as the log: too old, evicting, read-only, out of memory. */
  | 'ERR_LOG_REFUSED'
  /** No Redis was found or could be started. */
  | 'ERR_ENVIRONMENT_REDIS'
  /** A port is taken or may not be bound. */
  | 'ERR_ENVIRONMENT_PORT'
  /** Anything else this machine lacks. */
  | 'ERR_ENVIRONMENT'
  /** The results cannot be written or read. */
  | 'ERR_OUTPUT'
  /** A child process of the lab ended or stopped answering. */
  | 'ERR_PART_CRASHED'
  /** The user ended the run. */
  | 'ERR_INTERRUPTED';

/** One thing that is wrong with what the user gave: where it stands, what is wrong, and what to do. */
export interface Fault {
  /** `file:line:column`, `flag --name`, `environment NAME` or a dotted path. */
  readonly place: string;
  readonly message: string;
}

/** The only class authlab throws on purpose. Its message never holds a credential. */
export class AuthlabError extends Error {
  override readonly name = 'AuthlabError';
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; faults?: readonly Fault[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

export function isAuthlabError(error: unknown, ...codes: ErrorCode[]): error is AuthlabError {
  return error instanceof AuthlabError && (codes.length === 0 || codes.includes(error.code));
}
