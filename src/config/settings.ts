/** Every setting of a server: its name in the file, its kind and bounds. Names elsewhere follow from it. */

import { z } from 'zod';
import { maximumPartitions } from '../domain/session-id.ts';
import { parseRedisAddress } from '../eventlog/redis-address.ts';
import { labClaims } from '../identity/lab-claims.ts';
import type { Setting, SettingTable } from '../kernel/settings-layers.ts';

const millis = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const seconds = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const count = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const text = (shape: RegExp, message: string) => z.string().regex(shape, message);
const path = z.string().min(1).max(4_096);
const switched = z.boolean();

const yearSeconds = 31_536_000;

/** A Redis URL, its password included, is never repeated in a message. */
const redisUrl = z.string().superRefine((url, context) => {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.message });
});

function keyFile(algorithm: string): Setting<string> {
  return { schema: path, reads: 'text', help: `file with the private key (PEM) for ${algorithm}; else one is made` };
}

function keyItself(algorithm: string): Setting<string> {
  const schema = z.string().min(1).max(65_536);
  return { schema, reads: 'text', except: ['file', 'flag'], help: `the private key for ${algorithm} itself (PEM)` };
}

export const settings = {
  host: {
    schema: text(/^[^\s/]{1,253}$/, 'must be a host name or an address'),
    reads: 'text',
    help: 'address to listen on',
  },
  port: { schema: count(0, 65_535), reads: 'number', help: 'port to listen on; 0 takes any that is free' },
  strategy: { schema: z.string().min(1), reads: 'text', help: 'strategy that is mounted at / too' },
  strategies: {
    schema: z.array(z.string().min(1)).min(1).max(256),
    reads: 'list',
    help: 'strategies to mount, joined by commas (default: all that can be built)',
  },
  redisUrl: {
    schema: redisUrl,
    reads: 'text',
    alsoEnvironment: ['REDIS_URL'],
    help: 'the Redis that holds the log: redis://host:port, redis+sentinel://hosts/name or redis+cluster://hosts',
  },
  replicas: {
    schema: count(0, 5),
    reads: 'number',
    help: 'replicas of Redis that must confirm every write; with it, more than half of all copies',
  },
  persistence: {
    schema: z.enum(['any', 'everysec', 'always']),
    reads: 'text',
    help: 'the least that the append-only file of Redis must promise: any, everysec (default; not for demo users), always',
  },
  realm: {
    schema: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores'),
    reads: 'text',
    help: 'nodes of one realm share everything, realms share nothing',
  },
  partitions: { schema: count(1, maximumPartitions), reads: 'number', help: 'partitions of the log' },
  redisTimeoutMillis: { schema: millis(50, 60_000), reads: 'number', help: 'deadline of every call to Redis' },
  beatIntervalMillis: { schema: millis(50, 60_000), reads: 'number', help: 'how often a node proves its contact' },
  stalenessLimitMillis: {
    schema: millis(200, 600_000),
    reads: 'number',
    help: 'the longest a hybrid answers without proof',
  },
  rsaKeyBits: {
    schema: count(2_048, 8_192).multipleOf(256),
    reads: 'number',
    help: 'size of the RSA keys that the server makes',
  },
  hmacKeyBits: {
    schema: count(256, 512).multipleOf(8),
    reads: 'number',
    help: 'size of the HMAC keys that the server makes',
  },
  nearCacheEntries: { schema: count(1, 10_000_000), reads: 'number', help: 'records a near cache keeps' },
  issuer: {
    schema: text(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 printable characters without blanks'),
    reads: 'text',
    help: 'the iss of every token',
  },
  accessTokenLifetimeSeconds: { schema: seconds(1, 86_400), reads: 'number', help: 'lifetime of access tokens' },
  inactivityTimeoutSeconds: {
    schema: seconds(1, yearSeconds),
    reads: 'number',
    help: 'unused so long, a session ends',
  },
  absoluteLifetimeSeconds: { schema: seconds(1, yearSeconds), reads: 'number', help: 'so old, every session ends' },
  leewaySeconds: { schema: seconds(0, 60), reads: 'number', help: 'tolerance for the expiry of tokens' },
  clockSkewSeconds: { schema: seconds(0, 60), reads: 'number', help: 'how far the clocks of two nodes may differ' },
  refreshGraceSeconds: { schema: seconds(0, 60), reads: 'number', help: 'how long a refresh may be repeated' },
  maximumSessionsPerUser: { schema: count(1, 100), reads: 'number', help: 'one more ends the oldest of the strategy' },
  loginFailuresPerUserAndAddress: {
    schema: count(1, 1_000),
    reads: 'number',
    help: 'failed logins of one user from one address, in 15 minutes',
  },
  loginFailuresPerAddress: {
    schema: count(1, 100_000),
    reads: 'number',
    help: 'failed logins from one address (IPv6: /64), in an hour',
  },
  secret: {
    schema: z.string().min(1).max(4_096),
    reads: 'text',
    except: ['flag'],
    help: 'root of what this realm keeps secret',
  },
  previousSecret: {
    schema: z.string().min(1).max(4_096),
    reads: 'text',
    except: ['flag'],
    help: 'what the secret was before; what was made under it is accepted until this is taken away',
  },
  hs256Key: {
    schema: z.string().min(1).max(4_096),
    reads: 'text',
    except: ['file', 'flag'],
    help: 'the key for HS256 itself, in base64url; else one is made',
  },
  rs256PrivateKeyFile: keyFile('RS256'),
  rs256PrivateKey: keyItself('RS256'),
  ps256PrivateKeyFile: keyFile('PS256'),
  ps256PrivateKey: keyItself('PS256'),
  es256PrivateKeyFile: keyFile('ES256'),
  es256PrivateKey: keyItself('ES256'),
  ed25519PrivateKeyFile: keyFile('Ed25519'),
  ed25519PrivateKey: keyItself('Ed25519'),
  plainHttp: {
    schema: z.enum(['refuse', 'loopback', 'any']),
    reads: 'text',
    help: 'connections without TLS: refuse, loopback (development), any',
  },
  trustProxy: { schema: switched, reads: 'switch', help: 'believe X-Forwarded-Proto, -Host and -For' },
  usersFile: { schema: path, reads: 'text', help: 'file with users, argon2id password hashes and roles (YAML)' },
  demoUsers: { schema: switched, reads: 'switch', help: 'alice and bob, with passwords shown at start' },
  lab: { schema: switched, reads: 'switch', help: 'a node of the lab: a million users with one known password' },
  metrics: { schema: switched, reads: 'switch', help: 'serve /metrics (default: on, in the lab off)' },
  logLevel: {
    schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
    reads: 'text',
    help: 'what goes to stderr while the server runs: silent, error, warn, info (default), debug',
  },
  labRoles: { schema: count(0, 200), reads: 'number', help: 'roles of every lab user' },
  labClaims: {
    schema: z.string().refine((profile) => labClaims(profile) !== null, 'is no claim profile'),
    reads: 'text',
    help: 'what every lab user is given instead: minimal, typical, roles-N or permissions-N (0 to 200)',
  },
} as const satisfies SettingTable;

export type SettingName = keyof typeof settings;
