/** Login limits behind Sentinels and on a Cluster: shared, and shared again soon after a failover. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask } from '../../bench/environment/redis-group.ts';
import { startTestCluster, type TestCluster } from '../../bench/environment/test-cluster.ts';
import type { TestRedis } from '../../bench/environment/test-redis.ts';
import { startTestSentinel, type TestSentinel } from '../../bench/environment/test-sentinel.ts';
import { KeyNames } from '../eventlog/key-names.ts';
import {
  describeLoginLimits,
  failuresPerAddress,
  failuresPerUserAndAddress,
} from '../identity/login-limits.contract.ts';
import { connectLoginLimits } from './login-limits.ts';

const patience = { timeout: 20_000, interval: 50 };

/** A node's limits, which have reached Redis; until then a node counts for itself. */
async function reaching(redisUrl: string, servers: readonly TestRedis[], realm = `limits-${randomUUID()}`) {
  const connected = connectLoginLimits({
    redisUrl,
    realm,
    redisTimeoutMillis: 10_000,
    loginFailuresPerUserAndAddress: failuresPerUserAndAddress,
    loginFailuresPerAddress: failuresPerAddress,
    lab: false,
  });
  closing.push(connected.close);
  await vi.waitFor(async () => {
    const network = `warm-up-${randomUUID()}`;
    await connected.limits.begin(network, 'anybody');
    expect(await isCounted(servers, realm, network)).toBe(true);
  }, patience);
  return connected.limits;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** Whether a server that runs has a count of this address. */
async function isCounted(servers: readonly TestRedis[], realm: string, network: string): Promise<boolean> {
  const pattern = `${new KeyNames(realm).loginFailures()}:address:${network}`;
  const answering = servers.filter((server) => server.answers);
  const found = await Promise.all(answering.map((server) => ask(server, 'KEYS', pattern) as Promise<string[]>));
  return found.some((keys) => keys.length > 0);
}

/** Two nodes, and their failures of one user from one address are added up. */
async function expectShared(url: string, servers: readonly TestRedis[]): Promise<void> {
  const realm = `limits-${randomUUID()}`;
  const nodes = [await reaching(url, servers, realm), await reaching(url, servers, realm)];
  let granted = 0;
  for (let guess = 0; guess < failuresPerUserAndAddress + 4; guess += 1) {
    const attempt = await nodes[guess % 2]?.begin('203.0.113.7', 'mallory');
    if (attempt?.ok) granted += 1;
  }
  expect(granted).toBe(failuresPerUserAndAddress);
}

describe('behind Sentinels', () => {
  let group: TestSentinel;
  beforeAll(async () => {
    group = await startTestSentinel();
  });
  afterAll(() => group.close());

  describeLoginLimits(() => reaching(group.url, group.servers));

  test('nodes count together', () => expectShared(group.url, group.servers));

  test('the one that took over counts on, as soon as it has', async () => {
    const realm = `limits-${randomUUID()}`;
    const limits = await reaching(group.url, group.servers, realm);
    const former = await group.primary();
    former.pause();
    await group.successor(former);
    await vi.waitFor(async () => {
      const network = `after-${randomUUID()}`;
      expect((await limits.begin(network, 'anybody')).ok).toBe(true);
      expect(await isCounted(group.servers, realm, network)).toBe(true);
    }, patience);
    former.resume();
    await group.settled();
  });
});

describe('on a Cluster', () => {
  let group: TestCluster;
  beforeAll(async () => {
    group = await startTestCluster();
  });
  afterAll(() => group.close());

  describeLoginLimits(() => reaching(group.url, group.servers));

  test('nodes count together', () => expectShared(group.url, group.servers));

  test('the master that took over counts on, as soon as it has', async () => {
    const realm = `limits-${randomUUID()}`;
    const limits = await reaching(group.url, group.servers, realm);
    const network = `after-${randomUUID()}`;
    const key = `${new KeyNames(realm).loginFailures()}:address:${network}`;
    const former = await group.primary(key);
    former.pause();
    await group.successor(former, key);
    await vi.waitFor(async () => {
      expect((await limits.begin(network, `user-${randomUUID()}`)).ok).toBe(true);
      expect(await isCounted(group.servers, realm, network)).toBe(true);
    }, patience);
    former.resume();
    await group.settled();
  });
});
