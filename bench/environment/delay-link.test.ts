/** The delay link as a process that is commanded, lost and ended. Needs the compiled link and watchdog. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { linkSocketVariable, linkTargetHostVariable, linkTargetPortVariable } from './delay-link-protocol.ts';
import type { Supervisor } from './environment.ts';
import { compiledFile } from './programs.ts';
import { startSupervisor } from './supervisor.ts';
import { DelayLinkTests } from './test-delay-link.ts';
import { isRunning } from './test-processes.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 30_000 };

const tests = new DelayLinkTests();
let supervisor: Supervisor;

beforeAll(async () => {
  supervisor = await startSupervisor();
});

afterEach(() => tests.close());

afterAll(() => supervisor.close());

describe('the delay link', patience, () => {
  it('is the target under another address', async () => {
    const link = await tests.start(supervisor, 'rediss://someone:hush-hush@localhost:6390/3?family=4');
    expect(link.url).toBe(`rediss://someone:hush-hush@127.0.0.1:${link.port}/3?family=4`);
  });

  it.each([-0.1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to add %s ms', async (addedMillis) => {
    const link = await tests.start(supervisor, 'redis://127.0.0.1:1');
    await expect(link.setAddedMillis(addedMillis)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
    await link.setAddedMillis(100);
  });

  it('refuses a target that is none, and starts nothing', async () => {
    const before = tests.children.length;
    await expect(tests.start(supervisor, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
    expect(tests.children).toHaveLength(before);
  });

  it('cuts its connections when it is closed under traffic, and can be closed twice', async () => {
    const link = await tests.start(supervisor, await tests.serveEcho());
    await link.setAddedMillis(5);
    const socket = await tests.dial(link);
    // An end or a reset tells of it, whichever the kernel had at hand.
    const closed = new Promise((resolve) => socket.on('end', () => socket.end()).once('close', resolve));
    socket.on('data', (chunk) => socket.write(chunk)).write('and so on');
    await once(socket, 'data');
    await link.close();
    await link.close();
    await closed;
    await expect(link.setAddedMillis(1)).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
  });

  it('says so when its process is killed, and when it stands still', async () => {
    const killed = await tests.start(supervisor, await tests.serveEcho());
    await tests.children.at(-1)?.signal('SIGKILL');
    const crash = { code: 'ERR_PART_CRASHED', message: expect.stringContaining('delay-link ended (SIGKILL)') };
    await expect(killed.setAddedMillis(1)).rejects.toMatchObject(crash);
    const stopped = await tests.start(supervisor, await tests.serveEcho(), { answerDeadlineMillis: 2_000 });
    await tests.children.at(-1)?.signal('SIGSTOP');
    await expect(stopped.setAddedMillis(1)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining('did not answer within 2000 ms'),
    });
  });

  it('says so when the program ends at once, with its last words', async () => {
    await expect(tests.start(supervisor, 'redis://127.0.0.1:1', { entry: 'no-such-program.js' })).rejects.toMatchObject(
      {
        code: 'ERR_PART_CRASHED',
        message: expect.stringContaining('no-such-program.js'),
      },
    );
  });

  it('ends by itself when nobody commands it any more', async () => {
    const socketPath = join(supervisor.folder, 'abandoned.sock');
    const child = await supervisor.start({
      name: 'delay-link',
      command: process.execPath,
      args: [compiledFile('bench/environment/delay-link-program.js')],
      env: { [linkSocketVariable]: socketPath, [linkTargetHostVariable]: '127.0.0.1', [linkTargetPortVariable]: '1' },
    });
    await child.waitForOutput(/listening/, 15_000);
    const lab = connect(socketPath);
    await once(lab, 'connect');
    lab.destroy();
    expect(await child.ended).toMatchObject({ code: 0 });
  });

  it('goes with its supervisor', async () => {
    const other = await startSupervisor();
    await tests.start(other, await tests.serveEcho());
    const child = tests.children.at(-1);
    await other.close();
    expect(child && isRunning(child.pid)).toBe(false);
  });
});
