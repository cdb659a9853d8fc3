/** What may befall a Redis, each as a fault of a Redis of one's own and its repair. */

import { Redis } from 'ioredis';
import { expect, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { ChecklistServers } from './checklist-server.contract.ts';
import { type FailingLink, startFailingLink } from './failing-link.contract.ts';

/** One server behind a link of its own to a Redis of its own, which keeps its data. */
export interface FaultWorld {
  readonly redis: TestRedis;
  readonly link: FailingLink;
  readonly servers: ChecklistServers;
  close(): Promise<void>;
}

export async function openFaultWorld(settings: Readonly<Record<string, string>>): Promise<FaultWorld> {
  // What Redis has handed to the system outlives a kill, synced or not.
  const args = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--enable-debug-command', 'local'];
  const redis = await startTestRedis({ args });
  const link = await startFailingLink(redis.url);
  const servers = new ChecklistServers({ settings: { ...settings, REDIS_URL: link.url } });
  const close = async (): Promise<void> => {
    await servers.stop();
    link.close();
    await redis.close();
  };
  try {
    await servers.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { redis, link, servers, close };
}

export interface RedisFault {
  /** What Redis still does: `beats`, which prove contact and are writes that grow nothing, only beside reads. */
  readonly leaves: 'nothing' | 'reads' | 'reads and beats';
  /** Returns when the fault is there; what it returns repairs it. */
  begin(world: FaultWorld): Promise<() => Promise<void>>;
}

export const redisFaults = {
  killed: {
    leaves: 'nothing',
    async begin({ redis }) {
      await redis.kill();
      return () => redis.restart();
    },
  },
  stopped: {
    leaves: 'nothing',
    async begin({ redis }) {
      redis.pause();
      return async () => redis.resume();
    },
  },
  'out of reach': {
    leaves: 'nothing',
    async begin({ link }) {
      link.lose('both');
      return async () => link.heal();
    },
  },
  'a replica': {
    leaves: 'reads',
    async begin({ redis }) {
      await command(redis, (client) => client.replicaof('127.0.0.1', '1'));
      return () => command(redis, (client) => client.replicaof('NO', 'ONE'));
    },
  },
  full: {
    leaves: 'reads and beats',
    async begin({ redis }) {
      await command(redis, (client) => client.config('SET', 'maxmemory', '1'));
      return () => command(redis, (client) => client.config('SET', 'maxmemory', '0'));
    },
  },
  loading: {
    leaves: 'nothing',
    async begin({ redis }) {
      return beginLoading(redis);
    },
  },
  'asking for a password': {
    leaves: 'nothing',
    async begin({ redis }) {
      const password = 'hunter2-hunter2';
      await command(redis, async (client) => {
        await client.config('SET', 'requirepass', password);
        for (const type of ['normal', 'pubsub']) await client.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
      });
      return () => command(redis, (client) => client.config('SET', 'requirepass', ''), password);
    },
  },
} as const satisfies Readonly<Record<string, RedisFault>>;

export const redisFaultNames = Object.keys(redisFaults) as readonly (keyof typeof redisFaults)[];

/** More than a test takes. */
const longestLoadMicros = 8_000_000;

/** It loads all keys again, so slowly that only the repair, which takes the brake off, brings it to an end. */
async function beginLoading(redis: TestRedis): Promise<() => Promise<void>> {
  const control = connect(redis);
  const loading = connect(redis);
  // A kilobyte, the least there is: between two pieces Redis looks at its connections.
  await control.config('SET', 'loading-process-events-interval-bytes', '1024');
  await control.config('SET', 'key-load-delay', `${Math.ceil(longestLoadMicros / (await control.dbsize()))}`);
  const reloaded = loading.call('DEBUG', 'RELOAD');
  await vi.waitFor(async () => expect(await control.ping().catch(String)).toContain('LOADING'), { timeout: 5_000 });
  return async () => {
    await control.config('SET', 'key-load-delay', '0');
    await reloaded;
    for (const client of [control, loading]) client.disconnect();
  };
}

async function command(redis: TestRedis, work: (client: Redis) => Promise<unknown>, password?: string): Promise<void> {
  const client = connect(redis, password);
  try {
    await work(client);
  } finally {
    client.disconnect();
  }
}

/** Past the link. */
function connect({ url }: TestRedis, password?: string): Redis {
  return new Redis(url, { replyMapping: 'legacy', ...(password === undefined ? {} : { password }) });
}
