/** Reads a YAML file of settings against a schema and reports everything that is wrong with it, each with its place. */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
} from 'yaml';
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import { nearest } from './nearest.ts';
import { describeIssue, keysAt } from './schema-faults.ts';
import { decodeSettings } from './settings-text.ts';

/** A file that is wrong in more places is probably not a settings file at all. */
const maximumFaults = 20;
/** Levels of lists and mappings. The parser recurses, and on a stack that it has filled even a regular expression kills
 * the process, so a deeper file is refused before it is composed. */
const maximumDepth = 64;
/** Enough for a file written by hand; an alias bomb needs thousands. */
const maximumAliases = 64;

export type ParsedSettings<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** `file:line:column` of the value at a path, or of its nearest ancestor when nothing stands there. */
      readonly placeOf: (path: readonly PropertyKey[]) => string;
      /** The same of a key at the top. */
      readonly placeOfKey: (key: string) => string;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Parses YAML 1.2 (core schema, one document, UTF-8, at most 1 MiB) and validates it. Never throws for what the file
 * holds, and never repeats a value from it. Faults come in the order of the file, at most 20.
 */
export function parseSettings<T>(schema: z.ZodType<T>, text: string | Buffer, fileName: string): ParsedSettings<T> {
  const decoded = decodeSettings(text, fileName);
  if (!decoded.ok) return decoded;
  const source = parseSource(decoded.text);
  const place = (offset: number) => {
    const { line, col } = source.lines.linePos(offset);
    return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  if (!source.ok) return { ok: false, faults: located(source.faults, place) };

  const { document, value, faults } = source;
  const parsed = schema.safeParse(value);
  if (parsed.success && faults.length === 0) {
    return {
      ok: true,
      value: parsed.data,
      placeOf: (path) => place(offsetOf(document, path)),
      placeOfKey: (key) => place(offsetOfKey(document, [], key)),
    };
  }
  const issues = parsed.success ? [] : parsed.error.issues;
  const found = issues.flatMap((issue) => issueFaults(schema, issue, document, value));
  return { ok: false, faults: located([...faults, ...found], place) };
}

interface OffsetFault {
  readonly offset: number;
  readonly message: string;
}

function located(faults: readonly OffsetFault[], place: (offset: number) => string): readonly Fault[] {
  const inOrder = faults.toSorted((left, right) => left.offset - right.offset);
  const distinct = new Map<string, Fault>();
  for (const { offset, message } of inOrder) {
    if (distinct.size === maximumFaults) break;
    const fault = { place: place(offset), message };
    distinct.set(`${fault.place} ${message}`, fault);
  }
  return [...distinct.values()];
}

interface SourceFaults {
  readonly lines: LineCounter;
  /** Beside an `ok` those with which the values can still be judged: a duplicate key, a tag. */
  readonly faults: readonly OffsetFault[];
}

type Source =
  | (SourceFaults & { readonly ok: true; readonly document: Document.Parsed; readonly value: unknown })
  | (SourceFaults & { readonly ok: false });

function parseSource(text: string): Source {
  const tooDeep = refuseDeepNesting(text);
  if (tooDeep !== null) return tooDeep;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  // An unknown tag is a warning to the parser; here it is a fault, because its value would be taken for a plain text.
  const findings = [...document.errors, ...document.warnings];
  const faults = findings.map((finding) => ({
    offset: finding.pos[0],
    message: sentenceFor(finding.code, finding.message, text, finding.pos[0]),
  }));
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return { ok: false, lines, faults };
  if (document.contents === null) return { ok: false, lines, faults: [...faults, { offset: 0, message: 'is empty' }] };
  try {
    return { ok: true, document, value: document.toJS({ maxAliasCount: maximumAliases }), lines, faults };
  } catch (error) {
    // The parser's only throw here: an alias without anchor, or more aliases than any hand-written file has.
    if (!(error instanceof ReferenceError)) throw error;
    return { ok: false, lines, faults: [...faults, { offset: 0, message: aliasFault(error.message) }] };
  }
}

/** Null, or the refusal of the place where the text first opens too many levels; what follows there is not read. */
function refuseDeepNesting(text: string): Source | null {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // The bottom of the stack is the document itself.
    if (parser.stack.length > maximumDepth + 1) {
      const message = `is nested too deeply (at most ${maximumDepth} levels)`;
      return { ok: false, lines, faults: [{ offset: parser.offset - 1, message }] };
    }
  }
  return null;
}

function sentenceFor(code: string, message: string, text: string, offset: number): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `the key ${/^[\w.-]+/.exec(text.slice(offset, offset + 100))?.[0] ?? ''} stands here a second time`;
    case 'TAG_RESOLVE_FAILED':
      return 'custom tags are not allowed';
    case 'TAB_AS_INDENT':
      return 'indent with spaces, not with tabs';
    case 'MULTIPLE_DOCS':
      return 'the file must hold one document; a second one begins here';
    default:
      return message;
  }
}

function aliasFault(message: string): string {
  return message.startsWith('Excessive')
    ? `has too many aliases (at most ${maximumAliases} copies)`
    : 'has an alias (*name) without its anchor (&name)';
}

function issueFaults(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  document: Document.Parsed,
  root: unknown,
): readonly OffsetFault[] {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint = near === null ? '' : `; did you mean ${dotted([...path, near])}?`;
      return { offset: offsetOfKey(document, path, key), message: `unknown key ${dotted([...path, key])}${hint}` };
    });
  }
  const name = path.length === 0 ? 'the file' : dotted(path);
  return [{ offset: offsetOf(document, path), message: `${name} ${describeIssue(issue, valueAt(root, path))}` }];
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Reflect.get(at, step);
  }
  return at;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  return nodeAt(document, path)?.range?.[0] ?? 0;
}

function offsetOfKey(document: Document.Parsed, path: readonly PropertyKey[], key: string): number {
  const node = nodeAt(document, path);
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? offsetOf(document, path);
}

/** The node at a path, or the last one on the way to it. */
function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]): Node | null {
  let at: Node | null = document.contents;
  for (const step of path) {
    if (isAlias(at)) at = at.resolve(document) ?? at;
    const next: unknown = isMap(at) ? at.get(String(step), true) : isSeq(at) ? at.get(step, true) : undefined;
    if (!isScalar(next) && !isMap(next) && !isSeq(next) && !isAlias(next)) return at;
    at = next;
  }
  return at;
}
