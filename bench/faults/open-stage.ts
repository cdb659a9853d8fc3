/** Opens the world of a fault: its servers, its links, its nodes. */

import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { type BentClock, openBentClock } from '../environment/bent-clock.ts';
import { startClusterGroup } from '../environment/cluster-group.ts';
import { startDelayLink } from '../environment/delay-link.ts';
import { freePorts } from '../environment/free-ports.ts';
import { type RedisServer, startRedisServer } from '../environment/redis-server.ts';
import { startSentinelGroup } from '../environment/sentinel-group.ts';
import { supervisedHost } from '../environment/supervised-servers.ts';
import { startTcpLink } from '../environment/tcp-link.ts';
import type { FaultRedis } from '../record/fault-events.ts';
import type { Fault, Wires } from './fault.ts';
import { FaultNode } from './fault-node.ts';
import type { Ground, OneRedisWorld, Stage, World } from './worlds.ts';

/** What the servers keep, and what every node demands of them. */
const appendfsync = 'everysec';
const dataArgs = ['--appendonly', 'yes', '--appendfsync', appendfsync];

export function redisOf(fault: Fault): FaultRedis {
  return { topology: fault.topology, replicas: fault.topology === 'one' ? 0 : fault.replicas, appendfsync };
}

/**
 * Starts everything and returns when every node is ready. When it throws, nothing is left behind.
 * @throws ERR_ENVIRONMENT_REDIS, ERR_PART_CRASHED what does not come up.
 */
export async function openStage(fault: Fault, ground: Ground): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const opened = await openFor(fault, ground, (end) => closing.push(end));
    const { nodes } = opened.world;
    return {
      baseUrls: nodes.map(({ baseUrl }) => baseUrl),
      inflict: () =>
        attempted(async () => {
          const mend = await opened.inflict();
          return () => attempted(mend);
        }),
      standstills: () => nodes.flatMap(({ standstills }) => standstills),
      settled: async () => void (await Promise.all(nodes.map((node) => node.settled()))),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a Redis client throws tells of servers that did not do what was asked of them: of the environment, not of the lab. */
async function attempted<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || isAuthlabError(error) || error instanceof TypeError) throw error;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `the fault did not come about: ${error.message}`, { cause: error });
  }
}

type OnClose = (end: () => Promise<unknown>) => void;

interface Opened {
  readonly world: World;
  readonly inflict: () => Promise<() => Promise<void>>;
}

async function openFor(fault: Fault, ground: Ground, onClose: OnClose): Promise<Opened> {
  const { supervisor, machine } = ground.environment;
  const host = supervisedHost(supervisor, machine.pinning?.redis);
  const options = { args: dataArgs, links: true };
  switch (fault.topology) {
    case 'one': {
      const redis = await startRedisServer(host, { args: dataArgs });
      onClose(() => redis.close());
      const clock = fault.bendsClock === true ? await openBentClock(supervisor.folder) : null;
      const world = await openOneRedis({ redis, clock, wires: fault.wires }, ground, onClose);
      return { world, inflict: () => fault.inflict(world) };
    }
    case 'sentinel': {
      const group = await startSentinelGroup(host, options);
      onClose(() => group.close());
      const world = {
        group,
        ...(await startNodes(ground, { urlOf: () => group.url, replicas: fault.replicas }, onClose)),
      };
      return { world, inflict: () => fault.inflict(world) };
    }
    case 'cluster': {
      const cluster = await startClusterGroup(host, options);
      onClose(() => cluster.close());
      const world = {
        cluster,
        ...(await startNodes(ground, { urlOf: () => cluster.url, replicas: fault.replicas }, onClose)),
      };
      return { world, inflict: () => fault.inflict(world) };
    }
  }
}

interface OneRedisParts {
  readonly redis: RedisServer;
  readonly clock: BentClock | null;
  readonly wires: Wires;
}

async function openOneRedis(
  { redis, clock, wires }: OneRedisParts,
  ground: Ground,
  onClose: OnClose,
): Promise<OneRedisWorld> {
  const ports = await freePorts(wires === 'links' ? ground.nodes : 0);
  const links = await Promise.all(ports.map((port) => startTcpLink(port, redis.port)));
  for (const link of links) onClose(() => link.close());
  const delayLink =
    wires === 'delay-link'
      ? await startDelayLink({ supervisor: ground.environment.supervisor, target: redis.url })
      : null;
  if (delayLink !== null) onClose(() => delayLink.close());
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

async function startNodes(
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
