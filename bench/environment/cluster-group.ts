/** A Redis Cluster of three masters with a replica each: for whoever fails masters over and moves slots. */

import { covers, moveSlot, slotCount, slotRanges } from './cluster-slots.ts';
import { freePorts } from './free-ports.ts';
import {
  ask,
  type DataServer,
  isFollowedBy,
  type RedisGroupOptions,
  stallLinks,
  startAll,
  startDataServer,
  until,
} from './redis-group.ts';
import type { RedisServer } from './redis-server.ts';
import type { ServerHost } from './server-process.ts';
import type { LinkClients } from './tcp-link.ts';

export interface ClusterGroup {
  /** `redis+cluster://…`, with three of the nodes as seeds. */
  readonly url: string;
  /** All nodes; the first three began as masters. */
  readonly servers: readonly RedisServer[];
  /** The nodes that own slots now, in the order of their first slots. */
  masters(): Promise<readonly RedisServer[]>;
  /** The master that owns the slot of `key` now. */
  primary(key: string): Promise<RedisServer>;
  /** The nodes that follow that master, whatever state they are in. */
  replicas(key: string): Promise<readonly RedisServer[]>;
  /** Hands the slots of `key`'s master over to its replica; nothing is lost. Returns the new master, known to all. */
  failover(key: string): Promise<RedisServer>;
  /** The node that owns the slot of `key` instead of `former`, which was paused or killed: two seconds later or so. */
  successor(former: RedisServer, key: string): Promise<RedisServer>;
  /**
   * Moves the slot of `key` and all that is in it to another master, which is returned. `whileMoving` runs when about
   * half of its keys have gone: those answer ASK, and a command on both halves TRYAGAIN.
   */
  moveSlot(key: string, whileMoving?: () => Promise<void>): Promise<RedisServer>;
  /** Returns when all nodes that run find the Cluster well, and every master is followed by its replicas that run. */
  settled(): Promise<void>;
  /** Only with `links`: these clients hear nothing, though their connections stand, until the returned function is called. */
  stall(clients: LinkClients): () => void;
  /** Kills all and removes their folders. */
  close(): Promise<void>;
}

const masterCount = 3;
const nodeCount = 6;
const nodeTimeoutMillis = 1_200;

/**
 * Takes three seconds or four, two of which Redis insists on; returns when all slots are served and all replicas online.
 * A failover by itself begins 1.2 s after a master has fallen silent.
 * @throws ERR_ENVIRONMENT_REDIS this machine has no Redis, or the Cluster does not come up.
 */
export async function startClusterGroup(host: ServerHost, options: RedisGroupOptions = {}): Promise<ClusterGroup> {
  const ports = await freePorts(3 * nodeCount);
  const starts = Array.from({ length: nodeCount }, (_, index) =>
    startNode(host, ports.slice(3 * index, 3 * index + 3), options),
  );
  const servers = await startAll(starts);
  const close = async () => void (await Promise.all(servers.map((server) => server.close())));
  try {
    await assemble(servers.map((server, index) => ({ server, busPort: ports[3 * index + 2] ?? 0 })));
    const cluster = clusterOf(servers);
    await cluster.settled();
    return { ...cluster, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The ports: where everybody finds it, behind its link, and of the Cluster's bus. */
function startNode(
  host: ServerHost,
  [port = 0, hiddenPort = 0, busPort = 0]: readonly number[],
  options: RedisGroupOptions,
): Promise<DataServer> {
  const args = [
    ...['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`],
    ...['--cluster-node-timeout', `${nodeTimeoutMillis}`],
    // A replica stays with its master, and takes over however long it has heard nothing.
    ...['--cluster-allow-replica-migration', 'no', '--cluster-replica-validity-factor', '0'],
  ];
  return startDataServer(host, { port, hiddenPort, args, announce: ['--cluster-announce-port', `${port}`] }, options);
}

interface NewNode {
  readonly server: DataServer;
  readonly busPort: number;
}

/** Makes one Cluster of nodes that do not know each other: what `redis-cli --cluster create` does, without its pauses. */
async function assemble(nodes: readonly NewNode[]): Promise<void> {
  await Promise.all(
    nodes.map(async ({ server }, index) => {
      await ask(server, 'CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`);
      if (index >= masterCount) return;
      const first = Math.ceil((index * slotCount) / masterCount);
      const last = Math.ceil(((index + 1) * slotCount) / masterCount) - 1;
      await ask(server, 'CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${last}`);
    }),
  );
  for (const [index, { server }] of nodes.entries()) {
    for (const other of nodes.slice(index + 1)) {
      // A node is met where it really is, and says itself where clients find it.
      await ask(server, 'CLUSTER', 'MEET', '127.0.0.1', `${other.server.port}`, `${other.busPort}`);
    }
  }
  await Promise.all(
    nodes.slice(masterCount).map(async ({ server }, index) => {
      const master = nodes[index]?.server ?? server;
      const id = String(await ask(master, 'CLUSTER', 'MYID'));
      await until('introduced', async () => (await ask(server, 'CLUSTER', 'REPLICATE', id)) === 'OK');
    }),
  );
}

function clusterOf(servers: readonly DataServer[]): Omit<ClusterGroup, 'close'> {
  const answering = () => servers.filter((server) => server.answers);
  const serverAt = (port: number) => servers.find((server) => server.port === port) ?? null;

  /** Whom all nodes that run agree on as the owner of the slot; null while they do not. */
  async function ownerOf(slot: number): Promise<DataServer | null> {
    const named = await Promise.all(
      answering().map(async (server) => (await slotRanges(server)).find((range) => covers(range, slot))?.ports[0]),
    );
    const [port] = named;
    return port !== undefined && named.every((other) => other === port) ? serverAt(port) : null;
  }
  async function slotOf(key: string): Promise<number> {
    return Number(await ask(firstOf(answering()), 'CLUSTER', 'KEYSLOT', key));
  }
  async function primary(key: string): Promise<DataServer> {
    const slot = await slotOf(key);
    return until('agreed on a master', () => ownerOf(slot));
  }
  async function masters(): Promise<DataServer[]> {
    const ranges = await slotRanges(firstOf(answering()));
    const ports = new Set(ranges.sort((a, b) => a.first - b.first).flatMap((range) => range.ports.slice(0, 1)));
    return [...ports].flatMap((port) => serverAt(port) ?? []);
  }
  async function successor(former: RedisServer, key: string): Promise<RedisServer> {
    const slot = await slotOf(key);
    return until('failed over', async () => {
      const owner = await ownerOf(slot);
      return owner !== null && owner.port !== former.port ? owner : null;
    });
  }
  async function replicas(key: string): Promise<DataServer[]> {
    return replicasOf(await primary(key));
  }
  async function replicasOf(master: DataServer): Promise<DataServer[]> {
    const [id, lines] = [await ask(master, 'CLUSTER', 'MYID'), String(await ask(master, 'CLUSTER', 'NODES'))];
    const followers = lines.split('\n').filter((line) => line.split(' ')[3] === id);
    return followers.flatMap((line) => serverAt(Number(/:(\d+)@/.exec(line)?.[1])) ?? []);
  }

  return {
    url: `redis+cluster://${servers
      .slice(0, masterCount)
      .map(({ port }) => `127.0.0.1:${port}`)
      .join(',')}`,
    servers,
    masters,
    primary,
    replicas,
    successor,
    async failover(key) {
      const [former, [replica]] = [await primary(key), await replicas(key)];
      if (replica === undefined) throw new TypeError('every master began with a replica');
      await ask(replica, 'CLUSTER', 'FAILOVER');
      return successor(former, key);
    },
    async moveSlot(key, whileMoving = async () => undefined) {
      const [slot, from, all] = [await slotOf(key), await primary(key), await masters()];
      const to = firstOf(all.filter((master) => master.port !== from.port));
      await moveSlot(slot, { from, to, all, whileMoving });
      await until('moved', async () => (await ownerOf(slot))?.port === to.port);
      return to;
    },
    async settled() {
      await until('settled', async () => {
        const states = await Promise.all(answering().map((server) => ask(server, 'CLUSTER', 'INFO')));
        if (!states.every((state) => /cluster_state:ok/.test(String(state)))) return false;
        const owners = await masters();
        const followers = await Promise.all(
          owners.map(async (master) => (await replicasOf(master)).filter((server) => server.answers)),
        );
        // A master that has come back is neither one nor the other until it has heard of its successor.
        if (owners.length + followers.flat().length < answering().length) return false;
        const followed = owners.map((master, index) => isFollowedBy(master, followers[index]?.length ?? 0));
        return (await Promise.all(followed)).every((isFollowed) => isFollowed);
      });
    },
    stall: (clients) => stallLinks(servers, clients),
  };
}

function firstOf(servers: readonly DataServer[]): DataServer {
  const [first] = servers;
  if (first === undefined) throw new TypeError('a node must be left to ask');
  return first;
}
