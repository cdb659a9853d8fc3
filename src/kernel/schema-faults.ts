/** What a schema found wrong, in words a user can act on. The offending value is never repeated: it may be a secret. */

import { z } from 'zod';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** One sentence without a full stop: `must be at least 1`. `value` is what stood there, undefined for nothing. */
export function describeIssue(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return `is missing (${kindNames[issue.expected] ?? issue.expected})`;
      return `must be ${kindNames[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    case 'too_small':
      return `must ${limit(issue.origin, 'at least', issue.minimum, issue.inclusive)}`;
    case 'too_big':
      return `must ${limit(issue.origin, 'at most', issue.maximum, issue.inclusive)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}${guess(issue.values, value)}`;
    default:
      return issue.message;
  }
}

/** The keys a schema knows at a path: what an unknown key was probably meant to be is among them. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const step of path) {
    at = unwrap(at);
    if (at instanceof z.ZodObject) at = at.shape[String(step)];
    else if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else return [];
  }
  at = unwrap(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let at = schema;
  for (;;) {
    if (at instanceof z.ZodOptional || at instanceof z.ZodNullable || at instanceof z.ZodReadonly) at = at.unwrap();
    else if (at instanceof z.ZodDefault || at instanceof z.ZodPrefault) at = at.unwrap();
    else if (at instanceof z.ZodPipe) at = at.in;
    else return at;
  }
}

const kindNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'infinite or not a number';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return { string: 'a text', boolean: 'true or false', object: 'a mapping' }[typeof value as string] ?? typeof value;
}

function limit(origin: string, word: string, bound: number | bigint, inclusive: boolean | undefined): string {
  const than = inclusive === false ? (word === 'at least' ? 'more than' : 'less than') : word;
  if (origin === 'string') return `have ${than} ${bound} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `have ${than} ${bound} entries`;
  return `be ${than} ${bound}`;
}

function guess(values: readonly unknown[], value: unknown): string {
  const near = typeof value === 'string' ? nearest(value, values.map(String)) : null;
  return near === null ? '' : `; did you mean ${near}?`;
}
