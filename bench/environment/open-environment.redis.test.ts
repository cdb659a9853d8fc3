/** The whole environment with real parts: Redis, nodes, and nothing left afterwards. Needs the compiled server. */

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { NodeRequest } from './environment.ts';
import { readUsage } from './node.ts';
import { type OpenEnvironment, openEnvironment } from './open-environment.ts';
import { randomRealm } from './realms.ts';
import { connectRedis } from './redis-client.ts';
import { createLabSecrets } from './secrets.ts';
import { isRunning } from './test-processes.ts';

const opened: OpenEnvironment[] = [];
const notes: string[] = [];

afterEach(async () => {
  for (const environment of opened.splice(0)) await environment.close();
  notes.splice(0);
});

async function open(env: NodeJS.ProcessEnv, redisUrl?: string): Promise<OpenEnvironment> {
  const environment = await openEnvironment({ redisUrl, env, onNote: (text) => notes.push(text) });
  opened.push(environment);
  return environment;
}

async function nodeRequest(redisUrl: string, strategies = ['none', 'hybrid-hs256']): Promise<NodeRequest> {
  return {
    strategies,
    redisUrl,
    realm: randomRealm(systemRandomBytes),
    partitions: 2,
    beatIntervalMillis: 250,
    stalenessLimitMillis: 2_000,
    secrets: await createLabSecrets(systemRandomBytes),
  };
}

function withoutRedisUrl(): NodeJS.ProcessEnv {
  const { REDIS_URL: _, ...env } = process.env;
  return env;
}

describe('an environment', () => {
  test('has a Redis of its own and as many nodes as are asked for, and takes them all with it', async () => {
    const environment = await open(withoutRedisUrl());
    const { redis, machine, supervisor } = environment;
    expect(redis.facts.source).toBe('binary');
    const request = await nodeRequest(redis.url);
    const nodes = [await environment.startNode(request), await environment.startNode(request)];
    expect(nodes.map(({ index, child }) => [index, child.name])).toEqual([
      [0, 'node-0'],
      [1, 'node-1'],
    ]);
    for (const node of nodes) {
      const usage = await readUsage(node);
      for (const counter of Object.values(usage)) expect(counter).toBeGreaterThan(0);
      expect(Object.keys(usage).toSorted()).toEqual([
        'atMillis',
        'cpuMicros',
        'eventLoopActiveMillis',
        'eventLoopIdleMillis',
        'eventLoopTurns',
        'requests',
        'rssBytes',
      ]);
    }
    expect(machine.cores).toBeGreaterThan(0);
    const pids = [redis.child, ...nodes.map(({ child }) => child)].map((child) => child?.pid ?? 0);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    await environment.close();
    await environment.close();
    expect(pids.map(isRunning)).toEqual([false, false, false]);
    expect(existsSync(supervisor.folder)).toBe(false);
  });

  test('leaves a Redis that was given as it was', async () => {
    const url = inject('redisUrl');
    const environment = await open({ ...process.env, REDIS_URL: url });
    expect(environment.redis).toMatchObject({ url, child: null, facts: { source: 'url' } });
    const client = await connectRedis(url);
    const bystander = randomRealm(systemRandomBytes);
    await client.set(bystander, 'mine');
    const request = await nodeRequest(url);
    await environment.startNode(request);
    const keysOfRealm = () => client.keys(`*{${request.realm}:*`);
    expect(await keysOfRealm()).not.toEqual([]);
    await environment.close();
    expect(await keysOfRealm()).toEqual([]);
    expect(await client.getdel(bystander)).toBe('mine');
    client.disconnect();
  });

  test('that finds no Redis says where it looked, and leaves nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'authlab-tmp-'));
    const env = { ...process.env, TMPDIR: folder };
    await expect(open(env, 'redis://127.0.0.1:1')).rejects.toMatchObject({ code: 'ERR_ENVIRONMENT_REDIS' });
    await expect(open({ ...env, REDIS_URL: 'localhost' })).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      faults: [{ place: 'environment REDIS_URL' }],
    });
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('tells what a node says that refuses its settings', async () => {
    const environment = await open(process.env, inject('redisUrl'));
    const request = await nodeRequest(environment.redis.url, ['jwt-hs999']);
    await expect(environment.startNode(request)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringMatching(/^node-0 ended \(exit code 2\).*jwt-hs999/s),
    });
  });
});
