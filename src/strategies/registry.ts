/** Every strategy there is, by family and parameters. Adding a family is one file and one line here. */

import { AuthlabError, type Fault } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type AlgorithmName, algorithmNames, algorithms } from '../keys/algorithms.ts';
import { cookieSession } from './cookie-session.ts';
import { denylist } from './denylist.ts';
import type { Family, SignedFamily, StrategyDependencies } from './family.ts';
import { hybrid } from './hybrid.ts';
import { jwt } from './jwt.ts';
import { jwtLibrary } from './libraries.ts';
import { none } from './none.ts';
import { referenceToken } from './reference-token.ts';
import { session } from './session.ts';
import type { Strategy, Traits } from './strategy.ts';

const families: readonly Family[] = [none, session, cookieSession, referenceToken, jwt, denylist, hybrid];

export interface ParsedName {
  readonly name: string;
  /** Present exactly when the family signs tokens. */
  readonly algorithm?: AlgorithmName;
  readonly traits: Traits;
}

export type NameParse =
  | { readonly ok: true; readonly value: ParsedName }
  | { readonly ok: false; readonly fault: Fault };

interface Entry extends ParsedName {
  create(dependencies: StrategyDependencies): Strategy;
}

const entries: ReadonlyMap<string, Entry> = new Map(families.flatMap(entriesOf).map((entry) => [entry.name, entry]));

function entriesOf(family: Family): Entry[] {
  if (family.signed) return algorithmNames.map((algorithm) => signedEntry(family, algorithm));
  const { traits } = family;
  const name = traits.family;
  return [{ name, traits, create: (dependencies) => family.create(name, dependencies) }];
}

function signedEntry(family: SignedFamily, algorithm: AlgorithmName): Entry {
  const name = `${family.traits.family}-${algorithm}`;
  return {
    name,
    algorithm,
    traits: signedTraits(family, algorithm, algorithms[algorithm].defaultBits),
    create(dependencies) {
      const key = dependencies.keys.key(algorithm);
      return family.create(name, signedTraits(family, algorithm, key.bits), key, dependencies);
    },
  };
}

function signedTraits(family: SignedFamily, algorithm: AlgorithmName, keyBits: number): Traits {
  return { ...family.traits, signature: { algorithm: algorithms[algorithm].jws, keyBits, ...jwtLibrary } };
}

/** Every name that can be built, the reference first. RS256 ones need a private key. */
export function strategyNames(): readonly string[] {
  return [...entries.keys()];
}

/** What a name stands for; else a fault at `place` that names the valid one that was probably meant, and all of them. */
export function parseStrategyName(name: string, place = 'strategy'): NameParse {
  const entry = entries.get(name);
  if (entry !== undefined) {
    const { algorithm, traits } = entry;
    return { ok: true, value: { name, traits, ...(algorithm === undefined ? {} : { algorithm }) } };
  }
  const meant = nearest(name, entries.keys());
  const guess = meant === null ? '' : ` Did you mean ${meant}?`;
  const message = `${JSON.stringify(name)} is no strategy.${guess} There are: ${strategyNames().join(', ')}.`;
  return { ok: false, fault: { place, message } };
}

/**
 * The traits of a strategy of this name, with keys of authlab's default size; needs neither keys nor Redis. What a
 * server really uses stands in the traits of its own strategy. Throws ERR_INPUT_INVALID for an unknown name.
 */
export function traitsOf(name: string): Traits {
  return entryOf(name).traits;
}

/**
 * Builds a strategy and checks what it needs, once, at start.
 * Throws ERR_INPUT_INVALID for an unknown name or a missing key.
 */
export function createStrategy(name: string, dependencies: StrategyDependencies): Strategy {
  return entryOf(name).create(dependencies);
}

function entryOf(name: string): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const parsed = parseStrategyName(name);
  throw new AuthlabError('ERR_INPUT_INVALID', 'Unknown strategy.', { faults: parsed.ok ? [] : [parsed.fault] });
}
