/** What to say of a process that ended though nobody had told it to: how, what to do, and its own last words. */

export interface EndedPart {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | string | null;
}

/** `what` begins the sentence: `the watchdog ended`. */
export function endedPart(what: string, { code, signal }: EndedPart, lastOutput: string): string {
  const how = signal ?? `exit code ${code}`;
  const killed = signal === 'SIGKILL' ? ' (the kernel does so where memory runs out: see `dmesg`)' : '';
  const said = lastOutput.trim();
  return `${what} (${how}). Find out what ended it${killed}, and run again.${said === '' ? '' : ` Its last output:\n${said}`}`;
}
