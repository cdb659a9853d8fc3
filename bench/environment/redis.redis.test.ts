/** Finding a Redis: every place it can come from, and every way there can be none. Needs the compiled watchdog. */

import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Supervisor } from './environment.ts';
import { freePorts } from './free-ports.ts';
import { freePort } from './private-redis.ts';
import { findProgram } from './programs.ts';
import { openRedis } from './redis.ts';
import { connectRedis } from './redis-client.ts';
import { startSupervisor } from './supervisor.ts';
import { isRunning } from './test-processes.ts';
import { startTestRedis } from './test-redis.ts';

let supervisor: Supervisor;
/** A folder that stands for the whole PATH. */
let programs: string;
let notes: string[];

beforeEach(async () => {
  supervisor = await startSupervisor();
  programs = mkdtempSync(join(tmpdir(), 'authlab-programs-'));
  notes = [];
});

afterEach(async () => {
  await supervisor.close();
  rmSync(programs, { recursive: true });
});

function onNote(text: string): void {
  notes.push(text);
}

function addScript(name: string, ...lines: string[]): string {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function realRedis(): Promise<string> {
  const path = (await findProgram('redis-server')) ?? (await findProgram('valkey-server'));
  if (path === null) throw new Error('no Redis on this machine');
  return path;
}

function given(url: string) {
  return openRedis({ supervisor, onNote, given: { url, place: 'flag --redis-url' } });
}

describe('a program of this machine', () => {
  test('is started on a loopback port of its own, with the policy that the log needs, and ends with the lab', async () => {
    const redis = await openRedis({ supervisor, onNote });
    expect(redis.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(redis.url).not.toContain(':6379');
    expect(redis.facts).toMatchObject({
      source: 'binary',
      maxmemoryPolicy: 'noeviction',
      appendonly: 'yes',
      appendfsync: 'everysec',
    });
    expect(redis.facts.version).toMatch(/^\d+\.\d+\.\d+/);
    const client = await connectRedis(redis.url);
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    client.disconnect();
    const pid = redis.child?.pid ?? 0;
    expect(isRunning(pid)).toBe(true);
    await supervisor.close();
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(supervisor.folder)).toBe(false);
  });

  test('that is not what its name says is passed over for the next', async () => {
    addScript('redis-server', 'echo hello');
    symlinkSync(await realRedis(), join(programs, 'valkey-server'));
    const redis = await openRedis({ supervisor, onNote, searchPath: programs });
    expect(redis.facts.source).toBe('binary');
  });

  test('that says it is Redis and then fails is a fault with its last words', async () => {
    const path = addScript(
      'redis-server',
      'test "$1" = --version && echo "Redis server v=7.2.0 sha=0" && exit',
      'echo "no more file descriptors" >&2; exit 1',
    );
    await expect(openRedis({ supervisor, onNote, searchPath: programs })).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT_REDIS',
      message: `${path} could not be started: redis ended (exit code 1); its last output:\nno more file descriptors`,
    });
  });

  test('that finds its port taken is started again on another', async () => {
    const count = join(programs, 'count');
    addScript(
      'redis-server',
      `test "$1" = --version && exec ${await realRedis()} --version`,
      `echo "$2" >>${count}`,
      `test "$(wc -l <${count})" -gt 2 && exec ${await realRedis()} "$@"`,
      'echo "Could not create server TCP listening socket: bind: Address already in use"; exit 1',
    );
    const redis = await openRedis({ supervisor, onNote, searchPath: `${programs}:${process.env.PATH}` });
    const ports = readFileSync(count, 'utf8').trim().split('\n');
    expect(ports).toHaveLength(3);
    expect(redis.url).toBe(`redis://127.0.0.1:${ports[2]}`);
  });
});

describe('without any', () => {
  test('one sentence tells what was tried and what to do here', async () => {
    const old = addScript('valkey-server', 'echo "Redis server v=6.0.16 sha=0"');
    addScript('apt-get');
    addScript('docker', 'exit 1');
    await expect(openRedis({ supervisor, onNote, searchPath: programs })).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT_REDIS',
      message:
        `no Redis for the lab (no redis-server on the PATH, ${old} is version 6.0.16, and authlab needs 7.0 or newer, ` +
        'no docker engine answers): install one with "npm run setup" (or "apt-get install redis-server"), ' +
        'or name one with --redis-url',
    });
  });

  test('an engine that does not answer is not waited for', async () => {
    addScript('docker', 'exec /bin/sleep 60');
    await expect(openRedis({ supervisor, onNote, searchPath: programs })).rejects.toMatchObject({
      message: expect.stringContaining('no docker engine answers'),
    });
  }, 8_000);
});

describe('a container', () => {
  test('is started when an engine answers, and removed with the lab', async () => {
    const calls = join(programs, 'calls');
    // A stand-in for docker's client that runs the image's program here: `run … image redis-server --port p …`.
    addScript(
      'docker',
      `echo "$*" >>${calls}`,
      'test "$1" = run || exit 0',
      'while test "$1" != redis-server; do shift; done; shift',
      `exec ${await realRedis()} "$@" --bind 127.0.0.1`,
    );
    const redis = await openRedis({ supervisor, onNote, searchPath: programs });
    expect(redis).toMatchObject({ child: null, facts: { source: 'docker', maxmemoryPolicy: 'noeviction' } });
    expect(notes).toEqual([expect.stringContaining('with docker')]);
    const port = new URL(redis.url).port;
    await supervisor.close();
    const [version, run, remove] = readFileSync(calls, 'utf8').trim().split('\n');
    expect(version).toMatch(/^version /);
    const name = /--name (\S+)/.exec(run ?? '')?.[1];
    expect(run).toContain(`--publish 127.0.0.1:${port}:${port} `);
    expect(remove).toBe(`rm --force --volumes ${name}`);
    await expect(connectRedis(redis.url)).rejects.toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS' });
  });
});

describe('an address that was given', () => {
  test('is used as it is', async () => {
    const redis = await given(inject('redisUrl'));
    expect(redis).toMatchObject({ url: inject('redisUrl'), child: null, facts: { source: 'url', appendonly: 'no' } });
  });

  test('of several servers is refused, for what it is', async () => {
    const error = await given('redis+sentinel://u:hush-hush@one,two/lab').catch((fault: unknown) => fault);
    const message = expect.stringMatching(/^must be one server.*neither behind Sentinels nor on a Cluster$/);
    expect(error).toMatchObject({ code: 'ERR_INPUT_INVALID', faults: [{ place: 'flag --redis-url', message }] });
    expect(JSON.stringify(error)).not.toContain('hush');
  });

  test.each(['localhost:6380', 'http://localhost', 'redis://', '/tmp/redis.sock'])('%s is no address', async (url) => {
    await expect(given(url)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      faults: [{ place: 'flag --redis-url', message: expect.stringContaining('redis://host:port') }],
    });
  });

  test('at which nobody listens is told without the password', async () => {
    const error = await given('redis://someone:hush-hush@127.0.0.1:1').catch((fault: unknown) => fault);
    expect(error).toMatchObject({
      code: 'ERR_ENVIRONMENT_REDIS',
      message: 'no Redis answers at 127.0.0.1:1: ECONNREFUSED',
    });
    expect(String(error)).not.toContain('hush');
  });

  test('at which something else keeps silent is given up soon', async () => {
    const port = await freePort();
    const silent = createServer().listen(port, '127.0.0.1');
    await once(silent, 'listening');
    await expect(given(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT_REDIS',
      message: `no Redis answers at 127.0.0.1:${port}: no answer within 2 s`,
    });
    silent.close();
  }, 8_000);

  test.each([
    ['evicts', ['maxmemory-policy', 'allkeys-lru'], /maxmemory-policy is allkeys-lru.*set it to noeviction/],
    ['is a replica', ['replicaof', ''], /replica; give the address of its primary/],
    ['wants a password', ['requirepass', 'hush-hush'], /demands a password; put it into the URL/],
  ])('whose Redis %s is refused with the remedy', async (_, [setting, value], message) => {
    const redis = await startTestRedis();
    try {
      const client = await connectRedis(redis.url);
      if (setting === 'replicaof') await client.replicaof('127.0.0.1', 1);
      else await client.config('SET', `${setting}`, `${value}`);
      client.disconnect();
      await expect(given(redis.url)).rejects.toMatchObject({
        code: 'ERR_ENVIRONMENT_REDIS',
        message: expect.stringMatching(message),
      });
    } finally {
      await redis.close();
    }
  });

  test('that is a node of a Cluster is refused', async () => {
    const [busPort] = await freePorts(1);
    const redis = await startTestRedis({ args: ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`] });
    try {
      await expect(given(redis.url)).rejects.toMatchObject({
        code: 'ERR_ENVIRONMENT_REDIS',
        message: expect.stringContaining('node of a Cluster'),
      });
    } finally {
      await redis.close();
    }
  });

  test('that needs a password takes the right one and refuses the wrong one', async () => {
    const redis = await startTestRedis();
    try {
      const client = await connectRedis(redis.url);
      await client.config('SET', 'requirepass', 'hush-hush');
      client.disconnect();
      const withPassword = (password: string) => redis.url.replace('//', `//default:${password}@`);
      await expect(given(withPassword('hush-hush'))).resolves.toMatchObject({ facts: { source: 'url' } });
      const error = await given(withPassword('guess-me')).catch((fault: unknown) => fault);
      expect(error).toMatchObject({ message: expect.stringContaining('does not accept the user name or password') });
      expect(String(error)).not.toContain('guess-me');
    } finally {
      await redis.close();
    }
  });
});
