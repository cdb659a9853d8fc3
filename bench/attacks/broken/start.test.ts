/** The program of the broken variants: for the lab alone, on the loopback alone. Needs the compiled program. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Supervisor } from '../../environment/environment.ts';
import { compiledFile } from '../../environment/programs.ts';
import { startSupervisor } from '../../environment/supervisor.ts';
import { inTheLab, labVariable, lifetimeVariable, portIn } from './protocol.ts';
import { startBrokenVariants } from './start.ts';
import { brokenName, mistakeNames } from './variants.ts';

// Each test starts a process, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 30_000 });

async function runAlone(env: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [compiledFile('bench/attacks/broken/serve.js')], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return { code, said };
  } finally {
    child.kill('SIGKILL');
  }
}

describe('the broken variants refuse to start', () => {
  test.each([
    ['outside the lab', { [lifetimeVariable]: '2' }, labVariable],
    ['when the lab is not named', { [labVariable]: '1', [lifetimeVariable]: '2' }, labVariable],
    ['without a lifetime', { [labVariable]: inTheLab }, lifetimeVariable],
  ])('%s', async (_, env, told) => {
    const { code, said } = await runAlone(env);
    expect(code).not.toBe(0);
    expect(said).toContain(told);
  });
});

describe('the broken variants', () => {
  let supervisor: Supervisor;
  beforeEach(async () => {
    supervisor = await startSupervisor();
  });
  afterEach(() => supervisor.close());

  test('are all served by one process, which nobody reaches but this machine', async () => {
    const { baseUrl, child } = await startBrokenVariants(supervisor, 2);
    for (const name of mistakeNames) {
      const { status } = await fetch(`${baseUrl}/${brokenName(name)}/profile`);
      expect([name, status]).toEqual([name, 401]);
    }
    // Another address of the loopback, where a server that listens everywhere would answer.
    await expect(fetch(baseUrl.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow();
    await child.stop();
    await expect(fetch(`${baseUrl}/${brokenName('no-expiry')}/profile`)).rejects.toThrow();
  });
});

describe('portIn', () => {
  test('hears nothing but the line that says it', () => {
    expect(portIn('{"event":"listening","port":4711}')).toBe(4711);
    for (const line of ['', 'listening on 4711', '{"event":"starting","port":4711}', '{"event":"listening"}']) {
      expect(portIn(line)).toBeNull();
    }
  });
});
