/** The exit codes of `authlab`, and which fault ends with which. */

import { AuthlabError, type ErrorCode } from '../../src/kernel/errors.ts';

export const exitCodes = {
  ok: 0,
  /** The run is invalid, or a comparison found a regression. */
  invalid: 1,
  badInput: 2,
  environment: 3,
  output: 4,
  partCrashed: 5,
  /** The run is valid, and a line of `expect` fails. */
  unexpected: 99,
  interrupted: 130,
} as const;

const codeOfFault: Readonly<Record<ErrorCode, number>> = {
  ERR_INPUT_INVALID: exitCodes.badInput,
  ERR_ENVIRONMENT: exitCodes.environment,
  ERR_ENVIRONMENT_REDIS: exitCodes.environment,
  ERR_ENVIRONMENT_PORT: exitCodes.environment,
  ERR_LOG_REFUSED: exitCodes.environment,
  ERR_LOG_UNAVAILABLE: exitCodes.environment,
  ERR_LOG_OUTCOME_UNKNOWN: exitCodes.environment,
  ERR_LOG_CONTENDED: exitCodes.environment,
  ERR_LOG_CORRUPT: exitCodes.environment,
  ERR_OUTPUT: exitCodes.output,
  ERR_PART_CRASHED: exitCodes.partCrashed,
  ERR_INTERRUPTED: exitCodes.interrupted,
};

export function exitCodeOf(error: unknown): number {
  return error instanceof AuthlabError ? codeOfFault[error.code] : exitCodes.partCrashed;
}

/** What to print for a fault: every place that is wrong, or one sentence. A bug of ours keeps its stack. */
export function describeFault(error: unknown): string {
  if (!(error instanceof AuthlabError)) {
    return `authlab: unexpected fault, please report it: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const lines = error.faults.map((fault) => `  ${fault.place}: ${fault.message}`);
  return [`authlab: ${error.message}`, ...lines].join('\n');
}
