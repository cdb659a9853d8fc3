/** `authlab check` as a program: everything `serve` would look at before it listens; nothing is started or written. */

import { exitCodes, explainFault, loadServerConfig, parseFlags, serverCommand } from './command-line.ts';
import { HeldKeys } from './compose/held-keys.ts';
import { rootSecretsOf } from './compose/keys.ts';
import type { Config } from './config.ts';
import { checkRedis, type RedisCheck, type RedisDemands } from './eventlog/check-redis.ts';
import { connectRedisEventLog } from './eventlog/redis-event-log.ts';
import { redisAddress } from './eventlog/redis-faults.ts';
import { AuthlabError } from './kernel/errors.ts';
import { KeyRing, type RootSecrets } from './keys/key-ring.ts';
import { readSigningKeys, sharedSigningKeys } from './projections/inline/signing-keys-state.ts';
import { forgetfulRedis } from './server.ts';

/** What was found; nothing in it is secret. */
export interface CheckReport {
  readonly listen: { readonly host: string; readonly port: number };
  /** The one at `/`. */
  readonly strategy: string;
  readonly strategies: readonly string[];
  readonly users: string;
  readonly redis: RedisCheck & {
    readonly address: string;
    /** What the settings ask of it. */
    readonly demands: Required<RedisDemands>;
  };
  readonly realm: string;
  readonly partitions: number;
  readonly signingKeys: {
    /** Algorithms whose private key the configuration gives. */
    readonly given: readonly string[];
    /** In the realm's log, all of them opened with the secret; null where the secret is made at start. */
    readonly inLog: number | null;
  };
  readonly warnings: readonly string[];
}

/**
 * Checks what `authlab serve` would be given by the same flags, environment and files.
 * @returns the exit code: 0 it would start (unless its port is taken), 2 bad input, 3 Redis, 5 a fault of authlab's own
 */
export async function runCheck(argv: readonly string[]): Promise<number> {
  const command = serverCommand(
    'authlab check',
    'Checks the settings and Redis as `authlab serve` would; starts nothing.',
  );
  const flags = parseFlags(command.option('--json', 'the report as JSON'), argv);
  if (!flags.ok) return flags.exitCode;
  const { json, ...settings } = flags.value;
  const loaded = loadServerConfig(settings);
  if (loaded === null) return exitCodes.badInput;
  try {
    const report = await check(loaded.config, loaded.warnings);
    process.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return exitCodes.ok;
  } catch (error) {
    return explainFault(error);
  }
}

/** Throws what `compose` would throw before it listens: ERR_ENVIRONMENT_REDIS, ERR_LOG_*, ERR_INPUT_INVALID for the secret. */
async function check(config: Config, warnings: readonly string[]): Promise<CheckReport> {
  const { host, port, strategy, strategies, realm, partitions, redisUrl, replicas, persistence } = config;
  const redis = await checkRedis(redisUrl, { replicas, persistence });
  const secrets = rootSecretsOf(config);
  const inLog = secrets === null ? null : await openRealmKeys(config, secrets);
  return {
    listen: { host, port },
    strategy,
    strategies,
    users: usersText(config),
    redis: { ...redis, address: redisAddress(redisUrl), demands: { replicas, persistence } },
    realm,
    partitions,
    signingKeys: { given: Object.keys(config.privateKeys), inLog },
    warnings: [...warnings, ...(redis.appendonly === 'no' ? [forgetfulRedis] : [])],
  };
}

/** How many keys the realm has, when every one of them opens. */
async function openRealmKeys(config: Config, secrets: RootSecrets): Promise<number> {
  const { redisUrl: url, realm, partitions, redisTimeoutMillis } = config;
  const log = connectRedisEventLog({ url, realm, partitions, commandTimeoutMillis: redisTimeoutMillis });
  try {
    const { state } = await readSigningKeys(log, sharedSigningKeys);
    if (new HeldKeys(sharedSigningKeys, new KeyRing(secrets)).takeOver(state)) return state.keys.length;
  } finally {
    await log.close();
  }
  const message =
    `is not the one under which the signing keys of the realm ${realm} were sealed; ` +
    "give this node the secret of the realm's other nodes (as previousSecret, if it is to change), or a realm of its own";
  throw new AuthlabError('ERR_INPUT_INVALID', 'The signing keys of the realm cannot be opened.', {
    faults: [{ place: 'secret', message }],
  });
}

function usersText({ identity }: Config): string {
  switch (identity.kind) {
    case 'users':
      return `${identity.users.length} from the users file`;
    case 'demo':
      return 'demo users, with passwords made at start';
    case 'lab':
      return 'the users of the lab';
  }
}

function reportText({
  listen,
  strategy,
  strategies,
  users,
  redis,
  realm,
  partitions,
  signingKeys,
  warnings,
}: CheckReport) {
  const { given, inLog } = signingKeys;
  const keys = [
    inLog === null ? 'made at start' : `${inLog} in the log, opened with the secret`,
    ...(given.length === 0 ? [] : [`given: ${given.join(', ')}`]),
  ];
  const lines = [
    `Would listen on ${listen.host}:${listen.port}.`,
    `At /: ${strategy}. Mounted: ${strategies.join(' ')}`,
    `Users: ${users}.`,
    `Signing keys: ${keys.join('; ')}.`,
    `Redis: ${redisText(redis)}.`,
    `Realm ${realm}, ${partitions} partition${partitions === 1 ? '' : 's'}.`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function redisText(redis: CheckReport['redis']): string {
  const { topology, primaries, server, version, address, maxmemoryPolicy, appendonly, appendfsync } = redis;
  const places = { single: '', sentinel: ' (Sentinels)', cluster: ` (Cluster, ${primaries} masters)` };
  const { replicas, minReplicasToWrite, demands } = redis;
  const facts = [
    `${server} ${version} at ${address}${places[topology]}`,
    maxmemoryPolicy,
    appendonly === 'yes' ? `append-only file, fsync ${appendfsync}` : 'no append-only file',
  ];
  if (replicas > 0) facts.push(`replicas connected${topology === 'cluster' ? ' to each' : ''}: ${replicas}`);
  if (demands.replicas > 0) facts.push(`must confirm each write: ${demands.replicas}`);
  if (minReplicasToWrite !== null && minReplicasToWrite > 0) facts.push(`min-replicas-to-write ${minReplicasToWrite}`);
  return facts.join(', ');
}
