/** What a node of a Redis Cluster says about who owns which slots, and whom to believe where nodes differ. */

import { hostOf, type RedisHost } from './redis-address.ts';

/** What one node says. */
export interface ClusterAnswer {
  readonly ranges: readonly SlotRange[];
  /** All nodes that it names, masters first. */
  readonly hosts: readonly RedisHost[];
}

export interface SlotOwner {
  readonly host: RedisHost;
  /** The owner's configuration epoch: of two that claim a slot the higher is right. */
  readonly epoch: number;
}

interface SlotRange extends SlotOwner {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/**
 * @param slots the reply to `CLUSTER SLOTS`: `[from, to, [host, port, node id, …] of the master, … of its replicas]` each
 * @param nodes the reply to `CLUSTER NODES`, which alone holds the epochs: a line a node, the id first, the epoch seventh
 * @param address of the node that was asked; its host stands for a node that does not know its own
 */
export function readClusterAnswer(slots: unknown, nodes: string, address: string): ClusterAnswer {
  const epochs = new Map<string, number>();
  for (const line of nodes.split('\n')) {
    const fields = line.split(' ');
    epochs.set(fields[0] ?? '', Number(fields[6]));
  }
  const own = hostOf(address);
  const ranges: SlotRange[] = [];
  const masters: RedisHost[] = [];
  const replicas: RedisHost[] = [];
  for (const [from, to, ...servers] of slots as readonly (readonly unknown[])[]) {
    for (const [index, server] of servers.entries()) {
      const [name, port, id] = server as readonly [string | null, number, string];
      const host = { host: name === null || name === '' || name === '?' ? own : name, port };
      (index === 0 ? masters : replicas).push(host);
      if (index === 0) ranges.push({ from: Number(from), to: Number(to), host, epoch: epochs.get(id) ?? 0 });
    }
  }
  return { ranges, hosts: [...masters, ...replicas] };
}

/**
 * The one owner to believe, null for none of them. As long as somebody is missing only a newer one: gossip may not have
 * reached those who answer. When all have answered also an older one: the Cluster was set up anew.
 */
export function latestOwner(
  answers: readonly ClusterAnswer[],
  slot: number,
  known: SlotOwner | null,
  isComplete: boolean,
): SlotOwner | null {
  let latest: SlotOwner | null = null;
  for (const { ranges } of answers) {
    const range = ranges.find(({ from, to }) => from <= slot && slot <= to);
    if (range !== undefined && (latest === null || range.epoch > latest.epoch)) latest = range;
  }
  if (latest === null) return null;
  return isComplete || known === null || latest.epoch > known.epoch ? latest : null;
}
