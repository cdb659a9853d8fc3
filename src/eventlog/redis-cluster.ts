/** The masters of a Redis Cluster, by the slots of the log's partitions (Redis Cluster specification). */

import { Command, type Redis } from 'ioredis';
import type { Partition } from './port.ts';
import { type ClusterAddress, describeRedisAddress, hostText, type RedisHost } from './redis-address.ts';
import { type ClusterAnswer, latestOwner, readClusterAnswer, type SlotOwner } from './redis-cluster-slots.ts';
import { Inquiry } from './redis-inquiry.ts';
import { type RedisServer, type ServerAccess, serverAt } from './redis-server.ts';
import type { RedisTopology, TopologyOptions } from './redis-topology.ts';

/** A Cluster may have hundreds of nodes; these are enough to outvote one that was cut off. */
const mostAsked = 7;

/** ioredis's own Cluster class sends again what failed, perhaps what was done, and waits without a deadline of ours. */
export class ClusterTopology implements RedisTopology {
  readonly address: string;
  readonly moves = true;
  readonly spreads = true;
  readonly #access: ServerAccess;
  readonly #slots: ReadonlyMap<Partition, number>;
  readonly #inquiry: Inquiry<ClusterAnswer>;
  readonly #listeners = new Set<() => void>();
  readonly #owners = new Map<Partition, SlotOwner>();
  readonly #servers = new Map<Partition, RedisServer>();
  #nodes: readonly RedisHost[] = [];
  #unheard = true;

  /** @param keyOf any key of a partition */
  constructor(address: ClusterAddress, options: TopologyOptions, keyOf: (partition: Partition) => string) {
    const { username, password, tls, seeds } = address;
    this.address = describeRedisAddress(address);
    this.#access = {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      tls,
      primaryOnly: false,
    };
    this.#slots = new Map(options.partitions.map((partition) => [partition, slotOf(keyOf(partition))]));
    this.#inquiry = new Inquiry({
      targets: () => this.#targets(seeds),
      ask: askNode,
      heard: (answers, isComplete) => this.#heard(answers, isComplete),
      commandTimeoutMillis: options.commandTimeoutMillis,
    });
    void this.refresh();
  }

  primaryOf(partition: Partition): RedisServer | null {
    return this.#servers.get(partition) ?? null;
  }

  primaries(): readonly RedisServer[] {
    return [...new Map([...this.#servers.values()].map((server) => [server.address, server])).values()];
  }

  serverAt(host: RedisHost): RedisServer {
    return serverAt(host, this.#access);
  }

  refresh(): Promise<void> {
    return this.#inquiry.refresh();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#inquiry.close();
    this.#listeners.clear();
  }

  /** The seeds are asked until somebody has answered, and again after a round in which nobody has. */
  #targets(seeds: readonly RedisHost[]): readonly RedisServer[] {
    const hosts = this.#unheard ? [...this.#nodes, ...seeds] : this.#nodes;
    this.#unheard = true;
    return hosts.map((host) => this.serverAt(host));
  }

  #heard(answers: readonly ClusterAnswer[], isComplete: boolean): void {
    this.#unheard = false;
    let isChanged = false;
    for (const [partition, slot] of this.#slots) {
      const owner = latestOwner(answers, slot, this.#owners.get(partition) ?? null, isComplete);
      if (owner === null) continue;
      this.#owners.set(partition, owner);
      if (this.#servers.get(partition)?.address === hostText(owner.host)) continue;
      this.#servers.set(partition, this.serverAt(owner.host));
      isChanged = true;
    }
    this.#nodes = nodesToAsk(this.#owners.values(), answers);
    if (isChanged) for (const listener of [...this.#listeners]) listener();
  }
}

/** The masters that we use come first: they are asked whatever else the Cluster has. */
function nodesToAsk(owners: Iterable<SlotOwner>, answers: readonly ClusterAnswer[]): readonly RedisHost[] {
  const nodes = new Map<string, RedisHost>();
  for (const { host } of owners) nodes.set(hostText(host), host);
  for (const { hosts } of answers) for (const host of hosts) nodes.set(hostText(host), host);
  return [...nodes.values()].slice(0, mostAsked);
}

async function askNode(redis: Redis, { address }: RedisServer): Promise<ClusterAnswer> {
  const [slots, nodes] = await Promise.all([redis.cluster('SLOTS'), redis.cluster('NODES')]);
  return readClusterAnswer(slots, String(nodes), address);
}

/** ioredis knows the function but exports only who calls it. */
function slotOf(key: string): number {
  return new Command('get', [key]).getSlot();
}
