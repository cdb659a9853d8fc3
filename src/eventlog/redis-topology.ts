/** Where the primary of each partition is at this moment: what every form of a Redis address comes down to. */

import type { Partition } from './port.ts';
import type { RedisHost } from './redis-address.ts';
import type { RedisServer } from './redis-server.ts';

export interface RedisTopology {
  /** Hosts and ports of the configured address, for messages. */
  readonly address: string;
  /** Whether another server may become the primary while we look. */
  readonly moves: boolean;
  /** Whether partitions may lie on different servers. */
  readonly spreads: boolean;
  /** By what was last heard; null: nothing yet. */
  primaryOf(partition: Partition): RedisServer | null;
  /** Every server that is the primary of a partition. */
  primaries(): readonly RedisServer[];
  /** A server that another one has named. */
  serverAt(host: RedisHost): RedisServer;
  /** Asks where the primaries are. Resolves when that has come to something, or to nothing in time. Never rejects. */
  refresh(): Promise<void>;
  /** Calls back after a partition's primary has become another. Answers how to end that. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface TopologyOptions {
  /** Every partition there is. */
  readonly partitions: readonly Partition[];
  /** Deadline of each question. */
  readonly commandTimeoutMillis: number;
}
