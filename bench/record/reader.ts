/** Reads a run's events back, as far as they were written, and says how the run ended. */

import { readFileSync } from 'node:fs';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { faultOf, isEventType } from './event-schemas.ts';
import { type RunEvent, type RunStarted, recordVersion } from './run-events.ts';
import { recordFileOf } from './run-folder.ts';

export interface RunRecord {
  /** In the order they were written; the first is `RunStarted`. */
  readonly events: readonly RunEvent[];
  readonly started: RunStarted;
  /** The last line was cut off in the middle (the machine or the lab died while writing it) and is left out. */
  readonly torn: boolean;
}

/**
 * Reads `events.ndjson` of a run's folder.
 *
 * @throws AuthlabError ERR_INPUT_INVALID when there is no record there; ERR_OUTPUT when it cannot be read, is damaged
 * before its last line, lacks something that an event must have, or was written by another version of the record.
 */
export function readRun(runFolder: string): RunRecord {
  return parseRecord(readText(runFolder), recordFileOf(runFolder));
}

/** The same from the record's text; `fileName` is for messages. */
export function parseRecord(text: string, fileName: string): RunRecord {
  const lines = text.split('\n');
  const unterminated = lines.pop() ?? '';
  const writer = writerOf(lines[0] ?? unterminated);
  const events = lines.map((line, index) => demandEvent(line, `${fileName}:${index + 1}`, writer));
  // Cut off just before its line end, the last event is whole all the same.
  const lastIsWhole = eventOf(unterminated) !== null;
  if (lastIsWhole) events.push(demandEvent(unterminated, `${fileName}:${lines.length + 1}`, writer));
  const [first] = events;
  if (first === undefined || first.type !== 'RunStarted') {
    throw new AuthlabError('ERR_OUTPUT', `${fileName} does not begin with RunStarted: it is not the record of a run.`);
  }
  return { events, started: first, torn: unterminated !== '' && !lastIsWhole };
}

function readText(runFolder: string): string {
  const file = recordFileOf(runFolder);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new AuthlabError('ERR_INPUT_INVALID', `${runFolder} holds no run: ${file} is missing.`, { cause });
    }
    throw new AuthlabError('ERR_OUTPUT', `Cannot read ${file} (${String(code)}).`, { cause });
  }
}

function demandEvent(line: string, place: string, writer: string): RunEvent {
  const event = eventOf(line);
  if (event === null) throw new AuthlabError('ERR_OUTPUT', `${place} is not an event: the record is damaged there.`);
  demandVersion(event, place);
  if (!isEventType(event.type)) {
    throw new AuthlabError('ERR_OUTPUT', `${place} holds an event that this version of authlab does not know.`);
  }
  const fault = faultOf(event);
  if (fault !== null) {
    throw new AuthlabError(
      'ERR_OUTPUT',
      `${place} (${event.type}) ${fault}. Another authlab wrote this record${writer}, or it was changed since: report it with the authlab that wrote it, or run the scenario again.`,
    );
  }
  return event;
}

/** ` (0.1.0, commit f3ea40de83ca)`, as the first line has it; empty where it has not. */
function writerOf(line: string): string {
  const { authlabVersion, commit } = (eventOf(line) ?? {}) as Partial<RunStarted>;
  if (typeof authlabVersion !== 'string') return '';
  return typeof commit === 'string' ? ` (${authlabVersion}, commit ${commit})` : ` (${authlabVersion})`;
}

function demandVersion(event: RunEvent, place: string): void {
  if (event.type !== 'RunStarted' || event.recordVersion === recordVersion) return;
  const written = JSON.stringify(event.recordVersion);
  throw new AuthlabError(
    'ERR_OUTPUT',
    `${place} was written in version ${written} of the record; this authlab reads version ${recordVersion}.`,
  );
}

/** Null when the line is not a JSON object with a type. */
function eventOf(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is RunEvent {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
