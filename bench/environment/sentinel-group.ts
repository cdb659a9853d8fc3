/** A primary with two replicas and three Sentinels that promote one of them: for whoever fails it over. */

import { randomBytes } from 'node:crypto';
import { freePorts } from './free-ports.ts';
import {
  ask,
  type DataServer,
  type DataServerPlace,
  infoOf,
  isFollowedBy,
  type RedisGroupOptions,
  stallLinks,
  startAll,
  startDataServer,
  until,
} from './redis-group.ts';
import type { RedisServer } from './redis-server.ts';
import { type ServerHost, type ServerProcess, startServer } from './server-process.ts';
import type { LinkClients } from './tcp-link.ts';

export interface SentinelGroup {
  /** `redis+sentinel://…/name`. */
  readonly url: string;
  /** What the Sentinels call the group. */
  readonly name: string;
  /** All that hold data; the first began as the primary. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly ServerProcess[];
  /** Which one the Sentinels call the primary now. */
  primary(): Promise<RedisServer>;
  /** The others, whatever state they are in. */
  replicas(): Promise<readonly RedisServer[]>;
  /**
   * Has the Sentinels promote a replica though the primary is well, which may lose what no replica had yet. Returns the
   * new primary once every Sentinel names it and it takes writes.
   */
  failover(): Promise<RedisServer>;
  /** The server that has taken over from `former`, which was paused or killed: one to two seconds later. */
  successor(former: RedisServer): Promise<RedisServer>;
  /** Returns when all servers that run follow the primary, and all Sentinels that run know them. */
  settled(): Promise<void>;
  /** Only with `links`: these clients hear nothing, though their connections stand, until the returned function is called. */
  stall(clients: LinkClients): () => void;
  /** Kills all and removes their folders. */
  close(): Promise<void>;
}

const groupName = 'authlab-group';
const serverCount = 3;
const sentinelCount = 3;
const downAfterMillis = 700;

/**
 * Takes a second or two; returns when both replicas are online and the Sentinels know everybody. A failover by itself
 * begins 0.7 s after the primary has fallen silent.
 * @throws ERR_ENVIRONMENT_REDIS this machine has no Redis, or the group does not come up.
 */
export async function startSentinelGroup(host: ServerHost, options: RedisGroupOptions = {}): Promise<SentinelGroup> {
  const ports = await freePorts(2 * serverCount + sentinelCount);
  const serverPorts = ports.slice(0, serverCount);
  const servers = await startAll(
    serverPorts.map((port, index) =>
      startGroupServer(host, { port, hiddenPort: ports[serverCount + index] ?? 0 }, serverPorts[0], options),
    ),
  );
  const sentinels: ServerProcess[] = [];
  const close = async () => void (await Promise.all([...sentinels, ...servers].map((server) => server.close())));
  try {
    sentinels.push(...(await startSentinels(host, ports.slice(2 * serverCount), serverPorts)));
    const group = groupOf(servers, sentinels);
    await group.settled();
    return { ...group, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its role is a line of its file, because promotion and demotion are written there, and outlive a restart. */
function startGroupServer(
  host: ServerHost,
  { port, hiddenPort }: Pick<DataServerPlace, 'port' | 'hiddenPort'>,
  primaryPort: number | undefined,
  options: RedisGroupOptions,
): Promise<DataServer> {
  const config = port === primaryPort ? [] : [`replicaof 127.0.0.1 ${primaryPort}`];
  const announce = ['--replica-announce-ip', '127.0.0.1', '--replica-announce-port', `${port}`];
  return startDataServer(host, { port, hiddenPort, config, announce }, options);
}

/** They are told of each other and of the replicas, which they would otherwise find out one by one. */
async function startSentinels(
  host: ServerHost,
  ports: readonly number[],
  serverPorts: readonly number[],
): Promise<ServerProcess[]> {
  const ids = ports.map(() => randomBytes(20).toString('hex'));
  const [primaryPort, ...replicaPorts] = serverPorts;
  const sentinels = await startAll(
    ports.map((port, own) => {
      const others = ports.map((other, index) => `known-sentinel ${groupName} 127.0.0.1 ${other} ${ids[index]}`);
      const lines = [
        `myid ${ids[own]}`,
        `monitor ${groupName} 127.0.0.1 ${primaryPort} ${Math.ceil(sentinelCount / 2)}`,
        `down-after-milliseconds ${groupName} ${downAfterMillis}`,
        `failover-timeout ${groupName} 3000`,
        `parallel-syncs ${groupName} ${serverCount}`,
        ...replicaPorts.map((replica) => `known-replica ${groupName} 127.0.0.1 ${replica}`),
        ...others.filter((_, index) => index !== own),
      ];
      return startServer(host, { port, config: lines.map((line) => `sentinel ${line}`), args: ['--sentinel'] });
    }),
  );
  // Roles are looked at and announced every few seconds otherwise, and a demoted primary waits four times as long.
  const periods = ['info-period', '500', 'publish-period', '500', 'ping-period', '200', 'ask-period', '200'];
  await Promise.all(sentinels.map((sentinel) => ask(sentinel, 'SENTINEL', 'DEBUG', ...periods)));
  return sentinels;
}

function groupOf(servers: readonly DataServer[], sentinels: readonly ServerProcess[]): Omit<SentinelGroup, 'close'> {
  const answering = () => sentinels.filter((sentinel) => sentinel.answers);

  /** Whom all Sentinels that run agree on; null while they do not. */
  async function agreed(): Promise<DataServer | null> {
    const named = await Promise.all(answering().map(primaryPortOf));
    const [port] = named;
    return (named.every((other) => other === port) && servers.find((server) => server.port === port)) || null;
  }
  async function replacement(former: RedisServer): Promise<RedisServer> {
    return until('failed over', async () => {
      const primary = await agreed();
      if (primary === null || primary.port === former.port) return null;
      return (await infoOf(primary, 'replication')).get('role') === 'master' ? primary : null;
    });
  }
  const primary = () => until('agreed on a primary', agreed);

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${groupName}`,
    name: groupName,
    servers,
    sentinels,
    primary,
    async replicas() {
      const { port } = await primary();
      return servers.filter((server) => server.port !== port);
    },
    async failover() {
      const former = await primary();
      await until('willing to fail over', async () => {
        const [sentinel] = answering();
        return sentinel !== undefined && (await ask(sentinel, 'SENTINEL', 'FAILOVER', groupName)) === 'OK';
      });
      return replacement(former);
    },
    successor: replacement,
    async settled() {
      await until('settled', async () => {
        const current = await agreed();
        const others = servers.filter((server) => server.answers && server.port !== current?.port).length;
        if (current === null || !(await isFollowedBy(current, others))) return false;
        const known = await Promise.all(answering().map((sentinel) => knownReplicas(sentinel)));
        return known.every((count) => count >= others);
      });
    },
    stall: (clients) => stallLinks(servers, clients),
  };
}

async function primaryPortOf(sentinel: ServerProcess): Promise<number> {
  const [, port] = (await ask(sentinel, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', groupName)) as string[];
  return Number(port);
}

/** How many replicas this Sentinel could promote; none before it knows the other Sentinels that it must ask. */
async function knownReplicas(sentinel: ServerProcess): Promise<number> {
  if (!String(await ask(sentinel, 'SENTINEL', 'CKQUORUM', groupName)).startsWith('OK')) return 0;
  const replicas = (await ask(sentinel, 'SENTINEL', 'REPLICAS', groupName)) as string[][];
  return replicas.filter((fields) => {
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    return field('flags') === 'slave' && field('master-link-status') === 'ok';
  }).length;
}
