/** The lab's process that fills a realm, as the lab starts it; what it leaves is held to real logins in src. */

import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { LabSecrets, NodeRequest, SessionFill, Supervisor } from './environment.ts';
import { httpGet } from './http-get.ts';
import { readLongestPause, startNode } from './node.ts';
import { randomRealm } from './realms.ts';
import { connectRedis } from './redis-client.ts';
import { dropOperations, readBare, streamsOf, untilQuiet, usedMemory } from './redis-memory.ts';
import { createLabSecrets } from './secrets.ts';
import { startSessionFill } from './session-fill.ts';
import { startSupervisor } from './supervisor.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

/** Nobody else's: its memory is measured. */
let redis: TestRedis;
let secrets: LabSecrets;
let supervisor: Supervisor;
let client: Redis;
let request: NodeRequest;

beforeAll(async () => {
  redis = await startTestRedis();
  secrets = await createLabSecrets(systemRandomBytes, 2_048);
});

afterAll(() => redis.close());

beforeEach(async () => {
  supervisor = await startSupervisor();
  client = await connectRedis(redis.url);
  request = {
    strategies: ['hybrid-hs256'],
    redisUrl: redis.url,
    realm: randomRealm(systemRandomBytes),
    partitions: 1,
    beatIntervalMillis: 250,
    stalenessLimitMillis: 2_000,
    secrets,
  };
});

afterEach(async () => {
  await supervisor.close();
  client.disconnect();
});

async function filled(count: number, ended: number): Promise<{ fill: SessionFill; token: string }> {
  const fill = await startSessionFill({ supervisor }, request);
  const [first] = await fill.begin(0, count, count);
  await fill.end(0, ended);
  return { fill, token: (JSON.parse(first?.body ?? '{}') as { readonly access_token: string }).access_token };
}

describe('the process that fills a realm', () => {
  test('begins and ends sessions by the thousand, and a node that starts knows them', async () => {
    const { fill, token } = await filled(2_000, 1_500);
    await fill.stop();
    expect(token).toMatch(/^eyJ/);
    expect((await streamsOf(client, request.realm)).entries).toBeGreaterThanOrEqual(3_500);
    expect((await readBare(client, request.realm)).records).toBe(1_500);
    const node = await startNode({ supervisor, index: 0 }, request);
    expect(await readLongestPause(node)).toBeGreaterThanOrEqual(0);
    const { status } = await httpGet(`${node.baseUrl}/lab/usage`, 2_000);
    expect(status).toBe(200);
  });

  test('says what it could not do', async () => {
    const fill = await startSessionFill({ supervisor }, request);
    await fill.stop();
    await expect(fill.begin(0, 1, 0)).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
    const unknown = startSessionFill({ supervisor }, { ...request, strategies: ['no-such-strategy'] });
    await expect(unknown).rejects.toThrow(/no-such-strategy/);
  });
});

describe('the memory of Redis', () => {
  test('is what a realm occupies, without what is there for a minute', async () => {
    const before = await usedMemory(client);
    const { fill } = await filled(500, 0);
    await fill.stop();
    const withAnswers = await usedMemory(client);
    // One of the signing key's, and one for each session.
    expect(await dropOperations(client, request.realm)).toBeGreaterThanOrEqual(500);
    expect(await dropOperations(client, request.realm)).toBe(0);
    await untilQuiet(client);
    const bytes = ((await usedMemory(client)) - before) / 500;
    expect(bytes).toBeGreaterThan(800);
    expect(bytes).toBeLessThan((withAnswers - before) / 500);
  });

  test('is waited for no longer than one is patient', async () => {
    const startedAt = performance.now();
    const grow = setInterval(() => void client.append(`authlab:{${request.realm}:0}:grows`, 'x'.repeat(100_000)), 10);
    await untilQuiet(client, 300);
    clearInterval(grow);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300);
  });
});
