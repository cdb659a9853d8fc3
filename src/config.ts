/** The configuration of a server: file, then environment, then command line; checked as a whole, then frozen. */

import type { KeyObject } from 'node:crypto';
import { chooseStrategies } from './config/choose-strategies.ts';
import { crossCheck } from './config/cross-checks.ts';
import { beginReading, type NamedFile, type ReadFile, tryRead, type Values } from './config/reading.ts';
import { inventsKeys, readKeys } from './config/secrets.ts';
import { type IdentitySource, readIdentity } from './config/users-file.ts';
import { warningsOf } from './config/warnings.ts';
import type { Fault } from './kernel/errors.ts';

export interface Config {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The one that is mounted at `/` too; among `strategies`. */
  readonly strategy: string;
  readonly strategies: readonly string[];
  readonly redisUrl: string;
  readonly realm: string;
  readonly partitions: number;
  readonly redisTimeoutMillis: number;
  readonly beatIntervalMillis: number;
  readonly stalenessLimitMillis: number;
  readonly issuer: string;
  readonly accessTokenLifetimeSeconds: number;
  readonly inactivityTimeoutSeconds: number;
  readonly absoluteLifetimeSeconds: number;
  readonly leewaySeconds: number;
  readonly clockSkewSeconds: number;
  readonly refreshGraceSeconds: number;
  /** Null: to be made at start, and lost with the process. */
  readonly secret: KeyObject | null;
  /** Null: to be made at start where a strategy needs it. */
  readonly rs256PrivateKey: KeyObject | null;
  /** `loopback` and `any` serve connections without TLS as if they were secure. */
  readonly plainHttp: 'refuse' | 'loopback' | 'any';
  readonly trustProxy: boolean;
  readonly identity: IdentitySource;
  /** Serves `/lab/usage`. */
  readonly lab: boolean;
}

export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting name, in camelCase; `config` is the path of the file. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly readFile: ReadFile;
}

export type LoadedConfig =
  | { readonly ok: true; readonly value: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Loads and checks everything, reading the files that are named. All faults are reported at once, each with its place:
 * `file:line:column`, `environment NAME` or `flag --name`. Paths in a file are relative to it. Never throws.
 */
export function loadConfig({ environment, flags, readFile }: ConfigSources): LoadedConfig {
  const file = openConfigFile(flags.config, environment.AUTHLAB_CONFIG, readFile);
  const reading = beginReading({ file: file.found, environment, flags }, readFile);
  reading.report(file.faults);
  const { values, complain } = reading;
  const keys = readKeys(reading);
  // Where a key was named and is not good there is a fault already; then nothing is said about strategies without one.
  const rsaKey = inventsKeys(values) || (values.rs256PrivateKey ?? values.rs256PrivateKeyFile) !== undefined;
  const config: Config = {
    ...plainValues(values),
    ...chooseStrategies(values, rsaKey, complain),
    ...keys,
    identity: readIdentity(reading),
  };
  crossCheck(config, complain);
  if (reading.faults.length > 0) return { ok: false, faults: reading.faults };
  return { ok: true, value: Object.freeze(config), warnings: warningsOf(config, environment) };
}

interface ConfigFile {
  readonly found: NamedFile | null;
  readonly faults: readonly Fault[];
}

function openConfigFile(
  flag: string | boolean | undefined,
  variable: string | undefined,
  readFile: ReadFile,
): ConfigFile {
  const name = typeof flag === 'string' ? flag : variable;
  if (name === undefined || name === '') return { found: null, faults: [] };
  const text = tryRead(readFile, name);
  if (typeof text !== 'string') return { found: { name, text }, faults: [] };
  const place = typeof flag === 'string' ? 'flag --config' : 'environment AUTHLAB_CONFIG';
  return { found: null, faults: [{ place, message: `names the file ${name}, which cannot be read: ${text}` }] };
}

type PlainValues = Omit<Config, 'strategy' | 'strategies' | 'secret' | 'rs256PrivateKey' | 'identity'>;

/** A default gives way to a limit that was set: who shortens sessions need not shorten each lifetime inside them. */
function plainValues(values: Values): PlainValues {
  const stalenessLimitMillis = values.stalenessLimitMillis ?? 2_000;
  const absoluteLifetimeSeconds = values.absoluteLifetimeSeconds ?? 30 * daySeconds;
  const inactivityTimeoutSeconds = values.inactivityTimeoutSeconds ?? Math.min(7 * daySeconds, absoluteLifetimeSeconds);
  const accessTokenLifetimeSeconds = values.accessTokenLifetimeSeconds ?? Math.min(900, inactivityTimeoutSeconds);
  return {
    host: values.host ?? '127.0.0.1',
    port: values.port ?? 3_000,
    redisUrl: values.redisUrl ?? 'redis://127.0.0.1:6379',
    realm: values.realm ?? 'authlab',
    partitions: values.partitions ?? 1,
    redisTimeoutMillis: values.redisTimeoutMillis ?? 1_000,
    beatIntervalMillis: values.beatIntervalMillis ?? Math.min(250, Math.floor(stalenessLimitMillis / 4)),
    stalenessLimitMillis,
    issuer: values.issuer ?? 'https://authlab.invalid',
    accessTokenLifetimeSeconds,
    inactivityTimeoutSeconds,
    absoluteLifetimeSeconds,
    leewaySeconds: values.leewaySeconds ?? 5,
    clockSkewSeconds: values.clockSkewSeconds ?? 5,
    refreshGraceSeconds: values.refreshGraceSeconds ?? Math.min(10, accessTokenLifetimeSeconds),
    plainHttp: values.plainHttp ?? 'refuse',
    trustProxy: values.trustProxy ?? false,
    lab: values.lab ?? false,
  };
}

const daySeconds = 86_400;
