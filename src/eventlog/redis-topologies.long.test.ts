/** The contracts of the log and of its near cache, on a group that Sentinels watch and on a Cluster. */

import { vi } from 'vitest';
import { ask } from '../../bench/environment/redis-group.ts';
import type { LinkClients } from '../../bench/environment/tcp-link.ts';
import { startTestCluster } from '../../bench/environment/test-cluster.ts';
import type { TestRedis } from '../../bench/environment/test-redis.ts';
import { startTestSentinel } from '../../bench/environment/test-sentinel.ts';
import { describeEventLog } from './event-log.contract.ts';
import { type EventLogHarness, randomRealm } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import { describeRecordCache, type RecordCacheHarness } from './record-cache.contract.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';

interface Topology {
  readonly url: string;
  readonly servers: readonly TestRedis[];
  /** Makes another server the primary of the realm's partition 0; returns when all is well again. */
  failOver(realm: string): Promise<unknown>;
  stall(clients: LinkClients): () => void;
  close(): Promise<void>;
}

async function openSentinel(): Promise<Topology> {
  const sentinel = await startTestSentinel({ links: true });
  return {
    ...sentinel,
    failOver: async () => {
      await sentinel.failover();
      await sentinel.settled();
    },
  };
}

async function openCluster(): Promise<Topology> {
  const cluster = await startTestCluster({ links: true });
  return {
    ...cluster,
    failOver: async (realm) => {
      await cluster.failover(new KeyNames(realm).meta(0));
      await cluster.settled();
    },
  };
}

async function logHarness(topology: Topology): Promise<EventLogHarness> {
  const logs: RedisEventLog[] = [];
  const open = (realm: string, partitions: number): RedisEventLog => {
    const log = connectRedisEventLog({ url: topology.url, realm, partitions, replicas: 1 });
    logs.push(log);
    return log;
  };
  return {
    open: (partitions) => open(randomRealm(), partitions),
    // The servers run on this machine.
    nowMillis: async () => Date.now(),
    async passTime(millis) {
      const end = Date.now() + millis;
      await vi.waitUntil(() => Date.now() > end, { interval: 5, timeout: 5_000 });
    },
    async openRestartable(partitions) {
      const realm = randomRealm();
      return { log: open(realm, partitions), restart: async () => void (await topology.failOver(realm)) };
    },
    async close() {
      for (const log of logs) await log.close();
      await topology.close();
    },
  };
}

function cacheHarness(topology: Topology): RecordCacheHarness {
  return {
    async openRealm() {
      const options = { url: topology.url, realm: randomRealm(), partitions: 2, replicas: 1 };
      const [node, writer] = [connectRedisEventLog(options), connectRedisEventLog(options)];
      return {
        node,
        writer,
        stall: (connection) => topology.stall(connection),
        dropPushes: () => Promise.all(topology.servers.map(killPushes)),
        async close() {
          await node.close();
          await writer.close();
        },
      };
    },
    close: () => topology.close(),
  };
}

async function killPushes(server: TestRedis): Promise<void> {
  for (const line of String(await ask(server, 'CLIENT', 'LIST')).split('\n')) {
    if (!line.includes('name=authlab-records') || !line.includes(' sub=1 ')) continue;
    await ask(server, 'CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '');
  }
}

describeEventLog('Redis behind Sentinels', async () => logHarness(await openSentinel()));
describeEventLog('a Redis Cluster', async () => logHarness(await openCluster()));
describeRecordCache('Redis behind Sentinels', async () => cacheHarness(await openSentinel()));
describeRecordCache('a Redis Cluster', async () => cacheHarness(await openCluster()));
