/** What `authlab log` prints: a line of text for people, or one JSON object a line for programs. */

import type { ShownEntry } from './application/log-entries.ts';
import type { Explanation } from './application/log-explanation.ts';
import type { ShownSession } from './application/log-queries.ts';

export interface LogPrinter {
  entry(entry: ShownEntry): Promise<void>;
  session(session: ShownSession): Promise<void>;
  explanation(explanation: Explanation): Promise<void>;
  /** Fires when nobody reads any more, as with `| head`. */
  readonly closed: AbortSignal;
  release(): void;
}

/** Waits for a reader that is slower than the log, so that what is not read yet does not pile up here. */
export function createLogPrinter(output: NodeJS.WriteStream, json: boolean): LogPrinter {
  const controller = new AbortController();
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  };
  output.on('error', onError);

  async function print(value: object, text: () => string): Promise<void> {
    if (controller.signal.aborted) return;
    if (output.write(json ? `${JSON.stringify(value)}\n` : text())) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        output.off('drain', done);
        controller.signal.removeEventListener('abort', done);
        resolve();
      };
      output.once('drain', done);
      controller.signal.addEventListener('abort', done, { once: true });
    });
  }

  return {
    entry: (entry) => print(entry, () => entryText(entry)),
    session: (session) => print(session, () => sessionText(session)),
    explanation: (explanation) => print(explanation, () => explanationText(explanation)),
    closed: controller.signal,
    release: () => void output.off('error', onError),
  };
}

/** `2026-01-31T09:30:00.000Z  alice  SessionTerminated  sid=0.… reason=logout` */
export function entryText({ at, stream, type, id, facts }: ShownEntry): string {
  const told = Object.entries(facts).filter(([name]) => name !== 'sub');
  const members = told.map(([name, value]) => `${name}=${valueText(value)}`);
  const when = at ?? `entry ${id}`;
  const what = at === null ? [`${printable(type)} (not known to this version)`] : [type, members.join(' ')];
  return `${[when, printable(stream), ...what].join('  ').trimEnd()}\n`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(valueText).join(',');
  if (typeof value !== 'object' || value === null) return printable(String(value));
  // A session among several, a key beside another, the expiry of a record: the first member says which.
  const [first, ...rest] = Object.values(value).map(valueText);
  return rest.length === 0 ? (first ?? '') : `${first}(${rest.join(',')})`;
}

export function sessionText({ sid, user, strategy, startedAt, endsAt }: ShownSession): string {
  return `${printable(user)}  ${sid}  ${printable(strategy)}  since ${startedAt}, until ${endsAt}\n`;
}

export function explanationText({ sid, session, credentials, sentences }: Explanation): string {
  const verdict = `Session ${printable(sid)}: ${session}, its credentials: ${credentials}.`;
  return [verdict, ...sentences.map((sentence) => `  ${printable(sentence)}`), ''].join('\n');
}

/** What a terminal would obey, or a reader would not see, is spelled out. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
