/** The generator as a process of its own, started, used and lost. Needs the compiled generator and watchdog. */

import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChildHandle, ChildRequest, Supervisor } from '../environment/environment.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import { type AnsweringServer, bearerHeaders, startAnsweringServer } from './answering-server.ts';
import { type GeneratorOptions, type LoadGenerator, startGenerator } from './generator-client.ts';
import { decodeLatencies } from './histogram.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 60_000 };

let supervisor: Supervisor;
let target: AnsweringServer;
const children: ChildHandle[] = [];
const generators: LoadGenerator[] = [];

beforeAll(async () => {
  supervisor = await startSupervisor();
  target = await startAnsweringServer();
});

afterEach(async () => {
  for (const generator of generators.splice(0)) await generator.close();
});

afterAll(async () => {
  await supervisor.close();
  await target.close();
});

async function start(options: Partial<GeneratorOptions> = {}): Promise<LoadGenerator> {
  const remembering = {
    folder: supervisor.folder,
    async start(request: ChildRequest) {
      const child = await supervisor.start(request);
      children.push(child);
      return child;
    },
  };
  const generator = await startGenerator({ supervisor: remembering, ...options });
  generators.push(generator);
  return generator;
}

function window(durationMillis: number) {
  return { baseUrl: target.baseUrl, path: '/profile', connections: 4, credentialsKey: 'k', durationMillis };
}

describe('the load generator process', patience, () => {
  it('runs windows one after the other, with 2,000 credentials handed over once', async () => {
    const generator = await start();
    await generator.keepCredentials('k', bearerHeaders(2_000));
    for (const durationMillis of [300, 500]) {
      const before = target.requests();
      const result = await generator.runWindow(window(durationMillis));
      expect(result.durationMillis).toBeGreaterThanOrEqual(durationMillis - 1);
      expect(Math.abs(target.requests() - before - result.requests)).toBeLessThanOrEqual(4);
      const withoutLatency = result.requests - decodeLatencies(result.latencyHistogram).totalCount;
      expect(withoutLatency).toBeGreaterThan(0);
      expect(withoutLatency).toBeLessThanOrEqual(4);
      expect(result.generatorCpuMicros).toBeGreaterThan(0);
    }
  });

  it('keeps a background load up until it is stopped', async () => {
    const generator = await start();
    await generator.keepCredentials('k', bearerHeaders(10));
    const before = target.requests();
    await generator.startLoad([window(0)]);
    await vi.waitFor(() => expect(target.requests() - before).toBeGreaterThan(100), patience);
    const [load] = await generator.stopLoad();
    expect(load?.requests).toBeGreaterThan(50);
  });

  it('passes on what the generator refuses, and goes on', async () => {
    const generator = await start();
    await expect(generator.runWindow(window(50))).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'the load generator refused: no credentials are kept for k',
    });
    await generator.keepCredentials('k', bearerHeaders(1));
    await expect(generator.runWindow(window(50))).resolves.toMatchObject({ errors: 0 });
  });

  it('says so when the process is killed, at once, and ever after', async () => {
    const generator = await start();
    await generator.keepCredentials('k', bearerHeaders(1));
    const before = target.requests();
    const running = generator.runWindow(window(60_000));
    running.catch(() => undefined);
    await vi.waitFor(() => expect(target.requests()).toBeGreaterThan(before), patience);
    await children.at(-1)?.signal('SIGKILL');
    const crash = { code: 'ERR_PART_CRASHED', message: expect.stringMatching(/ended \(SIGKILL\)\. Find out/) };
    await expect(running).rejects.toMatchObject(crash);
    await expect(generator.stopLoad()).rejects.toMatchObject(crash);
  });

  it('says so when the process stands still', async () => {
    const generator = await start({ answerDeadlineMillis: 500 });
    await children.at(-1)?.signal('SIGSTOP');
    await expect(generator.stopLoad()).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'the load generator did not answer stop-load within 500 ms',
    });
  });

  it('says so when the program ends at once, with its last words, and leaves nothing in the folder', async () => {
    const missing = 'no-such-program.js';
    await expect(start({ entry: missing })).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining(missing),
    });
    expect(readdirSync(supervisor.folder).filter((name) => name.startsWith('generator-'))).toEqual([]);
  });

  it('can be closed twice', async () => {
    const generator = await start();
    await generator.close();
    await generator.close();
    await expect(generator.stopLoad()).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
  });
});
