/** What a fault is inflicted on: Redis servers of its own, and nodes that serve all contestants; gone after the trial. */

import type { BentClock } from '../environment/bent-clock.ts';
import type { ClusterGroup } from '../environment/cluster-group.ts';
import type { DelayLink } from '../environment/delay-link.ts';
import type { Environment, NodeRequest } from '../environment/environment.ts';
import type { RedisServer } from '../environment/redis-server.ts';
import type { SentinelGroup } from '../environment/sentinel-group.ts';
import type { Standstill } from '../environment/stopped-child.ts';
import type { TcpLink } from '../environment/tcp-link.ts';
import type { FaultNode } from './fault-node.ts';

export interface World {
  readonly nodes: readonly FaultNode[];
  /** The first node: the one that is befallen where not Redis is. */
  readonly first: FaultNode;
  readonly realm: string;
  readonly partitions: number;
}

export interface OneRedisWorld extends World {
  readonly redis: RedisServer;
  /** Of the first node; throws TypeError where the fault did not ask for links. */
  readonly link: TcpLink;
  /** Of each node; empty where the fault did not ask for links. */
  readonly links: readonly TcpLink[];
  /** Of all nodes; throws TypeError where the fault did not ask for it. */
  readonly delayLink: DelayLink;
  /** Of the first node; throws TypeError where the fault did not ask to bend it. */
  readonly clock: BentClock;
}

export interface SentinelWorld extends World {
  readonly group: SentinelGroup;
}

export interface ClusterWorld extends World {
  readonly cluster: ClusterGroup;
}

/** On what a world is built. */
export interface Ground {
  readonly environment: Pick<Environment, 'supervisor' | 'machine' | 'startNode'>;
  /** Of every node. */
  readonly request: Omit<NodeRequest, 'redisUrl' | 'port' | 'persistence' | 'replicas' | 'variables'>;
  readonly nodes: number;
}

/** A fault that is ready to be inflicted. */
export interface Stage {
  readonly baseUrls: readonly string[];
  inflict(): Promise<() => Promise<void>>;
  /** Of all nodes so far. */
  standstills(): readonly Standstill[];
  /** Returns when every node that was started again is ready. Throws as `startNode`. */
  settled(): Promise<void>;
  /** Ends all of it. Safe to call twice. */
  close(): Promise<void>;
}
