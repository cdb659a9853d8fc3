/** The text of a settings file: UTF-8 of a bounded size. Whatever else was given is refused with its place. */

import { isUtf8 } from 'node:buffer';
import type { Fault } from './errors.ts';

/** Larger files are refused unread. */
export const maximumSettingsBytes = 1_048_576;

export type DecodedSettings =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Decodes a file. A UTF-8 byte order mark is dropped (YAML 1.2 5.2); UTF-16, NUL and broken UTF-8 are faults. */
export function decodeSettings(input: string | Buffer, fileName: string): DecodedSettings {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const refuse = (message: string, line = 1, column = 1): DecodedSettings => ({
    ok: false,
    faults: [{ place: `${fileName}:${line}:${column}`, message }],
  });
  if (bytes.length > maximumSettingsBytes) {
    return refuse(`has ${bytes.length} bytes; a settings file has at most ${maximumSettingsBytes}`);
  }
  const firstTwo = bytes.subarray(0, 2).toString('hex');
  if (firstTwo === 'fffe' || firstTwo === 'feff') return refuse('is UTF-16; save it as UTF-8');
  if (!isUtf8(bytes)) {
    const { line, column } = firstBrokenByte(bytes);
    return refuse('is not UTF-8 here; save the file as UTF-8', line, column);
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const before = text.slice(0, nul).split('\n');
    return refuse('holds a NUL character; this is not a text file', before.length, (before.at(-1) ?? '').length + 1);
  }
  return { ok: true, text };
}

/** A line end is never part of a longer UTF-8 sequence, so the first broken line can be looked for line by line. */
function firstBrokenByte(bytes: Buffer): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const content = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(content) || end < 0) return { line, column: content.toString('utf8').indexOf('\uFFFD') + 1 };
    line += 1;
    start = end + 1;
  }
}
