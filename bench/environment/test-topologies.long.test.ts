/** The groups of Redis servers that other tests rely on: they come up, fail over, and leave nothing behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compiledFile } from './programs.ts';
import { ask, infoOf } from './redis-group.ts';
import { startTestCluster } from './test-cluster.ts';
import { isRunning } from './test-processes.ts';
import { startTestSentinel } from './test-sentinel.ts';
import type { TestServer } from './test-server.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function sentinel(options: Parameters<typeof startTestSentinel>[0] = {}) {
  const group = await startTestSentinel(options);
  opened.push(group.close);
  return group;
}

async function cluster(options: Parameters<typeof startTestCluster>[0] = {}) {
  const group = await startTestCluster(options);
  opened.push(group.close);
  return group;
}

describe('a Sentinel group', () => {
  test('fails over when told to, by itself, and back, with what was written', async () => {
    const group = await sentinel();
    const first = await group.primary();
    expect(await group.replicas()).toHaveLength(2);
    await ask(first, 'SET', 'key', 'value');
    expect(await ask(first, 'WAIT', '2', '5000')).toBe(2);

    const second = await group.failover();
    expect(second.port).not.toBe(first.port);
    await group.settled();
    expect(await ask(second, 'GET', 'key')).toBe('value');

    second.pause();
    const third = await group.successor(second);
    expect((await group.primary()).port).toBe(third.port);
    second.resume();
    await group.settled();
    expect(await ask(second, 'ROLE')).toMatchObject(['slave', '127.0.0.1', third.port, 'connected', expect.anything()]);

    await third.kill();
    const fourth = await group.successor(third);
    await third.restart();
    await group.settled();
    expect(await ask(third, 'GET', 'key')).toBe('value');
    expect(await ask(fourth, 'SET', 'key', 'other')).toBe('OK');
  });

  test('keeps its data and roles across restarts of everybody', async () => {
    const group = await sentinel({ appendonly: true });
    const primary = await group.failover();
    await group.settled();
    await ask(primary, 'SET', 'key', 'value');
    await Promise.all(group.servers.map((server) => server.kill()));
    await Promise.all(group.servers.map((server) => server.restart()));
    await group.settled();
    expect(await ask(await group.primary(), 'GET', 'key')).toBe('value');
  });

  test('can be made to replicate nothing for a while', async () => {
    const group = await sentinel({ links: true });
    const primary = await group.primary();
    const resume = group.stall('replicas');
    await ask(primary, 'SET', 'key', 'value');
    expect(await ask(primary, 'WAIT', '1', '300')).toBe(0);
    expect(await ask(primary, 'INFO', 'replication')).toContain('connected_slaves:2');
    resume();
    await vi.waitFor(async () => expect(await ask(primary, 'WAIT', '2', '500')).toBe(2), { timeout: 5_000 });
  });
});

describe('a Cluster', () => {
  test('serves all slots, fails over when told to and by itself', async () => {
    const group = await cluster();
    expect(await group.masters()).toHaveLength(3);
    const first = await group.primary('key');
    expect(await group.replicas('key')).toHaveLength(1);
    await ask(first, 'SET', 'key', 'value');
    expect(await ask(first, 'WAIT', '1', '500')).toBe(1);

    const second = await group.failover('key');
    expect(second.port).not.toBe(first.port);
    await group.settled();
    expect(await ask(second, 'GET', 'key')).toBe('value');

    second.pause();
    expect((await group.successor(second, 'key')).port).toBe(first.port);
    second.resume();
    await group.settled();
    await first.kill();
    await group.successor(first, 'key');
    await first.restart();
    await group.settled();
    expect(await ask(await group.primary('key'), 'GET', 'key')).toBe('value');
  });

  test('moves a slot, whose keys are asked for elsewhere meanwhile', async () => {
    const group = await cluster({ links: true });
    const from = await group.primary('{tag}');
    const keys = Array.from({ length: 10 }, (_, index) => `{tag}${index}`);
    for (const key of keys) await ask(from, 'SET', key, 'value');
    const refusals: string[] = [];
    const to = await group.moveSlot('{tag}', async () => {
      for (const key of keys) await ask(from, 'GET', key).catch((error: Error) => refusals.push(error.message));
      await expect(ask(from, 'MGET', ...keys)).rejects.toThrow('TRYAGAIN');
    });
    expect(refusals).toHaveLength(5);
    expect(refusals.every((refusal) => refusal.startsWith('ASK ') && refusal.endsWith(`:${to.port}`))).toBe(true);
    expect(await ask(to, 'MGET', ...keys)).toEqual(keys.map(() => 'value'));
    await expect(ask(from, 'GET', '{tag}0')).rejects.toThrow(/^MOVED /);

    const resume = group.stall('replicas');
    await ask(to, 'SET', '{tag}0', 'other');
    expect(await ask(to, 'WAIT', '1', '300')).toBe(0);
    resume();
    await group.settled();
  });
});

describe('whatever happens to the test process', () => {
  /** Another test process, which tells its servers' process ids and would wait for ever. */
  async function startElsewhere(file: string, start: string): Promise<{ process: ChildProcess; pids: number[] }> {
    const url = pathToFileURL(compiledFile(`bench/environment/${file}`)).href;
    const program = `
      const group = await (await import(${JSON.stringify(url)})).${start}({ links: true });
      console.log(JSON.stringify([...group.servers, ...(group.sentinels ?? [])].map((server) => server.pid)));
      setInterval(() => {}, 60_000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    opened.push(async () => void child.kill('SIGKILL'));
    // An end without a word is no JSON.
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child.stdout, 'end')]);
    return { process: child, pids: JSON.parse(String(line)) };
  }

  test.each([
    ['test-sentinel.js', 'startTestSentinel'],
    ['test-cluster.js', 'startTestCluster'],
  ])('%s leaves no process', async (file, start) => {
    const { process: child, pids } = await startElsewhere(file, start);
    expect(pids).toHaveLength(6);
    expect(pids.every(isRunning)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 5_000 });
  });

  test('closing leaves neither process nor folder, of paused servers too', async () => {
    const group = await startTestSentinel();
    const all: TestServer[] = [...group.servers, ...group.sentinels];
    const folders = await Promise.all(all.map(folderOf));
    expect(folders.every((folder) => folder.startsWith(tmpdir()) && existsSync(folder))).toBe(true);
    all[0]?.pause();
    await group.close();
    await group.close();
    expect(all.map((server) => server.pid).filter(isRunning)).toEqual([]);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });
});

async function folderOf(server: TestServer): Promise<string> {
  return dirname((await infoOf(server, 'server')).get('config_file') ?? '');
}
