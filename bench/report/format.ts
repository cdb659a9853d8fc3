/** Numbers and lists as text: the same on every machine, whatever its language. */

import type { Interval } from '../statistics/interval.ts';

/** `1,234.5`: a comma every three digits, never `-0.0`. */
export function fixed(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  const [whole = '', fraction] = (Number(rounded) === 0 ? rounded.replace('-', '') : rounded).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** With a sign before what is not zero: `+41.2`, `-0.3`, `0.0`. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** `41.2 [38.9, 43.5]`: an estimate and the ends of its 95 % interval. */
export function withInterval({ estimate, low, high }: Interval, digits: number): string {
  return `${fixed(estimate, digits)} ${ends({ low, high }, digits)}`;
}

/** The same for a difference: its estimate carries a sign. */
export function differenceWithInterval({ estimate, low, high }: Interval, digits: number): string {
  return `${signed(estimate, digits)} ${ends({ low, high }, digits)}`;
}

export function ends({ low, high }: Pick<Interval, 'low' | 'high'>, digits: number): string {
  return `[${fixed(low, digits)}, ${fixed(high, digits)}]`;
}

/** Three digits that count and the unit that suits: `412 µs`, `1.24 ms`, `2.03 s`, `12.5 min`. */
export function duration(millis: number): string {
  if (millis === 0) return '0 ms';
  const size = Math.abs(millis);
  if (size < 0.9995) return `${threeDigits(millis * 1_000)} µs`;
  if (size < 999.5) return `${threeDigits(millis)} ms`;
  if (size < 119_500) return `${threeDigits(millis / 1_000)} s`;
  return `${threeDigits(millis / 60_000)} min`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return fixed(value, 0);
  return fixed(value, size >= 9.995 ? 1 : 2);
}

/** `1 trial`, `20 trials`. */
export function counted(count: number, noun: string): string {
  return `${fixed(count, 0)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The same, unless there are more than three: then how many `others` there are. */
export function fewListed(words: readonly string[], noun: string): string {
  return words.length > 3 ? counted(words.length, noun) : listed(words);
}

/** `401 (12), 503 (3)`. */
export function countedStatuses(statuses: Readonly<Record<string, number>>): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${status === '0' ? 'no answer' : status} (${fixed(count, 0)})`)
    .join(', ');
}

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
