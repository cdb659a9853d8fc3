/** What the parts of the configuration are read with: the values given, the files they name, and a place for complaints. */

import { dirname, resolve } from 'node:path';
import type { Fault } from '../kernel/errors.ts';
import { environmentName, layerSettings, type SettingInput, type SettingValues } from '../kernel/settings-layers.ts';
import { type SettingName, settings } from './settings.ts';

export type Values = SettingValues<typeof settings>;

export interface NamedFile {
  readonly name: string;
  readonly text: Buffer;
}

/**
 * Reports a fault of a setting, or a contradiction among several, at the first of `names` that somebody gave. Says
 * nothing when one of them is wrong by itself, because then there is a fault for it already.
 */
export type Complain = (names: readonly SettingName[], message: string) => void;

export interface Reading {
  readonly values: Values;
  readonly complain: Complain;
  /** Adds faults that have places of their own. */
  readonly report: (faults: readonly Fault[]) => void;
  /** The file that a setting names, relative to the file that names it; null after a complaint. */
  readonly open: (setting: SettingName, path: string) => NamedFile | null;
  readonly faults: readonly Fault[];
}

export type ReadFile = (path: string) => Buffer;

/** Lays the sources over each other and collects what is wrong with them, and whatever is complained of later. */
export function beginReading(input: SettingInput, readFile: ReadFile): Reading {
  const { values, broken, originOf, faults: found } = layerSettings(settings, input);
  const faults: Fault[] = [...found];
  const complain: Complain = (names, message) => {
    if (names.some((name) => broken.has(name))) return;
    const given = names.map((name) => originOf(name)?.place).find((place) => place !== undefined);
    faults.push({ place: given ?? `environment ${environmentName(names[0] ?? '')}`, message });
  };
  return {
    values,
    complain,
    faults,
    report: (more) => void faults.push(...more),
    open(setting, path) {
      const inFile = originOf(setting)?.source === 'file' && input.file !== null;
      const name = inFile && input.file !== null ? resolve(dirname(input.file.name), path) : path;
      const text = tryRead(readFile, name);
      if (typeof text !== 'string') return { name, text };
      complain([setting], `names the file ${name}, which cannot be read: ${text}`);
      return null;
    },
  };
}

/** The content of a file, or the reason why it cannot be had. */
export function tryRead(readFile: ReadFile, path: string): Buffer | string {
  try {
    return readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'it does not exist',
      EACCES: 'permission denied',
      EISDIR: 'it is a folder',
    };
    return reasons[String(code)] ?? String(code ?? 'unknown reason');
  }
}
