/** Ctrl-C and its kin: the first ends the run in good order, the second ends it at once. */

import { readFileSync } from 'node:fs';
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

/** npm starts a shell that starts the lab; where npm is killed the shell stays, and has another parent from then on. */
function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    onGone();
  }, parentCheckMillis);
  return timer.unref();
}

/** Null where the system does not tell (`/proc` is Linux's). */
function parentOf(pid: number): string | null {
  try {
    // After the command's name, which may hold anything but ends with the last parenthesis: state, parent (proc(5)).
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[1] ?? null;
  } catch {
    return null;
  }
}
