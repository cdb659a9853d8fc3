/** Redis over the delay link: what waits in it, what it says unasked, and a node that lives behind it. Needs the compiled programs. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { type DelayLink, startDelayLink } from './delay-link.ts';
import type { Supervisor } from './environment.ts';
import { httpGet } from './http-get.ts';
import { startNode } from './node.ts';
import { randomRealm, removeRealm } from './realms.ts';
import { connectRedis } from './redis-client.ts';
import { createLabSecrets } from './secrets.ts';
import { startSupervisor } from './supervisor.ts';

let supervisor: Supervisor;
let link: DelayLink;
let direct: Redis;
let delayed: Redis;

beforeAll(async () => {
  supervisor = await startSupervisor();
  link = await startDelayLink({ supervisor, target: inject('redisUrl') });
  await link.setAddedMillis(5);
  direct = await connectRedis(inject('redisUrl'));
  delayed = await connectRedis(link.url);
});

afterAll(async () => {
  direct?.disconnect();
  delayed?.disconnect();
  await supervisor.close();
});

test('a message of pub/sub arrives, half the added time late', async () => {
  const channel = `test-${randomUUID()}`;
  await delayed.subscribe(channel);
  const heard = once(delayed, 'message');
  const sentAt = performance.now();
  await direct.publish(channel, 'hello');
  await expect(heard).resolves.toEqual([channel, 'hello']);
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(2.45);
  await delayed.unsubscribe();
});

test('a blocked XREAD is woken by what is added elsewhere', async () => {
  const key = `test-${randomUUID()}`;
  const id = await delayed.client('ID');
  const reading = delayed.xread('BLOCK', 4_000, 'STREAMS', key, '0');
  await expect.poll(async () => String(await direct.client('LIST', 'ID', id))).toMatch(/ flags=[A-Za-z]*b/);
  const entry = await direct.xadd(key, '*', 'field', 'value');
  await expect(reading).resolves.toEqual([[key, [[entry, ['field', 'value']]]]]);
  await direct.unlink(key);
});

test('replies of many commands at once are those of each', async () => {
  const words = Array.from({ length: 500 }, (_, index) => `${index}-${'x'.repeat(index)}`);
  await expect(Promise.all(words.map((word) => delayed.echo(word)))).resolves.toEqual(words);
});

test('a node behind it is ready, and stays so for longer than its staleness limit', async () => {
  const realm = randomRealm(systemRandomBytes);
  const stalenessLimitMillis = 1_000;
  const node = await startNode(
    { supervisor, index: 0 },
    {
      strategies: ['hybrid-hs256', 'session'],
      redisUrl: link.url,
      realm,
      partitions: 2,
      beatIntervalMillis: 250,
      stalenessLimitMillis,
      secrets: await createLabSecrets(systemRandomBytes),
    },
  );
  try {
    const until = performance.now() + 2 * stalenessLimitMillis;
    const statuses = new Set<number>();
    while (performance.now() < until) statuses.add((await httpGet(`${node.baseUrl}/health/ready`, 2_000)).status);
    expect([...statuses]).toEqual([200]);
    // And it was the link that it lived on.
    await link.close();
    await expect
      .poll(async () => (await httpGet(`${node.baseUrl}/health/ready`, 2_000)).status, { timeout: 10_000 })
      .toBe(503);
  } finally {
    await node.child.stop();
    await removeRealm(inject('redisUrl'), realm);
  }
});
