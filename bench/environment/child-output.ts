/** The output of one child as lines: the last ones are kept for messages, and a caller can wait for one that matters. */

import type { OutputStream } from './watchdog-protocol.ts';

/** Which line is waited for. */
export type LineTest = RegExp | ((line: string) => boolean);

const linesKept = 1_000;
/** A child that never ends its line must not fill the lab's memory. */
const longestLine = 65_536;

interface Waiter {
  readonly test: LineTest;
  readonly settle: (line: string | null) => void;
}

export class ChildOutput {
  readonly #lines: string[] = [];
  /** What follows the last line end, per stream: the two are cut independently of each other. */
  readonly #rest: Record<OutputStream, string> = { stdout: '', stderr: '' };
  readonly #waiters = new Set<Waiter>();
  #ended = false;

  /** Takes output as it came, cut anywhere. */
  add(stream: OutputStream, text: string): void {
    const lines = (this.#rest[stream] + text).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) this.#addLine(line);
    if (rest.length > longestLine) this.#addLine(rest);
    this.#rest[stream] = rest.length > longestLine ? '' : rest;
  }

  /** No more will come: an unfinished line counts as a line, and whoever still waits is told. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#rest[stream] !== '') this.#addLine(this.#rest[stream]);
      this.#rest[stream] = '';
    }
    this.#ended = true;
    for (const waiter of this.#waiters) waiter.settle(null);
    this.#waiters.clear();
  }

  /** The newest lines, oldest of them first. */
  last(count: number): string {
    return this.#lines.slice(-count).join('\n');
  }

  /** The first kept or future line that passes, or null when the output ended or `timeoutMillis` passed without one. */
  waitFor(test: LineTest, timeoutMillis: number): Promise<string | null> {
    const known = this.#lines.find((line) => passes(test, line));
    if (known !== undefined) return Promise.resolve(known);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      const settle = (line: string | null) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(line);
      };
      const waiter: Waiter = { test, settle };
      const timer = setTimeout(settle, timeoutMillis, null);
      this.#waiters.add(waiter);
    });
  }

  #addLine(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    this.#lines.push(text);
    if (this.#lines.length > linesKept) this.#lines.shift();
    for (const waiter of this.#waiters) if (passes(waiter.test, text)) waiter.settle(text);
  }
}

function passes(test: LineTest, line: string): boolean {
  if (typeof test === 'function') return test(line);
  // A global or sticky expression remembers where it stopped, which would skip lines.
  test.lastIndex = 0;
  return test.test(line);
}
