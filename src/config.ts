/** The configuration of a server: file, then environment, then command line; checked as a whole, then frozen. */

import type { KeyObject } from 'node:crypto';
import { chooseStrategies } from './config/choose-strategies.ts';
import { crossCheck } from './config/cross-checks.ts';
import { type PrivateKeys, readPrivateKeys } from './config/private-keys.ts';
import { beginReading, type NamedFile, type ReadFile, tryRead, type Values } from './config/reading.ts';
import { readPreviousSecret, readRootSecret } from './config/secrets.ts';
import { type IdentitySource, readIdentity } from './config/users-file.ts';
import { warningsOf } from './config/warnings.ts';
import type { Persistence } from './eventlog/redis-fitness.ts';
import type { Fault } from './kernel/errors.ts';
import { algorithms } from './keys/algorithms.ts';

export interface Config {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The one that is mounted at `/` too; among `strategies`. */
  readonly strategy: string;
  readonly strategies: readonly string[];
  /** One server, a group that Sentinels watch, or a Cluster; see `parseRedisAddress`. */
  readonly redisUrl: string;
  /** How many replicas of Redis must have a write before it counts. */
  readonly replicas: number;
  /** The least that the append-only file of each primary must promise. */
  readonly persistence: Persistence;
  readonly realm: string;
  readonly partitions: number;
  readonly redisTimeoutMillis: number;
  readonly beatIntervalMillis: number;
  readonly stalenessLimitMillis: number;
  /** Of the RSA and HMAC keys that this server makes, where the realm has none yet or one is rotated. */
  readonly rsaKeyBits: number;
  readonly hmacKeyBits: number;
  /** Records that a node keeps in memory for strategies with a near cache. */
  readonly nearCacheEntries: number;
  readonly issuer: string;
  readonly accessTokenLifetimeSeconds: number;
  readonly inactivityTimeoutSeconds: number;
  readonly absoluteLifetimeSeconds: number;
  readonly leewaySeconds: number;
  readonly clockSkewSeconds: number;
  readonly refreshGraceSeconds: number;
  /** By one strategy at the same time; one more ends the oldest. */
  readonly maximumSessionsPerUser: number;
  /** In 15 minutes, of one user from one address. Not in the lab. */
  readonly loginFailuresPerUserAndAddress: number;
  /** In an hour, of whatever users from one address. Not in the lab. */
  readonly loginFailuresPerAddress: number;
  /** Null: to be made at start, and lost with the process. */
  readonly secret: KeyObject | null;
  /** Cookies, refresh tokens and sealed signing keys made under it are accepted; null: none is. */
  readonly previousSecret: KeyObject | null;
  /** By algorithm; where there is none, the realm's nodes make one. */
  readonly privateKeys: PrivateKeys;
  /** `loopback` and `any` serve connections without TLS as if they were secure. */
  readonly plainHttp: 'refuse' | 'loopback' | 'any';
  readonly trustProxy: boolean;
  readonly identity: IdentitySource;
  /** Serves `/lab/usage`. */
  readonly lab: boolean;
  /** Counts requests and serves `/metrics`; a measured node pays for it only when asked to. */
  readonly metrics: boolean;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
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
  const config: Config = {
    ...plainValues(values),
    ...chooseStrategies(values, complain),
    secret: readRootSecret(reading),
    previousSecret: readPreviousSecret(reading),
    privateKeys: readPrivateKeys(reading),
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

/** What a server's configuration says without keys, users and strategies: enough for who only reads the log. */
export type PlainConfig = PlainValues;

export type LoadedPlainConfig =
  | { readonly ok: true; readonly value: PlainConfig }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** As `loadConfig`, without asking for secrets and opening no file but the one of settings. */
export function loadPlainConfig({ environment, flags, readFile }: ConfigSources): LoadedPlainConfig {
  const file = openConfigFile(flags.config, environment.AUTHLAB_CONFIG, readFile);
  const reading = beginReading({ file: file.found, environment, flags }, readFile);
  reading.report(file.faults);
  if (reading.faults.length > 0) return { ok: false, faults: reading.faults };
  return { ok: true, value: plainValues(reading.values) };
}

type PlainValues = Omit<Config, 'strategy' | 'strategies' | 'secret' | 'previousSecret' | 'privateKeys' | 'identity'>;

/** A default gives way to a limit that was set: who shortens sessions need not shorten each lifetime inside them. */
function plainValues(values: Values): PlainValues {
  const stalenessLimitMillis = values.stalenessLimitMillis ?? 2_000;
  const absoluteLifetimeSeconds = values.absoluteLifetimeSeconds ?? 30 * daySeconds;
  const inactivityTimeoutSeconds = values.inactivityTimeoutSeconds ?? Math.min(7 * daySeconds, absoluteLifetimeSeconds);
  const accessTokenLifetimeSeconds = values.accessTokenLifetimeSeconds ?? Math.min(900, inactivityTimeoutSeconds);
  const loginFailuresPerAddress = values.loginFailuresPerAddress ?? 100;
  return {
    host: values.host ?? '127.0.0.1',
    port: values.port ?? 3_000,
    redisUrl: values.redisUrl ?? 'redis://127.0.0.1:6379',
    replicas: values.replicas ?? 0,
    // What is made at the start and lost with the process needs no disk.
    persistence: values.persistence ?? (values.lab === true || values.demoUsers === true ? 'any' : 'everysec'),
    realm: values.realm ?? 'authlab',
    partitions: values.partitions ?? 1,
    redisTimeoutMillis: values.redisTimeoutMillis ?? 1_000,
    beatIntervalMillis: values.beatIntervalMillis ?? Math.min(250, Math.floor(stalenessLimitMillis / 4)),
    stalenessLimitMillis,
    rsaKeyBits: values.rsaKeyBits ?? algorithms.rs256.defaultBits,
    hmacKeyBits: values.hmacKeyBits ?? algorithms.hs256.defaultBits,
    nearCacheEntries: values.nearCacheEntries ?? 100_000,
    issuer: values.issuer ?? 'https://authlab.invalid',
    accessTokenLifetimeSeconds,
    inactivityTimeoutSeconds,
    absoluteLifetimeSeconds,
    leewaySeconds: values.leewaySeconds ?? 5,
    clockSkewSeconds: values.clockSkewSeconds ?? 5,
    refreshGraceSeconds: values.refreshGraceSeconds ?? Math.min(10, accessTokenLifetimeSeconds),
    maximumSessionsPerUser: values.maximumSessionsPerUser ?? 20,
    loginFailuresPerUserAndAddress: values.loginFailuresPerUserAndAddress ?? Math.min(10, loginFailuresPerAddress),
    loginFailuresPerAddress,
    plainHttp: values.plainHttp ?? 'refuse',
    trustProxy: values.trustProxy ?? false,
    lab: values.lab ?? false,
    metrics: values.metrics ?? values.lab !== true,
    logLevel: values.logLevel ?? 'info',
  };
}

const daySeconds = 86_400;
