/** Limits that nodes share in Redis, and what is left of them while Redis is away. */

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { startTestRedis } from '../../bench/environment/test-redis.ts';
import {
  describeLoginLimits,
  failuresPerAddress,
  failuresPerUserAndAddress,
} from '../identity/login-limits.contract.ts';
import type { LoginLimits } from '../identity/login-limits.ts';
import { type ConnectedLoginLimits, connectLoginLimits } from './login-limits.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function connect(
  redisUrl: string,
  { realm = `limits-${randomUUID()}`, redisTimeoutMillis = 10_000, lab = false } = {},
): ConnectedLoginLimits {
  const limits = {
    loginFailuresPerUserAndAddress: failuresPerUserAndAddress,
    loginFailuresPerAddress: failuresPerAddress,
  };
  const connected = connectLoginLimits({ ...limits, redisUrl, realm, redisTimeoutMillis, lab });
  opened.push(() => connected.close());
  return connected;
}

/** Patient limits, so that a busy machine is not taken for a Redis that is away; they have reached Redis: until its connection is up a node counts for itself. */
async function reaching(
  redisUrl: string,
  { realm = `limits-${randomUUID()}`, redisTimeoutMillis = 10_000 } = {},
): Promise<LoginLimits> {
  const { limits } = connect(redisUrl, { realm, redisTimeoutMillis });
  await vi.waitFor(async () => {
    const network = `warm-up-${randomUUID()}`;
    const attempt = await limits.begin(network, network);
    expect((await keysOf(redisUrl, realm)).some((key) => key.endsWith(network))).toBe(true);
    // Forgets the user; what is left counts for no address that a test knows.
    if (attempt.ok) await attempt.succeed();
  });
  return limits;
}

/** Names of what Redis counts for a realm. */
async function keysOf(redisUrl: string, realm: string): Promise<readonly string[]> {
  const redis = new Redis(redisUrl, { replyMapping: 'legacy' });
  opened.push(() => redis.disconnect());
  return redis.keys(`authlab:login-failures:${realm}:*`);
}

describe('limits in Redis', () => {
  describeLoginLimits(() => reaching(inject('redisUrl')));

  test('count for all nodes together, and leave no name of a user behind', async () => {
    const [url, realm] = [inject('redisUrl'), `limits-${randomUUID()}`];
    const nodes = [await reaching(url, { realm }), await reaching(url, { realm })];
    const attempts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => nodes[index % 2]?.begin('203.0.113.7', 'mallory')),
    );
    expect(attempts.filter((attempt) => attempt?.ok).length).toBe(failuresPerUserAndAddress);
    const keys = await keysOf(url, realm);
    expect(keys.filter((key) => key.includes('203.0.113.7'))).toEqual([
      `authlab:login-failures:${realm}:address:203.0.113.7`,
    ]);
    expect(keys.join()).not.toContain('mallory');
  });

  test('an address that has used up its guesses makes no more keys', async () => {
    const [url, realm] = [inject('redisUrl'), `limits-${randomUUID()}`];
    const limits = await reaching(url, { realm });
    for (let guess = 0; guess < failuresPerAddress + 50; guess += 1) await limits.begin('203.0.113.7', `user-${guess}`);
    const keys = await keysOf(url, realm);
    expect(keys.filter((key) => key.includes(':user:')).length).toBe(failuresPerAddress);
  });

  test('are none in the lab', async () => {
    const { limits } = connect('redis://127.0.0.1:1', { lab: true });
    for (let guess = 0; guess < 50; guess += 1) expect((await limits.begin('a', 'b')).ok).toBe(true);
  });
});

describe('without Redis', () => {
  test.each(['killed', 'paused'] as const)('%s, a node counts for itself and makes nobody wait', async (fault) => {
    const redis = await startTestRedis();
    opened.push(() => redis.close());
    const limits = await reaching(redis.url, { redisTimeoutMillis: 1_000 });
    if (fault === 'killed') await redis.kill();
    else redis.pause();
    const began = performance.now();
    const attempts: boolean[] = [];
    for (let guess = 0; guess < failuresPerUserAndAddress + 2; guess += 1) {
      attempts.push((await limits.begin('203.0.113.7', 'alice')).ok);
    }
    expect(attempts.filter((ok) => ok).length).toBe(failuresPerUserAndAddress);
    expect((await limits.begin('203.0.113.8', 'alice')).ok).toBe(true);
    // Each attempt asks twice or thrice, and each asking has a tenth of the second that other calls have.
    expect(performance.now() - began).toBeLessThan(attempts.length * 500);
  });
});
