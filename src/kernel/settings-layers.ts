/** Settings from three places, each over the one before: a YAML file, the environment, the command line. */

import { z } from 'zod';
import type { Fault } from './errors.ts';
import { nearest } from './nearest.ts';
import { describeIssue } from './schema-faults.ts';
import { parseSettings } from './settings-file.ts';

/** One setting, by its name in the file. The environment and the command line spell that name their own way. */
export interface Setting<T> {
  readonly schema: z.ZodType<T>;
  /** How the text of a variable or an option becomes a value; in the file YAML decides. */
  readonly reads: 'text' | 'number' | 'switch' | 'list';
  /** Further variables, looked at after the setting's own. */
  readonly alsoEnvironment?: readonly string[];
  /** Where it may not stand: a secret never on a command line, where every process on the machine can read it. */
  readonly except?: readonly SettingSource[];
  readonly help: string;
}

export type SettingSource = 'file' | 'environment' | 'flag';
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingValues<Table extends SettingTable> = {
  readonly [Name in keyof Table]?: Table[Name] extends Setting<infer T> ? T : never;
};

export interface SettingInput {
  readonly file: { readonly name: string; readonly text: string | Buffer } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting name: the option's text, or true for a switch. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

export interface LayeredSettings<Table extends SettingTable> {
  /** What was given and is right; a setting nobody gave is absent. */
  readonly values: SettingValues<Table>;
  readonly faults: readonly Fault[];
  /** Settings whose winning value is wrong. */
  readonly broken: ReadonlySet<string>;
  /** Where the winning value stands, or null for a setting nobody gave. */
  originOf(name: keyof Table & string): { readonly source: SettingSource; readonly place: string } | null;
}

/** `redisUrl` in the environment: `AUTHLAB_REDIS_URL`. */
export function environmentName(setting: string): string {
  return `AUTHLAB_${setting.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`;
}

/** `redisUrl` on the command line: `--redis-url`. */
export function flagName(setting: string): string {
  return `--${setting.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`;
}

/** Lays the sources over each other and checks every value, the overridden ones too. Never repeats a value. */
export function layerSettings<Table extends SettingTable>(table: Table, input: SettingInput): LayeredSettings<Table> {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, { source: SettingSource; place: string }>();
  const broken = new Set<string>();
  const inFile = input.file === null ? { given: [], faults: [] } : fromFile(table, input.file);
  const faults: Fault[] = [...inFile.faults];
  const given = [...inFile.given, ...fromEnvironment(table, input.environment), ...fromFlags(table, input.flags)];
  for (const { name, source, place, raw } of given) {
    const setting = table[name];
    if (setting === undefined) continue;
    origins.set(name, { source, place });
    const found = setting.except?.includes(source)
      ? { ok: false as const, messages: ['may not be given here, where others can read it'] }
      : check(setting.schema, raw);
    if (found.ok) {
      values[name] = found.value;
      broken.delete(name);
    } else {
      broken.add(name);
      // Variables and options are called by name in the place; a line of a file is not.
      const subject = source === 'file' ? `${name} ` : '';
      faults.push(...found.messages.map((message) => ({ place, message: `${subject}${message}` })));
    }
  }
  return {
    values: values as SettingValues<Table>,
    faults,
    broken,
    originOf: (name) => origins.get(name) ?? null,
  };
}

interface Given {
  readonly name: string;
  readonly source: SettingSource;
  readonly place: string;
  readonly raw: unknown;
}

function fromFile(table: SettingTable, file: { readonly name: string; readonly text: string | Buffer }) {
  const parsed = parseSettings(z.record(z.string(), z.unknown()), file.text, file.name);
  if (!parsed.ok) return { given: [], faults: parsed.faults };
  const given: Given[] = [];
  const faults: Fault[] = [];
  for (const [name, raw] of Object.entries(parsed.value)) {
    if (Object.hasOwn(table, name)) given.push({ name, source: 'file', place: parsed.placeOf([name]), raw });
    else
      faults.push({
        place: parsed.placeOfKey(name),
        message: `unknown key ${name}${didYouMean(name, Object.keys(table))}`,
      });
  }
  return { given, faults };
}

function fromEnvironment(table: SettingTable, environment: SettingInput['environment']): readonly Given[] {
  return Object.entries(table).flatMap(([name, setting]) => {
    // An empty variable counts as none: that is how compose files and shells pass on what is not set.
    const variable = [environmentName(name), ...(setting.alsoEnvironment ?? [])].find((key) => environment[key]);
    if (variable === undefined) return [];
    const raw = readText(setting.reads, environment[variable] ?? '');
    return [{ name, source: 'environment' as const, place: `environment ${variable}`, raw }];
  });
}

function fromFlags(table: SettingTable, flags: SettingInput['flags']): readonly Given[] {
  return Object.entries(table).flatMap(([name, setting]) => {
    const flag = flags[name];
    if (flag === undefined) return [];
    const raw = typeof flag === 'string' ? readText(setting.reads, flag) : flag;
    return [{ name, source: 'flag' as const, place: `flag ${flagName(name)}`, raw }];
  });
}

const switchWords: Readonly<Record<string, boolean>> = { '1': true, true: true, '0': false, false: false };

/** A text that cannot be read stays a text, and the schema says what it should have been. */
function readText(reads: Setting<unknown>['reads'], text: string): unknown {
  switch (reads) {
    case 'text':
      return text;
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'switch':
      return switchWords[text.trim().toLowerCase()] ?? text;
    case 'list':
      return text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
  }
}

type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly messages: string[] };

function check(schema: z.ZodType, raw: unknown): Checked {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const messages = parsed.error.issues.map((issue) => {
    const [index] = issue.path;
    const entry =
      typeof index === 'number' && Array.isArray(raw) ? { at: `entry ${index + 1} `, value: raw[index] } : null;
    return `${entry?.at ?? ''}${describeIssue(issue, entry === null ? raw : entry.value)}`;
  });
  return { ok: false, messages };
}

function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === null ? '' : `; did you mean ${near}?`;
}
