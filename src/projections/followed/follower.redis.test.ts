import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../bench/environment/test-redis.ts';
import { appendRequest, randomRealm, terminated } from '../../eventlog/event-log-harness.contract.ts';
import { connectRedisEventLog, type RedisEventLog } from '../../eventlog/redis-event-log.ts';
import { systemClock } from '../../kernel/clock.ts';
import { systemRandomBytes } from '../../kernel/random.ts';
import { LogFollower } from './follower.ts';
import type { FollowerDiagnostic } from './follower-status.ts';

const stalenessLimitMillis = 600;
const patience = { timeout: 10_000, interval: 10 };

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

interface Node {
  readonly log: RedisEventLog;
  readonly follower: LogFollower;
  readonly told: FollowerDiagnostic[];
}

function newNode(url: string, realm: string): Node {
  const log = connectRedisEventLog({ url, realm, partitions: 1, commandTimeoutMillis: 300 });
  const told: FollowerDiagnostic[] = [];
  const follower = new LogFollower({
    random: systemRandomBytes,
    tokenAcceptedMillis: 900_000,
    log,
    clock: systemClock,
    following: 'everything',
    beatIntervalMillis: 50,
    stalenessLimitMillis,
    onEvent: (diagnostic) => told.push(diagnostic),
  });
  cleanUp.push(async () => {
    await follower.stop();
    await log.close();
  });
  return { log, follower, told };
}

async function privateRedis(): Promise<TestRedis> {
  const server = await startTestRedis({ appendonly: true });
  cleanUp.push(() => server.close());
  return server;
}

/** Ends a session of a user of its own, retried until it is known to be done. */
async function revoke(log: RedisEventLog, sid: string): Promise<void> {
  const expiresAtMillis = Date.now() + 60_000;
  const request = appendRequest({
    stream: sid,
    events: [terminated(sid, expiresAtMillis)],
    effects: [{ type: 'revoke', id: sid, expiresAtMillis }],
  });
  await vi.waitFor(async () => expect(await log.append(request)).toMatchObject({ ok: true }), patience);
}

describe('followers of a log in Redis', () => {
  test('all learn of a revocation by one of them, and a new one knows it from the index', async () => {
    const realm = randomRealm();
    const [one, two] = [newNode(inject('redisUrl'), realm), newNode(inject('redisUrl'), realm)];
    await Promise.all([one.follower.start(), two.follower.start()]);
    await revoke(one.log, '0.gone');
    await vi.waitFor(() => {
      expect([one.follower.isRevoked('0.gone'), two.follower.isRevoked('0.gone')]).toEqual([true, true]);
    }, patience);
    const three = newNode(inject('redisUrl'), realm);
    await three.follower.start();
    expect([three.follower.isFresh(0), three.follower.isRevoked('0.gone')]).toEqual([true, true]);
    expect(two.told.filter(({ type }) => type === 'contact-lost')).toEqual([]);
  });

  test('miss nothing and rebuild nothing while their connections are cut again and again', async () => {
    const server = await privateRedis();
    const realm = randomRealm();
    const node = newNode(server.url, realm);
    const writer = newNode(server.url, realm);
    const admin = new Redis(server.url);
    cleanUp.push(async () => admin.disconnect());
    await node.follower.start();
    const sids = Array.from({ length: 200 }, (_, n) => `0.${n}`);
    for (const [n, sid] of sids.entries()) {
      await revoke(writer.log, sid);
      if (n % 10 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    await vi.waitFor(() => expect(sids.filter((sid) => !node.follower.isRevoked(sid))).toEqual([]), patience);
    await vi.waitFor(() => expect(node.follower.isFresh(0)).toBe(true), patience);
    expect(node.told.some(({ type }) => type === 'contact-lost')).toBe(true);
    expect(node.told.filter(({ type }) => type === 'rebuild-started')).toHaveLength(2);
  });

  test('rebuild in the new epoch of a restarted server, and forget nothing', async () => {
    const server = await privateRedis();
    const node = newNode(server.url, randomRealm());
    await node.follower.start();
    await revoke(node.log, '0.before');
    await vi.waitFor(() => expect(node.follower.isRevoked('0.before')).toBe(true), patience);
    await server.restart();
    await vi.waitFor(() => {
      expect(node.told).toContainEqual({ type: 'rebuild-started', partition: 0, cause: 'new-epoch' });
    }, patience);
    expect(node.follower.isRevoked('0.before')).toBe(true);
    await vi.waitFor(() => expect(node.follower.isFresh(0)).toBe(true), patience);
    await revoke(node.log, '0.after');
    await vi.waitFor(() => expect(node.follower.isRevoked('0.after')).toBe(true), patience);
  });

  test('stop answering after the limit on a server that stopped, and go on when it does', async () => {
    const server = await privateRedis();
    const node = newNode(server.url, randomRealm());
    await node.follower.start();
    server.pause();
    const paused = performance.now();
    await vi.waitFor(() => expect(node.follower.isFresh(0)).toBe(false), patience);
    const staleAfterMillis = performance.now() - paused;
    // The newest beat was sent up to one interval before the pause, and time is looked at every 10 ms.
    expect(staleAfterMillis).toBeGreaterThan(stalenessLimitMillis / 2);
    expect(staleAfterMillis).toBeLessThan(stalenessLimitMillis + 400);
    server.resume();
    await vi.waitFor(() => expect(node.follower.isFresh(0)).toBe(true), patience);
    expect(node.told.filter(({ type }) => type === 'rebuild-started')).toHaveLength(2);
    await revoke(node.log, '0.after');
    await vi.waitFor(() => expect(node.follower.isRevoked('0.after')).toBe(true), patience);
  });

  test('start when the server does', async () => {
    const server = await privateRedis();
    await server.kill();
    const node = newNode(server.url, randomRealm());
    const started = node.follower.start();
    await vi.waitFor(() => expect(node.told.some(({ type }) => type === 'contact-lost')).toBe(true), patience);
    expect(node.follower.ready).toBe(false);
    await server.restart();
    await started;
    expect([node.follower.ready, node.follower.isFresh(0)]).toEqual([true, true]);
  });
});
