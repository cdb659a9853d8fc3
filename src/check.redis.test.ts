/** `authlab check` against a real Redis: what it finds, what it refuses, and that it leaves nothing behind. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { startTestRedis } from '../bench/environment/test-redis.ts';
import { runCheck } from './check.ts';
import { compose, type OperatorLog } from './compose.ts';
import { loadConfig } from './config.ts';
import { randomRealm } from './eventlog/event-log-harness.contract.ts';
import { catchOutput, type Written } from './program-output.contract.ts';

const url = inject('redisUrl');
const silent: OperatorLog = { fault: () => {}, diagnostic: () => {}, security: () => {} };

let realm: string;
let secret: string;
let written: Written;
beforeEach(() => {
  realm = randomRealm();
  secret = randomBytes(32).toString('base64url');
  stub({ AUTHLAB_REDIS_URL: url, AUTHLAB_REALM: realm, AUTHLAB_SECRET: secret, AUTHLAB_LAB: '1' });
  written = catchOutput();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function stub(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

async function keysOfRealm(): Promise<readonly string[]> {
  const redis = new Redis(url);
  const keys = await redis.keys(`*${realm}*`);
  redis.disconnect();
  return keys;
}

describe('authlab check', () => {
  it('says what would be mounted, with the warnings, and writes nothing', async () => {
    const argv = ['--strategies', 'jwt-rs256,session', '--strategy', 'session', '--port', '3003'];
    expect(await runCheck(argv)).toBe(0);
    expect(written.stdout).toMatch(
      /^Would listen on 127\.0\.0\.1:3003\.\nAt \/: session\. Mounted: jwt-rs256 session$/m,
    );
    expect(written.stdout).toMatch(/^Redis: redis 7\S* at 127\.0\.0\.1:\d+, noeviction, no append-only file\.$/m);
    expect(written.stdout).toContain('Warning: Redis runs without an append-only file');
    expect(written.stderr).toBe('');
    expect(await keysOfRealm()).toEqual([]);
  });

  it('says it as JSON, without a secret in it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    stub({ AUTHLAB_RS256_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() });
    expect(await runCheck(['--json', '--strategies', 'jwt-rs256'])).toBe(0);
    const report = JSON.parse(written.stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ strategy: 'jwt-rs256', realm, signingKeys: { given: ['rs256'], inLog: 0 } });
    expect(report).toMatchObject({
      redis: { maxmemoryPolicy: 'noeviction', appendonly: 'no' },
      users: 'the users of the lab',
    });
    expect(written.stdout).not.toContain(secret);
    expect(written.stdout).not.toContain('PRIVATE KEY');
  });

  it('opens the keys that the realm has, and refuses a secret that does not', async () => {
    const readFile = () => Buffer.alloc(0);
    const flags = { port: '0', strategies: 'jwt-es256,jwt-hs256' };
    const loaded = loadConfig({ environment: process.env, flags, readFile });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    await (await compose(loaded.value, silent)).stop();
    expect(await runCheck([])).toBe(0);
    expect(written.stdout).toContain('Signing keys: 2 in the log, opened with the secret.');
    stub({ AUTHLAB_SECRET: randomBytes(32).toString('base64url') });
    expect(await runCheck([])).toBe(2);
    expect(written.stderr).toContain(
      `secret: is not the one under which the signing keys of the realm ${realm} were sealed`,
    );
  });

  it('ends with 2 for wrong settings, all of them named', async () => {
    stub({ AUTHLAB_SECRET: 'hunter2', AUTHLAB_LAB: '' });
    expect(await runCheck(['--port', '70000'])).toBe(2);
    for (const place of ['AUTHLAB_SECRET', 'AUTHLAB_USERS_FILE', 'flag --port'])
      expect(written.stderr).toContain(place);
    expect(await runCheck(['--prot', '1'])).toBe(2);
    expect(written.stderr).not.toContain('hunter2');
    expect(written.stdout).toBe('');
    expect(await runCheck(['--help'])).toBe(0);
  });

  it('ends with 3 for a Redis that is away or evicts', async () => {
    expect(await runCheck(['--redis-url', 'redis://user:hunter2@127.0.0.1:1'])).toBe(3);
    expect(written.stderr).toContain('127.0.0.1:1');
    expect(written.stderr).not.toContain('hunter2');
    const evicting = await startTestRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    expect(await runCheck(['--redis-url', evicting.url])).toBe(3);
    await evicting.close();
    expect(written.stderr).toContain('allkeys-lru');
  });

  it('demands a disk for users who are to be remembered, and replicas that are to confirm', async () => {
    expect(await runCheck(['--persistence', 'everysec'])).toBe(3);
    expect(written.stderr).toContain('run "CONFIG SET appendonly yes" there, or set persistence to any');
    expect(await runCheck(['--replicas', '1'])).toBe(3);
    expect(written.stderr).toContain('has 0 of the 1 replicas connected');

    const primary = await startTestRedis({ appendonly: true });
    const replica = await startTestRedis({ args: ['--replicaof', `127.0.0.1 ${primary.port}`] });
    const argv = ['--redis-url', primary.url, '--replicas', '1', '--persistence', 'always'];
    await vi.waitFor(async () => expect(await runCheck(argv)).toBe(0), { timeout: 10_000, interval: 100 });
    expect(written.stdout).toContain(
      ', append-only file, fsync always, replicas connected: 1, must confirm each write: 1.',
    );
    await replica.close();
    await primary.close();
  });
});
