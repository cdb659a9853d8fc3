/** A log entry as a Redis Stream holds it: six fields, the event itself as JSON. */

import type { LogEntry } from './port.ts';

/**
 * Type of the event in an entry that cannot be read. It is passed on like a type of a later version, so that whoever
 * follows the log can close that partition and go on with the others.
 */
export const unreadableEventType = 'authlab:unreadable';

/** As ioredis returns it: the entry id, then names and values in turn. */
export type RawEntry = readonly [id: string, fields: readonly string[] | null];

/** Total: an entry with missing or nonsensical fields becomes one with the event type `unreadableEventType`. */
export function decodeEntry([id, fields]: RawEntry): LogEntry {
  const value = new Map<string, string>();
  for (let at = 0; fields !== null && at + 1 < fields.length; at += 2) {
    value.set(fields[at] ?? '', fields[at + 1] ?? '');
  }
  const number = Number(value.get('number'));
  const version = Number(value.get('version'));
  const epoch = value.get('epoch') ?? '';
  const predecessor = value.get('predecessor') ?? '';
  const stream = value.get('stream') ?? '';
  const complete = Number.isSafeInteger(number) && Number.isSafeInteger(version) && epoch !== '' && predecessor !== '';
  return {
    position: { epoch, number: complete ? number : 0, id },
    predecessor,
    stream,
    version: complete ? version : 0,
    event: complete ? decodeEvent(value.get('event') ?? '') : { type: unreadableEventType },
  };
}

function decodeEvent(json: string): LogEntry['event'] {
  try {
    const event: unknown = JSON.parse(json);
    if (typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string') {
      return event as { readonly type: string };
    }
  } catch {
    // Not JSON: unreadable like everything else that is not an event.
  }
  return { type: unreadableEventType };
}
