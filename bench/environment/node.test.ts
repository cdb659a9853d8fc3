/** Starting a node: what it is told, when it counts as ready, how its failure is told. Needs the compiled watchdog. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NodeRequest, Supervisor } from './environment.ts';
import { nodeEnvironment, nodeFlags, readUsage, startNode } from './node.ts';
import { startSupervisor } from './supervisor.ts';
import { isRunning } from './test-processes.ts';

// Each test starts processes or makes keys, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 20_000 });

const request: NodeRequest = {
  strategies: ['jwt-hs256', 'session'],
  redisUrl: 'redis://127.0.0.1:1',
  realm: 'lab-test',
  partitions: 2,
  beatIntervalMillis: 250,
  stalenessLimitMillis: 2_000,
  secrets: { secret: 'hush-hush-secret', rs256PrivateKeyPem: '-----BEGIN PRIVATE KEY-----\nhush-hush-key\n' },
};

/** Listens as the server does, and is ready the third time it is asked. */
const toyServer = `
  import { createServer } from 'node:http';
  let asked = 0;
  const answers = {
    '/flags': () => [200, process.execArgv],
    '/health/ready': () => [++asked < 3 ? 503 : 200, { asked }],
    '/lab/usage': () => [200, { cpuMicros: 1, eventLoopActiveMillis: 2, eventLoopIdleMillis: 3, rssBytes: asked }],
  };
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url]?.() ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(Number(process.env.AUTHLAB_PORT), process.env.AUTHLAB_HOST, () => {
    console.error('human text');
    console.log(JSON.stringify({ event: 'starting', port: 1 }));
    console.log(JSON.stringify({ event: 'listening', host: '127.0.0.1', port: server.address().port }));
  });`;

let supervisor: Supervisor;

beforeEach(async () => {
  supervisor = await startSupervisor();
});

afterEach(() => supervisor.close());

function start(script: string, deadlineMillis = 10_000) {
  const serverPath = join(supervisor.folder, 'server.mjs');
  writeFileSync(serverPath, script);
  return startNode({ supervisor, index: 3, serverPath, deadlineMillis }, request);
}

describe('a node', () => {
  test('is handed out when it is ready, and tells what it has spent', async () => {
    const node = await start(toyServer);
    expect(node).toMatchObject({ index: 3, strategies: request.strategies, child: { name: 'node-3' } });
    expect(node.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,5}$/);
    await expect(readUsage(node)).resolves.toEqual({
      cpuMicros: 1,
      eventLoopActiveMillis: 2,
      eventLoopIdleMillis: 3,
      rssBytes: 3,
    });
    await node.child.stop();
    await expect(readUsage(node)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'node-3 does not tell what it has spent: no answer',
    });
  });

  test('keeps its optimised code however long it runs', async () => {
    const node = await start(toyServer);
    expect(await (await fetch(`${node.baseUrl}/flags`)).json()).toEqual(nodeFlags);
    await node.child.stop();
  });

  test('that refuses its settings is a fault with its words', async () => {
    await expect(start("console.error('AUTHLAB_PARTITIONS is wrong'); process.exit(2);")).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining('AUTHLAB_PARTITIONS is wrong'),
    });
  });

  test('that dies between listening and being ready is a fault with its words', async () => {
    const script = toyServer.replace("'/health/ready': () =>", "'/health/ready': () => process.exit(9) ??");
    await expect(start(script)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringMatching(/^node-3 ended before it was ready: .*human text/s),
    });
  });

  test('that is never ready is ended, and its last answer is told', async () => {
    const script = toyServer.replace("'human text'", "'pid', process.pid").replace('< 3', '< 1e9');
    const starting = start(script, 3_000);
    await expect(starting).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringMatching(/^node-3 was not ready within 3000 ms: 503 \{"asked":\d+\}$/),
    });
    const pid = Number(/pid (\d+)/.exec(readFileSync(join(supervisor.folder, '1-node-3.log'), 'utf8'))?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(isRunning(pid)).toBe(false);
  });
});

describe('the settings of a node', () => {
  test('are those of the request, and the secrets', () => {
    expect(nodeEnvironment(request)).toEqual({
      NODE_ENV: 'production',
      AUTHLAB_LAB: '1',
      AUTHLAB_HOST: '127.0.0.1',
      AUTHLAB_PORT: '0',
      AUTHLAB_PLAIN_HTTP: 'loopback',
      AUTHLAB_STRATEGIES: 'jwt-hs256,session',
      AUTHLAB_STRATEGY: 'jwt-hs256',
      AUTHLAB_REDIS_URL: 'redis://127.0.0.1:1',
      AUTHLAB_REALM: 'lab-test',
      AUTHLAB_PARTITIONS: '2',
      AUTHLAB_BEAT_INTERVAL_MILLIS: '250',
      AUTHLAB_STALENESS_LIMIT_MILLIS: '2000',
      AUTHLAB_SECRET: 'hush-hush-secret',
      AUTHLAB_RS256_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nhush-hush-key\n',
    });
  });

  test('carry lifetimes, leeway and roles where they are asked for', () => {
    const brief = { ...request, accessTokenLifetimeSeconds: 2, sessionLifetimeSeconds: 4, leewaySeconds: 0, roles: 20 };
    expect(nodeEnvironment(brief)).toMatchObject({
      AUTHLAB_ACCESS_TOKEN_LIFETIME_SECONDS: '2',
      AUTHLAB_INACTIVITY_TIMEOUT_SECONDS: '4',
      AUTHLAB_ABSOLUTE_LIFETIME_SECONDS: '4',
      AUTHLAB_LEEWAY_SECONDS: '0',
      AUTHLAB_LAB_ROLES: '20',
    });
    expect(nodeEnvironment({ ...request, claims: 'permissions-50' })).toMatchObject({
      AUTHLAB_LAB_CLAIMS: 'permissions-50',
    });
  });

  test('carry what is demanded of Redis, and a port, and what is no setting of the server', () => {
    const demanding = {
      ...request,
      port: 12_345,
      persistence: 'everysec',
      replicas: 1,
      redisTimeoutMillis: 500,
    } as const;
    expect(nodeEnvironment({ ...demanding, variables: { LD_PRELOAD: 'a.so', AUTHLAB_REALM: 'theirs' } })).toMatchObject(
      {
        AUTHLAB_PORT: '12345',
        AUTHLAB_PERSISTENCE: 'everysec',
        AUTHLAB_REPLICAS: '1',
        AUTHLAB_REDIS_TIMEOUT_MILLIS: '500',
        AUTHLAB_REALM: 'lab-test',
        LD_PRELOAD: 'a.so',
      },
    );
  });
});
