/** Opens the world of a fault: its servers, its links, its nodes. */

import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { openBentClock } from '../environment/bent-clock.ts';
import { startClusterGroup } from '../environment/cluster-group.ts';
import { startRedisServer } from '../environment/redis-server.ts';
import { startSentinelGroup } from '../environment/sentinel-group.ts';
import { supervisedHost } from '../environment/supervised-servers.ts';
import type { FaultRedis } from '../record/fault-events.ts';
import type { Fault } from './fault.ts';
import { appendfsync, dataArgs, type OnClose, openOneRedis, startNodes } from './open-world.ts';
import type { Ground, Stage, World } from './worlds.ts';

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
