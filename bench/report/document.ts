/** A report as data: headings, paragraphs, lists, tables, matrices and pictures, which each format prints in its own way. */

import type { Picture } from './pictures/picture.ts';

/**
 * Text with `*emphasis*`, `**strong**` and `` `code` ``; a backslash takes any character as it is. What comes from outside
 * goes through `escaped` first.
 */
export type Markup = string;

/** A string is a paragraph. */
export type Block = Markup | Heading | List | Table | Matrix | Picture;

export interface Heading {
  readonly kind: 'heading';
  /** 1 is the report's title. */
  readonly level: 2 | 3;
  readonly title: Markup;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Markup[];
}

/** The first column is text; the others are figures, aligned to the right, or texts as well. Cells are plain text. */
export interface Table {
  readonly kind: 'table';
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly others: 'figures' | 'texts';
}

/** What a cell of a matrix says at a glance; its text says it in words and figures. */
export type MatrixState =
  /** As it should be. */
  | 'held'
  /** Not closed at once, within what is published. */
  | 'open'
  | 'open-by-design'
  /** Safe, and not at service: it refuses those it should let in. */
  | 'closed'
  /** A server that is broken on purpose was seen to be. */
  | 'proven'
  /** What must not happen. */
  | 'failed'
  /** Nothing can be said. */
  | 'unknown'
  /** Does not apply. */
  | 'none';

export interface MatrixCell {
  readonly state: MatrixState;
  /** Plain text. */
  readonly text: string;
}

/** A table whose cells are states: mistakes, faults or attacks against strategies. */
export interface Matrix {
  readonly kind: 'matrix';
  /** Over the row titles. */
  readonly corner: string;
  /** Over the notes. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly title: string; readonly note: string; readonly cells: readonly MatrixCell[] }[];
}

/** Characters that would be markup, as themselves: for a question, a message, a name. On one line. */
export function escaped(text: string): Markup {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*<|]|(?<=\])[([]/g, (character) => `\\${character}`)
    .trim();
}

export function section(title: Markup): Heading {
  return { kind: 'heading', level: 2, title };
}

export function subsection(title: Markup): Heading {
  return { kind: 'heading', level: 3, title };
}

export function list(items: readonly Markup[]): List {
  return { kind: 'list', items };
}

export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  others: Table['others'] = 'figures',
): Table {
  return { kind: 'table', headings, rows, others };
}
