/** Every strategy there is, by family and parameters. Adding a family is one file and one line here. */

import { AuthlabError, type Fault } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { type AlgorithmName, algorithmNames, algorithms } from '../keys/algorithms.ts';
import { librariesOf } from '../tokens/libraries/by-algorithm.ts';
import { maximumCachedTokens, withCache } from '../tokens/libraries/cached.ts';
import type { TokenLibrary } from '../tokens/libraries/library.ts';
import { cachedSession, unsignedCachedSession } from './cached-session.ts';
import { cookieSession } from './cookie-session.ts';
import { denylist } from './denylist.ts';
import { epoch } from './epoch.ts';
import type { Family, PlainFamily, SignedFamily, StrategyDependencies } from './family.ts';
import { hybrid } from './hybrid.ts';
import { hybridStrict } from './hybrid-strict.ts';
import { jwt } from './jwt.ts';
import { installedLibrary } from './libraries.ts';
import { none } from './none.ts';
import { referenceToken } from './reference-token.ts';
import { session, unsignedSession } from './session.ts';
import type { Strategy, Traits } from './strategy.ts';

const families: readonly Family[] = [
  none,
  session,
  unsignedSession,
  cachedSession,
  unsignedCachedSession,
  cookieSession,
  referenceToken,
  jwt,
  denylist,
  epoch,
  hybrid,
  hybridStrict,
];

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
  /** The same with room for so many verified tokens; absent where none are remembered. */
  readonly withRoom?: (verifiedTokens: number) => Entry;
}

const entries = byName(families.flatMap((family) => (family.signed ? signedEntries(family) : plainEntry(family))));
const variants = byName(families.flatMap((family) => (family.signed ? variantEntries(family) : [])));

function byName(listed: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(listed.map((entry) => [entry.name, entry]));
}

function plainEntry(family: PlainFamily): Entry {
  const { traits, name = traits.family } = family;
  return { name, traits, create: (dependencies) => family.create(name, dependencies) };
}

function signedEntries(family: SignedFamily): Entry[] {
  return algorithmNames.map((algorithm) => {
    const [library] = librariesOf[algorithm];
    return signedEntry(family, algorithm, library, signedName(family, algorithm));
  });
}

function variantEntries(family: SignedFamily): Entry[] {
  return algorithmNames.flatMap((algorithm) => {
    const [usual, ...others] = librariesOf[algorithm];
    return others.map((library) => {
      const entryWith = (used: TokenLibrary): Entry => {
        const parameters = [used.name === usual.name ? [] : used.name, used.variant?.name ?? []].flat();
        return signedEntry(family, algorithm, used, [signedName(family, algorithm), ...parameters].join('+'));
      };
      const withRoom = (verifiedTokens: number) => entryWith(withCache(library, verifiedTokens));
      return { ...entryWith(library), ...(library.variant?.verifiedTokens === undefined ? {} : { withRoom }) };
    });
  });
}

function signedName(family: SignedFamily, algorithm: AlgorithmName): string {
  return `${family.traits.family}-${algorithm}`;
}

function signedEntry(family: SignedFamily, algorithm: AlgorithmName, library: TokenLibrary, name: string): Entry {
  const { jws, defaultBits } = algorithms[algorithm];
  const traitsWith = (keyBits: number): Traits => {
    const usage = library.variant?.usage;
    const used = { ...installedLibrary(library.name), ...(usage === undefined ? {} : { usage }) };
    return { ...family.traits, signature: { algorithm: jws, keyBits, ...used } };
  };
  return {
    name,
    algorithm,
    traits: traitsWith(defaultBits),
    create(dependencies) {
      const keys = dependencies.keys.keysOf(algorithm);
      return family.create({ name, traits: traitsWith(keys.active().bits), keys, library }, dependencies);
    },
  };
}

/** Every strategy with the library that its algorithm has by default, the reference first. */
export function strategyNames(): readonly string[] {
  return [...entries.keys()];
}

/** The same once more, with each other library that knows the algorithm, and each other way of using one: `jwt-rs256+jose`. */
export function variantNames(): readonly string[] {
  return [...variants.keys()];
}

/** What a name stands for; else a fault at `place` that names the valid one that was probably meant, and all of them. */
export function parseStrategyName(name: string, place = 'strategy'): NameParse {
  const entry = find(name);
  if (entry !== undefined) {
    const { algorithm, traits } = entry;
    return { ok: true, value: { name, traits, ...(algorithm === undefined ? {} : { algorithm }) } };
  }
  const meant = nearest(name, [...entries.keys(), ...variants.keys()]);
  const guess = meant === null ? '' : ` Did you mean ${meant}?`;
  const message = `${JSON.stringify(name)} is no strategy.${guess} There are: ${strategyNames().join(', ')}; a library may follow where a token is signed: ${variantNames()[0]}.`;
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
 * Throws ERR_INPUT_INVALID for an unknown name, ERR_LOG_UNAVAILABLE while no key of its algorithm is active.
 */
export function createStrategy(name: string, dependencies: StrategyDependencies): Strategy {
  return entryOf(name).create(dependencies);
}

function find(name: string): Entry | undefined {
  return entries.get(name) ?? variants.get(name) ?? withRoom(name);
}

/** `jwt-hs256+cache-5000`: for the one number that a strategy is not listed with. */
function withRoom(name: string): Entry | undefined {
  const [, cached = '', digits] = /^(.*\+cache)-([1-9]\d{0,6})$/.exec(name) ?? [];
  const verifiedTokens = Number(digits);
  if (!(verifiedTokens <= maximumCachedTokens)) return undefined;
  const entry = variants.get(cached)?.withRoom?.(verifiedTokens);
  return entry?.name === name ? entry : undefined;
}

function entryOf(name: string): Entry {
  const entry = find(name);
  if (entry !== undefined) return entry;
  const parsed = parseStrategyName(name);
  throw new AuthlabError('ERR_INPUT_INVALID', 'Unknown strategy.', { faults: parsed.ok ? [] : [parsed.fault] });
}
