/** Ctrl-C and its kin: the first ends the run in good order, the second ends it at once. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** How often a run looks whether the program that started it is still there. */
const parentCheckMillis = 250;

export interface Interruptions {
  /** Fires with ERR_INTERRUPTED as its reason. */
  readonly signal: AbortSignal;
  close(): void;
}

/**
 * Listens for SIGINT, SIGTERM and SIGHUP. The second one ends the process on the spot; the watchdog, which outlives it,
 * then ends every child. A run started by npm also ends when npm is gone: nobody is left who would read the result.
 */
export function interruptions(): Interruptions {
  const controller = new AbortController();
  const interrupt = (what: string): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new AuthlabError('ERR_INTERRUPTED', `ended by ${what}`));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, interrupt);
  const timer = process.env.npm_lifecycle_event === undefined ? null : watchParent(() => interrupt('the end of npm'));
  return {
    signal: controller.signal,
    close() {
      for (const name of signals) process.off(name, interrupt);
      if (timer !== null) clearInterval(timer);
    },
  };
}

function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, parentCheckMillis);
  return timer.unref();
}
