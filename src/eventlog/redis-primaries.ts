/** Finds the primaries behind a Redis address by asking anew, for who wants to look at each of them. */

import { Redis } from 'ioredis';
import { AuthlabError, isAuthlabError } from '../kernel/errors.ts';
import { type ClusterAddress, describeRedisAddress, type RedisAddress, type SentinelAddress } from './redis-address.ts';
import { readClusterAnswer } from './redis-cluster-slots.ts';
import { redisOptions, withDeadline } from './redis-connection.ts';
import { logFault, replyWord } from './redis-faults.ts';
import { type RedisServer, type ServerAccess, serverAt } from './redis-server.ts';

export interface FoundPrimary {
  readonly server: RedisServer;
  /** Replicas that Sentinels or the Cluster count for it, those that are away included; 0 where nobody counts. */
  readonly knownReplicas: number;
}

const slotCount = 16_384;

/**
 * All primaries: one, unless it is a Cluster. Asks every Sentinel, or every seed, at once.
 *
 * @throws ERR_ENVIRONMENT_REDIS nobody answers in time. ERR_LOG_REFUSED who answers is no Sentinel, no node of a Cluster,
 *   knows no such primary, does not let us in, or belongs to a Cluster that does not serve all its slots.
 */
export async function findPrimaries(address: RedisAddress, deadlineMillis: number): Promise<readonly FoundPrimary[]> {
  switch (address.kind) {
    case 'single': {
      const server = {
        address: describeRedisAddress(address),
        open: (options: object) => new Redis(address.url, options),
      };
      return [{ server, knownReplicas: 0 }];
    }
    case 'sentinel':
      return [await findBySentinel(address, deadlineMillis)];
    case 'cluster':
      return findByCluster(address, deadlineMillis);
  }
}

/**
 * Puts a question on a connection of its own, which is closed again.
 * @throws ERR_ENVIRONMENT_REDIS no answer in time; else what `logFault` makes of the reply
 */
export async function askOnce<Answer>(
  server: RedisServer,
  deadlineMillis: number,
  question: (redis: Redis) => Promise<Answer>,
): Promise<Answer> {
  const options = redisOptions({ connectionName: 'authlab-check', commandTimeoutMillis: deadlineMillis });
  const redis = server.open({ ...options, lazyConnect: true, retryStrategy: null });
  let failure: unknown = null;
  let answer: { readonly value: Answer } | null = null;
  const failed = (error: unknown): void => {
    failure ??= error;
  };
  // Why a connection was refused is told here; whoever waits for it hears only that it closed.
  redis.on('error', failed);
  const asked = redis
    .connect()
    .then(() => question(redis))
    .then((value) => {
      answer = { value };
    }, failed);
  await withDeadline(asked, deadlineMillis);
  redis.disconnect();
  const found = answer as { readonly value: Answer } | null;
  if (found !== null) return found.value;
  if (failure instanceof AuthlabError) throw failure;
  if (replyWord(failure) !== null) throw logFault(failure, server.address, 'ERR_LOG_UNAVAILABLE');
  throw new AuthlabError(
    'ERR_ENVIRONMENT_REDIS',
    `no Redis answers at ${server.address}; start it, or correct the URL`,
  );
}

interface SentinelView {
  readonly primary: RedisServer;
  readonly replicas: number;
  readonly epoch: number;
}

async function findBySentinel(address: SentinelAddress, deadlineMillis: number): Promise<FoundPrimary> {
  const { username, password, sentinelUsername, sentinelPassword, name, db, tls } = address;
  const access = { ...accessOf({ username, password, tls }), db };
  const sentinelAccess = accessOf({ username: sentinelUsername, password: sentinelPassword, tls });
  const answers = await askAll(
    address,
    'Sentinel',
    address.sentinels.map((host) => serverAt(host, sentinelAccess)),
    {
      deadlineMillis,
      async question(redis): Promise<SentinelView | null> {
        const place = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as [string, string] | null;
        if (place === null) return null;
        const fields = (await redis.call('SENTINEL', 'MASTER', name)) as string[];
        const field = (which: string) => Number(fields[fields.indexOf(which) + 1]);
        const primary = serverAt({ host: place[0], port: Number(place[1]) }, access);
        return { primary, replicas: field('num-slaves'), epoch: field('config-epoch') };
      },
    },
  );
  const [latest] = answers.filter((answer) => answer !== null).sort((one, other) => other.epoch - one.epoch);
  if (latest !== undefined) return { server: latest.primary, knownReplicas: latest.replicas };
  throw new AuthlabError(
    'ERR_LOG_REFUSED',
    `the Sentinels at ${describeRedisAddress(address)} watch no primary of that name; correct the end of the URL`,
  );
}

interface ClusterView {
  readonly isWell: boolean;
  readonly epoch: number;
  readonly primaries: readonly FoundPrimary[];
}

async function findByCluster(address: ClusterAddress, deadlineMillis: number): Promise<readonly FoundPrimary[]> {
  const access = accessOf(address);
  const answers = await askAll(
    address,
    'node of a Cluster',
    address.seeds.map((host) => serverAt(host, access)),
    {
      deadlineMillis,
      async question(redis, seed): Promise<ClusterView> {
        const [slots, nodes, info] = await Promise.all([
          redis.cluster('SLOTS') as Promise<unknown[]>,
          redis.cluster('NODES') as Promise<string>,
          redis.cluster('INFO'),
        ]);
        const { ranges } = readClusterAnswer(slots, nodes, seed.address);
        const covered = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
        const primaries = new Map<string, FoundPrimary>();
        for (const [index, { host }] of ranges.entries()) {
          const server = serverAt(host, access);
          if (primaries.has(server.address)) continue;
          primaries.set(server.address, { server, knownReplicas: replicasOf(slots[index], nodes) });
        }
        return {
          isWell: covered === slotCount && /^cluster_state:ok/m.test(String(info)),
          epoch: Number(/^cluster_current_epoch:(\d+)/m.exec(String(info))?.[1]),
          primaries: [...primaries.values()],
        };
      },
    },
  );
  const [latest] = answers.filter(({ isWell }) => isWell).sort((one, other) => other.epoch - one.epoch);
  if (latest !== undefined) return latest.primaries;
  throw new AuthlabError(
    'ERR_LOG_REFUSED',
    `the Cluster at ${describeRedisAddress(address)} does not serve all of its slots; ` +
      'run "redis-cli --cluster check" there, and "redis-cli --cluster fix" when nodes will not come back',
  );
}

/** Lines of `CLUSTER NODES` that name the master of this row of `CLUSTER SLOTS` as theirs. */
function replicasOf(row: unknown, nodes: string): number {
  const [, , [, , masterId]] = row as [number, number, [string, number, string]];
  return nodes.split('\n').filter((line) => line.split(' ')[3] === masterId).length;
}

interface Inquest<Answer> {
  readonly deadlineMillis: number;
  readonly question: (redis: Redis, server: RedisServer) => Promise<Answer>;
}

/** The answers of all that answer in time; a failure when nobody does: the one that says most. */
async function askAll<Answer>(
  address: RedisAddress,
  what: string,
  servers: readonly RedisServer[],
  { deadlineMillis, question }: Inquest<Answer>,
): Promise<Answer[]> {
  const outcomes = await Promise.allSettled(
    servers.map((server) =>
      askOnce(server, deadlineMillis, async (redis) => {
        try {
          return await question(redis, server);
        } catch (error) {
          // An unknown command, or one that this kind of server has switched off.
          if (replyWord(error) !== 'ERR') throw error;
          const message = `the server at ${server.address} is no ${what}; correct the beginning of the URL`;
          throw new AuthlabError('ERR_LOG_REFUSED', message);
        }
      }),
    ),
  );
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (answers.length > 0) return answers;
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const place = describeRedisAddress(address);
  const refusal = failures.find((failure) => isAuthlabError(failure, 'ERR_LOG_REFUSED'));
  if (refusal === undefined) {
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `no ${what} answers at ${place}; start it, or correct the URL`);
  }
  throw refusal;
}

interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls: boolean;
}

function accessOf({ username, password, tls }: Login): ServerAccess {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    tls,
    // A replica is to be told apart from a server that is away.
    primaryOnly: false,
  };
}
