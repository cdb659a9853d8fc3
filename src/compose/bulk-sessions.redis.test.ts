/** A realm that was filled in bulk is like one that was filled by logins and logouts over HTTP, and nodes take it for one. */

import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ChecklistServers, oneOfEachFamily } from '../checklist/checklist-server.contract.ts';
import { type Config, loadConfig } from '../config.ts';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { ask } from '../http/http.contract.ts';
import { labUser } from '../identity/lab-users.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { FollowedPartition } from '../projections/followed/followed-partition.ts';
import { FollowedRevocations } from '../projections/followed/followed-revocations.ts';
import { RevocationSet } from '../projections/followed/revocation-set.ts';
import { traitsOf } from '../strategies/registry.ts';
import { type BulkLogin, openBulkSessions } from './bulk-sessions.ts';
import { type RealmContent, realmContent } from './realm-content.contract.ts';

const sessions = 60;
const ended = 35;

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject('redisUrl'));
});
afterAll(() => redis.disconnect());

interface Realm {
  readonly realm: string;
  readonly servers: ChecklistServers;
  readonly config: Config;
}

function newRealm(strategy: string): Realm {
  const realm = `bulk-${randomBytes(6).toString('hex')}`;
  const settings = {
    REALM: realm,
    STRATEGIES: strategy,
    STRATEGY: strategy,
    SECRET: randomBytes(32).toString('base64url'),
    // So that it can be compared in a time that a test has, and is long enough not to end in it.
    STALENESS_LIMIT_MILLIS: '1000',
    PLAIN_HTTP: 'loopback',
    REDIS_URL: inject('redisUrl'),
    LAB: 'true',
  };
  const environment = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`AUTHLAB_${name}`, value]));
  const loaded = loadConfig({ environment, flags: {}, readFile: () => Buffer.alloc(0) });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return { realm, servers: new ChecklistServers({ settings }), config: loaded.value };
}

/** 60 users log in over HTTP, and the first 35 of them out again. */
async function filledByRequests({ servers }: Realm, strategy: string): Promise<void> {
  await servers.start();
  const users = Array.from({ length: sessions }, (_, index) => labUser(index));
  const clients = await Promise.all(users.map((user) => servers.loggedIn(strategy, 0, user)));
  const statuses = await Promise.all(clients.slice(0, ended).map(async (client) => (await client.logout()).status));
  await servers.stop();
  expect(new Set(statuses)).toEqual(new Set([204]));
}

/** The same in bulk; then a node starts, so that what nodes leave is there as well, and judges the sessions. */
async function filledInBulk({ servers, config }: Realm): Promise<{ logins: readonly BulkLogin[]; statuses: number[] }> {
  const bulk = await openBulkSessions(config);
  const logins = await bulk.begin(0, sessions, 1);
  await bulk.end(0, ended);
  await bulk.close();
  await servers.start();
  const statuses = await Promise.all(
    logins.map(async (login) => (await ask(servers.port(), '/profile', { headers: headersOf(login) })).status),
  );
  await servers.stop();
  return { logins, statuses };
}

/** As a client at the root would send it. */
function headersOf({ setCookies, body }: BulkLogin): Record<string, string> {
  const { access_token: token } = JSON.parse(body) as { readonly access_token?: string };
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return { cookie: setCookies.map((line) => line.split(';')[0]).join('; ') };
}

/** Without what differs from start to start of a node: how many beats it has sent. */
function comparable(content: RealmContent) {
  return Object.fromEntries(Object.entries(content).map(([kind, { keys, shapes }]) => [kind, { keys, shapes }]));
}

function sum(content: RealmContent): number {
  return Object.values(content).reduce((total, { bytes }) => total + bytes, 0);
}

describe.each(oneOfEachFamily())('%s: a realm that was filled in bulk', (strategy) => {
  test('holds what logins and logouts leave, and its sessions are what they would be', async () => {
    const [requested, bulk] = [newRealm(strategy), newRealm(strategy)];
    await filledByRequests(requested, strategy);
    const { logins, statuses } = await filledInBulk(bulk);

    const [left, right] = [await realmContent(redis, requested.realm), await realmContent(redis, bulk.realm)];
    expect(comparable(right)).toEqual(comparable(left));
    for (const [kind, { bytes, expiries }] of Object.entries(left)) {
      expect(right[kind]?.bytes ?? 0, kind).toBeGreaterThan(0.95 * bytes);
      expect(right[kind]?.bytes ?? 0, kind).toBeLessThan(1.05 * bytes);
      const others = right[kind]?.expiries ?? [];
      expect(others, kind).toHaveLength(expiries.length);
      // Of the same lifetimes, begun some seconds later.
      for (const [index, expiry] of expiries.toSorted().entries()) {
        expect((others.toSorted()[index] ?? 0) - expiry, kind).toBeGreaterThanOrEqual(0);
        expect((others.toSorted()[index] ?? 0) - expiry, kind).toBeLessThan(15_000);
      }
    }
    expect(Math.abs(sum(right) / sum(left) - 1)).toBeLessThan(0.02);

    expect(logins.map(({ user }) => user)).toEqual(Array.from({ length: sessions }, (_, index) => labUser(index)));
    const isRevoked = traitsOf(strategy).bound !== 'remaining-lifetime';
    expect(statuses).toEqual(Array.from({ length: sessions }, (_, index) => (isRevoked && index < ended ? 401 : 200)));
  }, 60_000);
});

test('a log that was filled in bulk has no gap, and tells its followers whom it has ended', async () => {
  const { realm, servers, config } = newRealm('hybrid-hs256');
  const { logins } = await filledInBulk({ realm, servers, config });
  const log = connectRedisEventLog({ url: config.redisUrl, realm, partitions: 1 });
  const revocations = new RevocationSet(systemClock);
  const context = { log, clock: systemClock, random: systemRandomBytes, tokenAcceptedMillis: 900_000 };
  const projection = new FollowedRevocations(context, revocations);
  const followed = new FollowedPartition(0, projection, { stalenessLimitMillis: 1_000, outstandingLimit: 1 });
  const end = await log.beat(0);
  followed.follow({ epoch: end.epoch, number: 0, id: '0-0' });
  const entries = await log.readEntries(0, '0-0', 1_000);
  expect(new Set(entries.map((entry) => followed.take(entry, followed.life)))).toEqual(new Set(['applied']));
  expect(followed.freshness.position).toEqual(end);
  expect([entries.length, revocations.size]).toEqual([logins.length + ended, ended]);
  await log.close();
});

test('only a lab node of lab users is filled', async () => {
  const { config } = newRealm('session');
  await expect(openBulkSessions({ ...config, lab: false })).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
});

test('answers of some are kept, and a session that was ended is not ended again', async () => {
  const { realm, config } = newRealm('hybrid-hs256');
  const bulk = await openBulkSessions(config);
  const logins = await bulk.begin(100, 25, 10);
  expect(logins.map(({ user }) => user)).toEqual([100, 110, 120].map(labUser));
  expect(await bulk.begin(200, 5, 0)).toEqual([]);
  await bulk.end(100, 200);
  await bulk.end(100, 200);
  await bulk.close();
  const { '0 events': events } = await realmContent(redis, realm);
  expect(Object.values(events?.shapes ?? {}).toSorted()).toEqual([30, 30]);
});
