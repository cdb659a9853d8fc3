/** Builds what faults are inflicted on: links before a Redis, and the nodes that serve all contestants. */

import type { BentClock } from '../environment/bent-clock.ts';
import { startDelayLink } from '../environment/delay-link.ts';
import { freePorts } from '../environment/free-ports.ts';
import type { RedisServer } from '../environment/redis-server.ts';
import { startTcpLink } from '../environment/tcp-link.ts';
import type { Wires } from './fault.ts';
import { FaultNode } from './fault-node.ts';
import type { Ground, OneRedisWorld, World } from './worlds.ts';

/** What the servers keep, and what every node demands of them. */
export const appendfsync = 'everysec';
export const dataArgs = ['--appendonly', 'yes', '--appendfsync', appendfsync];

export type OnClose = (end: () => Promise<unknown>) => void;

export interface OneRedisParts {
  readonly redis: RedisServer;
  readonly clock: BentClock | null;
  readonly wires: Wires;
}

export async function openOneRedis(
  { redis, clock, wires }: OneRedisParts,
  ground: Ground,
  onClose: OnClose,
): Promise<OneRedisWorld> {
  const isDelayed = wires === 'delay-link' || wires === 'links-over-delay-link';
  const delayLink = isDelayed
    ? await startDelayLink({ supervisor: ground.environment.supervisor, target: redis.url })
    : null;
  if (delayLink !== null) onClose(() => delayLink.close());
  const ports = await freePorts(wires === 'links' || wires === 'links-over-delay-link' ? ground.nodes : 0);
  const links = await Promise.all(ports.map((port) => startTcpLink(port, delayLink?.port ?? redis.port)));
  for (const link of links) onClose(() => link.close());
  const urlOf = (index: number): string => {
    const port = ports[index];
    return port === undefined ? (delayLink?.url ?? redis.url) : `redis://127.0.0.1:${port}`;
  };
  const started = await startNodes(ground, { urlOf, replicas: 0, variablesOfFirst: clock?.variables ?? {} }, onClose);
  return {
    ...started,
    redis,
    get link() {
      return demanded(links[0], 'links');
    },
    links,
    get delayLink() {
      return demanded(delayLink, 'delay-link');
    },
    get clock() {
      return demanded(clock, 'a clock that it can bend');
    },
  };
}

interface NodesOptions {
  readonly urlOf: (index: number) => string;
  readonly replicas: number;
  /** Of the process of the first node. */
  readonly variablesOfFirst?: Readonly<Record<string, string>>;
}

export async function startNodes(
  { environment, request, nodes }: Ground,
  { urlOf, replicas, variablesOfFirst = {} }: NodesOptions,
  onClose: OnClose,
): Promise<World> {
  const ports = await freePorts(nodes);
  const starts = ports.map(async (port, index) => {
    const redisUrl = urlOf(index);
    const variables = index === 0 ? variablesOfFirst : {};
    const whole = { ...request, redisUrl, port, persistence: appendfsync, replicas, variables } as const;
    const node = await FaultNode.start(environment, index, whole);
    onClose(() => node.close());
    return node;
  });
  // One that fails must not leave the others to come up behind its back.
  await Promise.allSettled(starts);
  const started = await Promise.all(starts);
  const { realm, partitions } = request;
  return { nodes: started, first: demanded(started[0], 'nodes'), realm, partitions };
}

function demanded<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new TypeError(`the fault did not ask for ${what}`);
  return value;
}
