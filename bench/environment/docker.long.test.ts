/**
 * The container files without containers: what they say is checked, and every command they name is started here as it
 * stands. Needs the compiled server.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { parseStrategyName } from '../../src/strategies/registry.ts';
import type { Supervisor } from './environment.ts';
import { httpGet } from './http-get.ts';
import { freePort, readyLine } from './private-redis.ts';
import { findProgram } from './programs.ts';
import { randomRealm, removeRealm } from './realms.ts';
import { connectRedis } from './redis-client.ts';
import { redisImage } from './redis-container.ts';
import { readRedisFacts } from './redis-facts.ts';
import { startSupervisor } from './supervisor.ts';

interface Service {
  readonly image: string;
  readonly command?: string[];
  readonly build?: { readonly target: string };
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const dockerfile = readFileSync(`${root}Dockerfile`, 'utf8').replaceAll('\\\n', ' ');
const composeText = readFileSync(`${root}docker-compose.yml`, 'utf8');
const { services } = parse(composeText, { merge: true }) as { services: Record<string, Service> };
const secret = systemRandomBytes(32).toString('hex');

/** Exec-form instruction of a stage, such as `CMD ["node", "server.js"]`. */
function instruction(stage: string, name: string): string[] {
  const text = new RegExp(`^FROM \\S+ AS ${stage}\\n(.*?)(?=^FROM |$(?![\\s\\S]))`, 'ms').exec(dockerfile)?.[1] ?? '';
  return JSON.parse(new RegExp(`^(?:${name})\\b[^[\\n]*(\\[.*\\])$`, 'm').exec(text)?.[1] ?? '[]') as string[];
}

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  test('is valid, and names the remedy for a missing secret', async ({ skip }) => {
    const compose = await findProgram('docker-compose');
    if (compose === null) return skip('docker-compose is not installed');
    const config = (env: NodeJS.ProcessEnv) =>
      spawnSync(compose, ['--profile', 'lab', 'config', '-q'], { cwd: root, encoding: 'utf8', env });
    const { AUTHLAB_SECRET: _, ...env } = process.env;
    expect(config({ ...env, AUTHLAB_SECRET: secret })).toMatchObject({ status: 0, stderr: '' });
    const without = config(env);
    expect(without.status).not.toBe(0);
    expect(without.stderr).toContain('openssl rand -hex 32');
  });

  test('publishes ports on loopback alone, and Redis not at all', () => {
    const ports = Object.values(services).flatMap((each) => each.ports ?? []);
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:3000$/);
    expect(service('redis').ports).toBeUndefined();
  });

  test('holds no secret, and demands one', () => {
    for (const node of ['node-a', 'node-b']) {
      expect(service(node).environment?.AUTHLAB_SECRET).toMatch(/^\$\{AUTHLAB_SECRET:\?/);
    }
  });

  test('mounts strategies that exist', () => {
    const names = (service('node-a').environment?.AUTHLAB_STRATEGIES ?? '').split(',');
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !parseStrategyName(name).ok)).toEqual([]);
  });

  test('uses the Redis that the lab would start in a container', () => {
    expect(service('redis').image).toBe(redisImage);
  });
});

describe('what the containers run', () => {
  let supervisor: Supervisor;
  const realm = randomRealm(systemRandomBytes);

  beforeAll(async () => {
    supervisor = await startSupervisor();
  });

  afterAll(async () => {
    await supervisor.close();
    await removeRealm(inject('redisUrl'), realm);
  });

  test('Redis starts, and its policy is fit for the log', async () => {
    const port = await freePort();
    const [command = '', ...args] = service('redis').command ?? [];
    const ours = ['--port', String(port), '--bind', '127.0.0.1', '--dir', supervisor.folder];
    const redis = await supervisor.start({ name: 'redis', command, args: [...args, ...ours] });
    await redis.waitForOutput(readyLine, 10_000);
    const client = await connectRedis(`redis://127.0.0.1:${port}`);
    const facts = await readRedisFacts(client, 'docker');
    client.disconnect();
    expect(facts).toMatchObject({ maxmemoryPolicy: 'noeviction', appendonly: 'yes', appendfsync: 'always' });
    await redis.stop();
  });

  test('a node starts with its settings, is found healthy, and ends when asked to', async () => {
    expect(service('node-a').build?.target).toBe('server');
    const port = await freePort();
    const [, script = ''] = instruction('server', 'CMD');
    const env = {
      ...service('node-a').environment,
      AUTHLAB_SECRET: secret,
      AUTHLAB_HOST: '127.0.0.1',
      AUTHLAB_PORT: String(port),
      AUTHLAB_REDIS_URL: inject('redisUrl'),
      AUTHLAB_REALM: realm,
    };
    const node = await supervisor.start({ name: 'node', command: process.execPath, args: [root + script], env });
    await node.waitForOutput(/"event":"listening"/, 15_000);
    expect(await node.waitForOutput(/alice/, 15_000)).not.toContain(secret);
    const check = () => {
      const [, ...args] = instruction('server', 'HEALTHCHECK');
      return spawnSync(process.execPath, args, { env: { AUTHLAB_PORT: String(port) } }).status;
    };
    expect(check()).toBe(0);
    const strategies = await httpGet(`http://127.0.0.1:${port}/strategies`, 5_000);
    expect(strategies.status).toBe(200);
    await node.stop();
    await expect(node.ended).resolves.toMatchObject({ code: 0 });
    expect(check()).toBe(1);
  });

  test('the lab knows its command', () => {
    const [, script = ''] = instruction('lab', 'ENTRYPOINT');
    const [command = '', scenario = ''] = service('lab').command ?? [];
    expect(instruction('lab', 'CMD')).toEqual([command, scenario]);
    const help = spawnSync(process.execPath, [root + script, command, '--help'], { encoding: 'utf8' });
    expect(help.status).toBe(0);
    expect(help.stdout).toContain(`authlab ${command}`);
    expect(readFileSync(root + scenario, 'utf8')).toMatch(/^#/);
  });
});
