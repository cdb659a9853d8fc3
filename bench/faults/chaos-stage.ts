/** The world of a random history: one kind of Redis, its nodes, and every fault that may be inflicted on them, by name. */

import { startClusterGroup } from '../environment/cluster-group.ts';
import { startRedisServer } from '../environment/redis-server.ts';
import { startSentinelGroup } from '../environment/sentinel-group.ts';
import { supervisedHost } from '../environment/supervised-servers.ts';
import type { ChaosFaultName, ChaosTopology } from '../record/chaos-events.ts';
import { faults } from './catalogue.ts';
import type { Fault } from './fault.ts';
import { dataArgs, type OnClose, openOneRedis, startNodes } from './open-world.ts';
import type { ClusterWorld, Ground, OneRedisWorld, SentinelWorld, Stage, World } from './worlds.ts';

export interface ChaosStage extends Omit<Stage, 'inflict'> {
  /** As `Stage.inflict`; `node` is the one that is befallen where a node is. */
  inflict(fault: ChaosFaultName, node: number): Promise<() => Promise<void>>;
}

/** A majority of the copies: what the configuration must demand, or a promotion loses what was acknowledged. */
export function replicasOf(topology: ChaosTopology): number {
  return topology === 'one' ? 0 : 1;
}

/** Whether a primary is replaced, so that look-ups at the former one are conceded. */
export function deposes(fault: ChaosFaultName): boolean {
  return faults[fault].concession?.acceptsRevoked === 'look-ups';
}

/** As `openStage`. */
export async function openChaosStage(topology: ChaosTopology, ground: Ground): Promise<ChaosStage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const world = await openWorld(topology, ground, (end) => closing.push(end));
    const { nodes } = world.world;
    return {
      baseUrls: nodes.map(({ baseUrl }) => baseUrl),
      inflict: (fault, node) => inflictOn(world, fault, node),
      standstills: () => nodes.flatMap(({ standstills }) => standstills),
      settled: async () => void (await Promise.all(nodes.map((node) => node.settled()))),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Opened =
  | { readonly topology: 'one'; readonly world: OneRedisWorld }
  | { readonly topology: 'sentinel'; readonly world: SentinelWorld }
  | { readonly topology: 'cluster'; readonly world: ClusterWorld };

async function openWorld(topology: ChaosTopology, ground: Ground, onClose: OnClose): Promise<Opened> {
  const { supervisor, machine } = ground.environment;
  const host = supervisedHost(supervisor, machine.pinning?.redis);
  const replicas = replicasOf(topology);
  switch (topology) {
    case 'one': {
      const redis = await startRedisServer(host, { args: dataArgs });
      onClose(() => redis.close());
      const world = await openOneRedis({ redis, clock: null, wires: 'links-over-delay-link' }, ground, onClose);
      return { topology, world };
    }
    case 'sentinel': {
      const group = await startSentinelGroup(host, { args: dataArgs, links: true });
      onClose(() => group.close());
      const started = await startNodes(ground, { urlOf: () => group.url, replicas }, onClose);
      return { topology, world: { group, ...started } };
    }
    case 'cluster': {
      const cluster = await startClusterGroup(host, { args: dataArgs, links: true });
      onClose(() => cluster.close());
      const started = await startNodes(ground, { urlOf: () => cluster.url, replicas }, onClose);
      return { topology, world: { cluster, ...started } };
    }
  }
}

async function inflictOn(opened: Opened, name: ChaosFaultName, node: number): Promise<() => Promise<void>> {
  const fault = faults[name];
  if (isOfNodeAlone(name)) return inflictOnNode(opened.world, name, node);
  switch (opened.topology) {
    case 'one':
      return ofTopology(fault, 'one').inflict(withFirst(opened.world, node));
    case 'sentinel':
      return ofTopology(fault, 'sentinel').inflict(opened.world);
    case 'cluster':
      return ofTopology(fault, 'cluster').inflict(opened.world);
  }
}

/** What a node suffers before any Redis. */
function isOfNodeAlone(name: ChaosFaultName): name is 'node-paused' | 'node-killed' {
  return name === 'node-paused' || name === 'node-killed';
}

async function inflictOnNode(world: World, name: 'node-paused' | 'node-killed', index: number) {
  const node = world.nodes[index] ?? world.first;
  if (name === 'node-paused') return node.pause();
  await node.kill();
  return async () => node.restart();
}

/** The world as a fault sees it that befalls the first node, with another one in its place. */
function withFirst(world: OneRedisWorld, index: number): OneRedisWorld {
  const first = world.nodes[index] ?? world.first;
  return {
    ...{ nodes: world.nodes, first, realm: world.realm, partitions: world.partitions },
    ...{ redis: world.redis, links: world.links, delayLink: world.delayLink },
    get link() {
      return world.links[index] ?? world.link;
    },
    get clock() {
      return world.clock;
    },
  };
}

function ofTopology<Topology extends Fault['topology']>(fault: Fault, topology: Topology) {
  if (fault.topology !== topology) throw new TypeError(`${fault.title} needs another Redis than ${topology}`);
  return fault as Extract<Fault, { readonly topology: Topology }>;
}
