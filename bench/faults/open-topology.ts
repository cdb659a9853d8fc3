/** Opens what faults are inflicted on, whatever kind of Redis it has: its servers, its links, its nodes; and ends all of it. */

import { openBentClock } from '../environment/bent-clock.ts';
import { startClusterGroup } from '../environment/cluster-group.ts';
import { startRedisServer } from '../environment/redis-server.ts';
import { startSentinelGroup } from '../environment/sentinel-group.ts';
import { supervisedHost } from '../environment/supervised-servers.ts';
import type { Fault, Wires } from './fault.ts';
import { dataArgs, type OnClose, openOneRedis, startNodes } from './open-world.ts';
import type { ClusterWorld, Ground, OneRedisWorld, SentinelWorld, Stage } from './worlds.ts';

/** What a world is to have: a fault says so, too. */
export type WorldNeeds =
  | { readonly topology: 'one'; readonly wires: Wires; readonly bendsClock?: true }
  | { readonly topology: 'sentinel' | 'cluster'; readonly replicas: number };

export type OpenedWorld =
  | { readonly topology: 'one'; readonly world: OneRedisWorld }
  | { readonly topology: 'sentinel'; readonly world: SentinelWorld }
  | { readonly topology: 'cluster'; readonly world: ClusterWorld };

export interface OpenedTopology {
  readonly opened: OpenedWorld;
  readonly stage: Omit<Stage, 'inflict'>;
}

/**
 * Starts everything and returns when every node is ready. When it throws, nothing is left behind.
 * @throws ERR_ENVIRONMENT_REDIS, ERR_PART_CRASHED what does not come up.
 */
export async function openTopology(needs: WorldNeeds, ground: Ground): Promise<OpenedTopology> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const opened = await openWorld(needs, ground, (end) => closing.push(end));
    const { nodes } = opened.world;
    const stage = {
      baseUrls: nodes.map(({ baseUrl }) => baseUrl),
      standstills: () => nodes.flatMap(({ standstills }) => standstills),
      settled: async () => void (await Promise.all(nodes.map((node) => node.settled()))),
      close,
    };
    return { opened, stage };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWorld(needs: WorldNeeds, ground: Ground, onClose: OnClose): Promise<OpenedWorld> {
  const { supervisor, machine } = ground.environment;
  const host = supervisedHost(supervisor, machine.pinning?.redis);
  const options = { args: dataArgs, links: true };
  const { topology } = needs;
  switch (topology) {
    case 'one': {
      const { wires, bendsClock } = needs;
      const redis = await startRedisServer(host, { args: dataArgs });
      onClose(() => redis.close());
      const clock = bendsClock === true ? await openBentClock(supervisor.folder) : null;
      return { topology, world: await openOneRedis({ redis, clock, wires }, ground, onClose) };
    }
    case 'sentinel': {
      const group = await startSentinelGroup(host, options);
      onClose(() => group.close());
      const started = await startNodes(ground, { urlOf: () => group.url, replicas: needs.replicas }, onClose);
      return { topology, world: { group, ...started } };
    }
    case 'cluster': {
      const cluster = await startClusterGroup(host, options);
      onClose(() => cluster.close());
      const started = await startNodes(ground, { urlOf: () => cluster.url, replicas: needs.replicas }, onClose);
      return { topology, world: { cluster, ...started } };
    }
  }
}

/** Throws TypeError where the fault needs another Redis. */
export function inflictIn({ topology, world }: OpenedWorld, fault: Fault): Promise<() => Promise<void>> {
  switch (topology) {
    case 'one':
      return ofTopology(fault, topology).inflict(world);
    case 'sentinel':
      return ofTopology(fault, topology).inflict(world);
    case 'cluster':
      return ofTopology(fault, topology).inflict(world);
  }
}

function ofTopology<Topology extends Fault['topology']>(fault: Fault, topology: Topology) {
  if (fault.topology !== topology) throw new TypeError(`${fault.title} needs another Redis than ${topology}`);
  return fault as Extract<Fault, { readonly topology: Topology }>;
}
