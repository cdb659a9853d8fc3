/** The check of a group that Sentinels watch and of a Cluster, whole, damaged, and in the middle of a failover. */

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask } from '../../bench/environment/redis-group.ts';
import { startTestCluster, type TestCluster } from '../../bench/environment/test-cluster.ts';
import { startTestSentinel, type TestSentinel } from '../../bench/environment/test-sentinel.ts';
import { checkRedis } from './check-redis.ts';
import { parseRedisAddress } from './redis-address.ts';
import { findPrimaries } from './redis-primaries.ts';

const patience = { timeout: 15_000, interval: 100 };

function refusal(url: string, demands: Parameters<typeof checkRedis>[1] = {}) {
  return checkRedis(url, demands).then(
    () => null,
    (error: unknown) => error,
  );
}

/** Of each primary, those included that are away. */
async function knownReplicas(url: string): Promise<readonly number[]> {
  const address = parseRedisAddress(url);
  if (!address.ok) throw new TypeError(address.message);
  return (await findPrimaries(address.value, 1_000)).map((primary) => primary.knownReplicas);
}

const refused = (message: RegExp) => ({ code: 'ERR_LOG_REFUSED', message: expect.stringMatching(message) });

describe('behind Sentinels', () => {
  let group: TestSentinel;
  beforeAll(async () => {
    group = await startTestSentinel();
  });
  afterAll(() => group.close());

  test('the primary is looked at, with the replicas that Sentinels know', async () => {
    expect(await checkRedis(group.url, { replicas: 1 })).toMatchObject({
      topology: 'sentinel',
      primaries: 1,
      replicas: 2,
      minReplicasToWrite: 0,
      maxmemoryPolicy: 'noeviction',
      appendonly: 'no',
    });
    const { port } = await group.primary();
    expect(await refusal(group.url, { persistence: 'everysec' })).toMatchObject(
      refused(new RegExp(`^Redis at 127.0.0.1:${port} has no append-only file`)),
    );
    expect(await refusal(group.url, { replicas: 3 })).toMatchObject(refused(/has 2 of the 3 replicas connected/));
    const another = group.url.replace(group.name, 'another');
    expect(await refusal(another)).toMatchObject(refused(/watch no primary of that name/));
  });

  test('Sentinels that are away or hang do no harm as long as one answers', async () => {
    const [first, second] = group.sentinels;
    first?.pause();
    await second?.kill();
    const began = performance.now();
    expect(await checkRedis(group.url)).toMatchObject({ topology: 'sentinel', replicas: 2 });
    expect(performance.now() - began).toBeLessThan(2_200);
    first?.resume();
    await second?.restart();
    await group.settled();
  });

  test('a primary that hangs is away, and its successor is found', async () => {
    const former = await group.primary();
    former.pause();
    expect(await refusal(group.url)).toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS' });
    await group.successor(former);
    await vi.waitFor(async () => expect(await checkRedis(group.url)).toMatchObject({ replicas: 1 }), patience);
    // Three hold the data whether they are up or not: two of them are a majority, and no more than two are there.
    await expect(checkRedis(group.url, { replicas: 1 })).resolves.toMatchObject({ replicas: 1 });
    expect(await refusal(group.url, { replicas: 2 })).toMatchObject(refused(/has 1 of the 2 replicas connected/));
    expect(await knownReplicas(group.url)).toEqual([2]);
    former.resume();
    await group.settled();
  });
});

describe('a Cluster', () => {
  let group: TestCluster;
  beforeAll(async () => {
    group = await startTestCluster({ appendonly: true });
  });
  afterAll(() => group.close());

  test('is looked at master by master', async () => {
    expect(await checkRedis(group.url, { replicas: 1, persistence: 'always' })).toMatchObject({
      topology: 'cluster',
      primaries: 3,
      replicas: 1,
      appendonly: 'yes',
      appendfsync: 'always',
    });
    const [, , last] = await group.masters();
    if (last === undefined) throw new TypeError('three masters');
    await ask(last, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await refusal(group.url)).toMatchObject(refused(new RegExp(`^Redis at 127.0.0.1:${last.port} evicts`)));
    await ask(last, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'appendfsync', 'everysec');
    expect(await checkRedis(group.url)).toMatchObject({ appendfsync: 'everysec' });
    expect(await refusal(group.url, { persistence: 'always' })).toMatchObject(refused(/appendfsync everysec/));
  });

  test('is the same from whichever node, a replica too', async () => {
    for (const { port } of await group.replicas('key')) {
      const found = await checkRedis(`redis+cluster://127.0.0.1:1,127.0.0.1:${port}`);
      expect(found).toMatchObject({ primaries: 3, replicas: 1 });
    }
  });

  test('may not be addressed as if it were one server', async () => {
    expect(await refusal((await group.primary('key')).url)).toMatchObject(refused(/is a node of a Cluster/));
  });

  test('counts a replica that is away as one that holds the data', async () => {
    const [replica] = await group.replicas('key');
    await replica?.kill();
    await vi.waitFor(
      async () =>
        expect(await refusal(group.url, { replicas: 1 })).toMatchObject(refused(/has 0 of the 1 replicas connected/)),
      patience,
    );
    expect(await knownReplicas(group.url)).toEqual([1, 1, 1]);
    await replica?.restart();
    await group.settled();
  });

  test('that lost a master and its replica does not serve all slots', async () => {
    const lost = [await group.primary('key'), ...(await group.replicas('key'))];
    await Promise.all(lost.map((server) => server.kill()));
    await vi.waitFor(
      async () => expect(await refusal(group.url)).toMatchObject(refused(/does not serve all of its slots/)),
      patience,
    );
    await Promise.all(lost.map((server) => server.restart()));
    await group.settled();
    expect(await checkRedis(group.url, { replicas: 1 })).toMatchObject({ primaries: 3 });
  });
});
