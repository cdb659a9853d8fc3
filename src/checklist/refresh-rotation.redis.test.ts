/** Rows 67, 68, 70, 72 and 73: what refresh tokens are worth, once, twice, at the same time, and to somebody else. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { sha256 } from '../kernel/digest.ts';
import { expectAccepted, expectLives, expectNoRefresh } from '../strategies/expectations.contract.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { ChecklistServers, oneOfEachFamily, useServers } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness, sidOf } from './ended.contract.ts';
import { type FailingLink, startFailingLink } from './failing-link.contract.ts';
import { describeRow } from './row.contract.ts';

const names = oneOfEachFamily();
const refreshing = names.filter((name) => traitsOf(name).refresh);
const settings = { ...shortStaleness, STRATEGIES: names.join(',') };
const servers = useServers({ nodes: 2, settings });
/** Where any second use of a refresh token is a theft. */
const strict = useServers({ nodes: 2, settings: { ...settings, REFRESH_GRACE_SECONDS: '0' } });
const everywhere = [0, 1] as const;

async function refresh(client: Client): Promise<Client> {
  expect((await client.refresh()).status).toBe(200);
  return client.copy();
}

/** The session is over: its newest tokens, and, as far as the strategy can, its access tokens. */
async function expectFamilyDead(name: string, ...holders: readonly Client[]): Promise<void> {
  for (const holder of holders) {
    await expectNoRefresh({ traits: traitsOf(name) }, holder.copy());
    await expectEnded(name, 67, holder, everywhere);
  }
}

describeRow(67, () => {
  test.each(refreshing)('%s: a token from before the parent, within the grace', async (name) => {
    const client = await servers.loggedIn(name);
    const bystander = await servers.loggedIn(name, 1, client.username);
    const [first, second, third] = [client.copy(), await refresh(client), await refresh(client)];
    await expectNoRefresh({ traits: traitsOf(name) }, first.copy(1));
    await expectFamilyDead(name, third, second);
    await expectLives({ traits: traitsOf(name) }, bystander);
  });

  test.each(refreshing)('%s: the parent, where there is no grace', async (name) => {
    const client = await strict.loggedIn(name);
    const [first, second] = [client.copy(), await refresh(client)];
    await expectNoRefresh({ traits: traitsOf(name) }, first.copy(1));
    await expectFamilyDead(name, second, first);
  });
});

describeRow(68, () => {
  async function fifty(client: Client): Promise<readonly Client[]> {
    const copies = Array.from({ length: 50 }, (_, index) => client.copy(index % 2 === 0 ? 0 : 1));
    const answers = await Promise.all(copies.map((copy) => copy.refresh()));
    for (const { status } of answers) expect([200, 401]).toContain(status);
    return copies.filter((_, index) => answers[index]?.status === 200);
  }

  test.each(refreshing)('%s: all get the one successor, and the session goes on', async (name) => {
    const client = await servers.loggedIn(name);
    const refreshed = await fifty(client);
    expect(refreshed).toHaveLength(50);
    expect(new Set(refreshed.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const [successor] = refreshed;
    if (successor === undefined) throw new Error('somebody refreshed');
    await refresh(successor);
    expectAccepted(await successor.profile());
  });

  test.each(refreshing)('%s: where there is no grace one gets it, and the rest are thieves', async (name) => {
    const client = await strict.loggedIn(name);
    const refreshed = await fifty(client);
    expect(refreshed).toHaveLength(1);
    await expectFamilyDead(name, ...refreshed);
  });
});

describeRow(70, () => {
  let link: FailingLink;
  let behind: ChecklistServers;
  beforeAll(async () => {
    link = await startFailingLink(inject('redisUrl'));
    const short = { ...settings, REDIS_URL: link.url, REDIS_TIMEOUT_MILLIS: '300' };
    behind = new ChecklistServers({ settings: short });
    await behind.start();
  }, 30_000);
  afterAll(async () => {
    await behind.stop();
    link.close();
  });

  describe.each(['requests', 'replies'] as const)('%s are lost', (lost) => {
    test.each(refreshing)('%s', async (name) => {
      const client = await behind.loggedIn(name);
      const presented = client.copy();
      // From the refresh's own write on, not before: what it reads first is answered.
      link.loseAfter('SessionRefreshed', lost);
      expect((await client.refresh()).status).toBe(503);
      expect(client.refreshToken).toBe(presented.refreshToken);
      expect(link.lost).toBeGreaterThan(0);
      link.heal();
      await vi.waitFor(async () => expect((await client.refresh()).status).toBe(200), { timeout: 5_000 });
      expect(client.refreshToken).not.toBe(presented.refreshToken);
      await vi.waitFor(async () => expectAccepted(await client.profile()), { timeout: 5_000 });
      await refresh(client);
    });
  });
});

describeRow(72, () => {
  test('every key of the realm, whatever its type', async () => {
    const seen = new Map<string, string>();
    for (const name of names) {
      const client = await servers.loggedIn(name);
      const taken = [client.copy(), ...(traitsOf(name).refresh ? [await refresh(client)] : [])];
      for (const { credential, refreshToken } of taken) {
        const isReference = traitsOf(name).signature === undefined || !credential.startsWith('eyJ');
        if (isReference && traitsOf(name).stateLocation !== 'cookie') seen.set(credential, name);
        if (refreshToken !== undefined) seen.set(refreshToken, `${name}, refresh`);
      }
    }
    const stored = await dumpOf(servers.realm);
    for (const [text, from] of seen) {
      const secret = text.split('.').at(-1) ?? '';
      expect(secret.length, from).toBeGreaterThanOrEqual(43);
      expect([from, stored.includes(secret)]).toEqual([from, false]);
      expect([from, stored.includes(sha256(text))]).toEqual([from, true]);
    }
    expect(seen.size).toBeGreaterThan(refreshing.length * 2);
  });
});

describeRow(73, () => {
  test.each(refreshing)('%s', async (name) => {
    const [mine, theirs] = [await servers.loggedIn(name), await servers.loggedIn(name, 1)];
    const [sid, theirSid] = [await sidOf(mine), await sidOf(theirs)];
    const text = mine.refreshToken ?? '';
    expect(text.startsWith(`${sid}.`)).toBe(true);
    const secret = text.slice(sid.length + 1);
    const other = name === refreshing[0] ? refreshing[1] : refreshing[0];
    const forged = [
      `${theirSid}.${secret}`,
      `0.${'A'.repeat(22)}.${secret}`,
      `.${secret}`,
      `${sid}.${theirSid}.${secret}`,
    ];
    for (const token of forged) {
      const thief = servers.client(name);
      thief.refreshToken = token;
      await expectNoRefresh({ traits: traitsOf(name) }, thief);
    }
    // Nor does another strategy take it, whose families stand beside this one's.
    const stranger = servers.client(other ?? '');
    stranger.refreshToken = text;
    await expectNoRefresh({ traits: traitsOf(name) }, stranger);
    for (const client of [mine, theirs]) {
      expectAccepted(await client.profile());
      await refresh(client);
    }
  });
});

/** Names and contents of everything that a realm keeps in Redis. */
async function dumpOf(realm: string): Promise<string> {
  const redis = new Redis(inject('redisUrl'), { replyMapping: 'legacy' });
  const told: unknown[] = [];
  try {
    for await (const keys of redis.scanStream({ match: `authlab:*${realm}*`, count: 1_000 })) {
      for (const key of keys as readonly string[]) told.push(key, await contentOf(redis, key));
    }
  } finally {
    redis.disconnect();
  }
  return JSON.stringify(told);
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      throw new Error(`${key} is of a type that this test cannot read`);
  }
}
