/** What `authlab doctor` says of a real Redis: of one that will do, of one that weakens figures, and of those that will not do. */

import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Finding, findingsOf } from './health.ts';
import { freePort } from './private-redis.ts';
import { compiledFile } from './programs.ts';
import { readHealth } from './read-health.ts';
import { connectRedis } from './redis-client.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

async function redisFinding(redisUrl: string | undefined, env: NodeJS.ProcessEnv = {}): Promise<Finding | undefined> {
  const findings = findingsOf(await readHealth({ redisUrl, env: { PATH: process.env.PATH, ...env } }));
  return findings.find(({ subject }) => subject === 'Redis');
}

interface DoctorRun {
  readonly code: number;
  readonly stdout: string;
}

function doctor(...args: readonly string[]): Promise<DoctorRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, [compiledFile('bench/cli.js'), 'doctor', ...args], (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), stdout });
    });
  });
}

describe('the doctor, asked about a Redis', () => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await startTestRedis({ appendonly: true });
  });
  afterEach(() => redis.close());

  async function configure(name: string, value: string): Promise<void> {
    const client = await connectRedis(redis.url);
    await client.config('SET', name, value);
    client.disconnect();
  }

  it('finds nothing wrong with one that keeps what it is told', async () => {
    const finding = await redisFinding(redis.url);
    expect(finding).toMatchObject({ state: 'fine', spoils: '', remedy: '' });
    expect(finding?.found).toMatch(
      /^(redis|valkey) \d+\.\d+\S*, at the address given; appendonly yes, appendfsync \w+$/,
    );
  });

  it('takes the address from REDIS_URL, and the flag before it', async () => {
    const dead = `redis://127.0.0.1:${await freePort()}`;
    expect(await redisFinding(undefined, { REDIS_URL: redis.url })).toMatchObject({ state: 'fine' });
    expect(await redisFinding(redis.url, { REDIS_URL: dead })).toMatchObject({ state: 'fine' });
    expect(await redisFinding(undefined, { REDIS_URL: dead })).toMatchObject({
      state: 'prevents',
      remedy: expect.stringMatching(/^Start it there, or name another/),
    });
  });

  it('starts one of its own where none is named, and stops it again', async () => {
    expect(await redisFinding(undefined)).toMatchObject({
      state: 'fine',
      found: expect.stringContaining('a program here, started for each run'),
    });
  });

  it('says that one which forgets at a restart weakens figures, and what mends it', async () => {
    await configure('appendonly', 'no');
    const finding = await redisFinding(redis.url);
    expect(finding).toMatchObject({ state: 'weakens', remedy: 'CONFIG SET appendonly yes' });
    expect(finding?.found).toContain('appendonly no');
    expect(finding?.spoils).toContain('forgets revocations');
  });

  it.each(['allkeys-lru', 'volatile-ttl'])(
    'lets no run begin on one that evicts (%s), and says what to set',
    async (policy) => {
      await configure('maxmemory-policy', policy);
      const finding = await redisFinding(redis.url);
      expect(finding).toMatchObject({ state: 'prevents', spoils: 'No run begins.' });
      expect(finding?.found).toContain(`maxmemory-policy is ${policy}`);
      expect(finding?.found).toContain('set it to noeviction');
      expect(finding?.remedy).toMatch(/^CONFIG SET maxmemory-policy noeviction\b/);
    },
  );

  it('lets no run begin on a replica', async () => {
    const client = await connectRedis(redis.url);
    await client.replicaof('127.0.0.1', await freePort());
    client.disconnect();
    expect(await redisFinding(redis.url)).toMatchObject({
      state: 'prevents',
      found: expect.stringContaining('give the address of its primary'),
    });
  });

  it('ends 0 on the command line with one that will do, and 3 with one that evicts', async () => {
    const good = await doctor('--redis-url', redis.url);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/^fine {8}Redis: /m);
    await configure('maxmemory-policy', 'allkeys-random');
    const evicting = await doctor('--redis-url', redis.url, '--json');
    expect(evicting.code).toBe(3);
    expect(JSON.parse(evicting.stdout)).toContainEqual(
      expect.objectContaining({ subject: 'Redis', state: 'prevents' }),
    );
    const told = await doctor('--redis-url', redis.url);
    expect(told.stdout).toMatch(/^PREVENTS {4}Redis: [\s\S]*No run begins here before that is mended\.\n$/m);
  });
});
