/** The world of a random history: one kind of Redis, its nodes, and every fault that may be inflicted on them, by name. */

import type { ChaosFaultName, ChaosTopology } from '../record/chaos-events.ts';
import { faults } from './catalogue.ts';
import { inflictIn, type OpenedWorld, openTopology, type WorldNeeds } from './open-topology.ts';
import type { Ground, OneRedisWorld, Stage, World } from './worlds.ts';

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

/** As `openTopology`. */
export async function openChaosStage(topology: ChaosTopology, ground: Ground): Promise<ChaosStage> {
  const needs: WorldNeeds =
    topology === 'one' ? { topology, wires: 'links-over-delay-link' } : { topology, replicas: replicasOf(topology) };
  const { opened, stage } = await openTopology(needs, ground);
  return { ...stage, inflict: (fault, node) => inflictOn(opened, fault, node) };
}

async function inflictOn(opened: OpenedWorld, name: ChaosFaultName, node: number): Promise<() => Promise<void>> {
  if (isOfNodeAlone(name)) return inflictOnNode(opened.world, name, node);
  const befallen = opened.topology === 'one' ? { ...opened, world: withFirst(opened.world, node) } : opened;
  return inflictIn(befallen, faults[name]);
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
