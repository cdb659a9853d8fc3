/** Children of the lab: started, heard, signalled, and gone with it in every way it can end. Needs the compiled watchdog. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { planPinning, planWaiting } from './cores.ts';
import type { ChildHandle, Supervisor } from './environment.ts';
import { compiledFile } from './programs.ts';
import { startSupervisor } from './supervisor.ts';
import { isRunning } from './test-processes.ts';

// Each test starts processes or makes keys, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 20_000 });

/** Says its name and then does nothing for longer than any test. */
const idle = "console.log('up'); setInterval(() => {}, 60_000);";
/** The same, and deaf to being asked to end. */
const stubborn = `process.on('SIGTERM', () => console.log('no')); ${idle}`;

/** Where /proc tells the state and the parent of a process. */
const linuxTest = test.skipIf(process.platform !== 'linux');

const opened: Supervisor[] = [];

afterEach(async () => {
  for (const supervisor of opened.splice(0)) await supervisor.close();
});

async function open(env?: NodeJS.ProcessEnv): Promise<Supervisor> {
  const supervisor = await startSupervisor(env === undefined ? {} : { env });
  opened.push(supervisor);
  return supervisor;
}

function startNode(supervisor: Supervisor, script: string, name = 'child'): Promise<ChildHandle> {
  return supervisor.start({ name, command: process.execPath, args: ['-e', script] });
}

async function startIdle(supervisor: Supervisor, script = idle): Promise<ChildHandle> {
  const child = await startNode(supervisor, script);
  await child.waitForOutput(/^up$/, 10_000);
  return child;
}

describe('a child', () => {
  test('is heard on both streams, and its output is kept in a file of the folder', async () => {
    const supervisor = await open();
    const child = await startNode(supervisor, "console.log('out'); console.error('err'); process.exitCode = 7;", 'a/b');
    await expect(child.ended).resolves.toMatchObject({ code: 7, signal: null });
    expect((await child.lastOutput(10)).split('\n').toSorted()).toEqual(['err', 'out']);
    expect(readFileSync(join(supervisor.folder, '1-a_b.log'), 'utf8')).toContain('out\n');
  });

  test('works in the folder, with its own environment and without the settings of the shell', async () => {
    const env = { ...process.env, AUTHLAB_REALM: 'theirs', REDIS_URL: 'redis://theirs', KEPT: 'kept' };
    const supervisor = await open(env);
    const child = await supervisor.start({
      name: 'env',
      command: process.execPath,
      args: ['-p', '[process.cwd(), process.env.AUTHLAB_REALM, process.env.REDIS_URL, process.env.KEPT].join()'],
      env: { REDIS_URL: 'redis://ours' },
    });
    await child.ended;
    expect(await child.lastOutput(1)).toBe(`${realpathSync(supervisor.folder)},,redis://ours,kept`);
  });

  test('that dies while it is waited for is a fault with its last words', async () => {
    const child = await startNode(await open(), "console.error('cannot bind'); process.exit(3);");
    await expect(child.waitForOutput(/ready/, 10_000)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'child ended (exit code 3); its last output:\ncannot bind',
    });
  });

  test('that does not say in time what is waited for is a fault too', async () => {
    const child = await startIdle(await open());
    await expect(child.waitForOutput(/ready/, 20)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining('did not answer within 20 ms'),
    });
  });

  test('of a program that is absent is refused by name', async () => {
    const absent = { name: 'absent', command: 'authlab-no-such-program', args: [] };
    await expect((await open()).start(absent)).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT',
      message: 'no program authlab-no-such-program on this machine',
    });
  });

  test('of a program that cannot run is refused by name', async () => {
    const supervisor = await open();
    const request = { name: 'huge', command: process.execPath, args: ['x'.repeat(4_000_000)] };
    await expect(supervisor.start(request)).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT',
      message: expect.stringMatching(/^cannot start huge: .*E2BIG/),
    });
    await expect(startIdle(supervisor)).resolves.toBeDefined();
  });

  test('is pinned to the cores it was given', async ({ skip }) => {
    const pinning = await planPinning();
    if (pinning === null) return skip('this machine cannot pin');
    const supervisor = await open();
    const script =
      "console.log(/Cpus_allowed_list:\\s*(\\S+)/.exec(require('fs').readFileSync('/proc/self/status'))[1])";
    const request = { name: 'pinned', command: process.execPath, args: ['-e', script], cores: pinning.redis };
    const child = await supervisor.start(request);
    await child.ended;
    expect(await child.lastOutput(1)).toBe(pinning.redis.join(','));
  });

  test('gives way to all others where it shall, on the same cores', async ({ skip }) => {
    const pinning = await planPinning();
    if (pinning === null) return skip('this machine cannot pin');
    const cores = pinning.redis;
    const waiting = await planWaiting({ ...pinning, generator: cores });
    if (waiting !== 'awake-giving-way') return skip('this machine has no idle priority');
    const supervisor = await open();
    // The 41st field of proc_pid_stat(5): 5 is SCHED_IDLE.
    const script =
      "console.log(require('fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[38], process.pid)";
    const request = { name: 'yielding', command: process.execPath, args: ['-e', script], cores, givesWay: true };
    const child = await supervisor.start(request);
    await child.ended;
    expect(await child.lastOutput(1)).toBe(`5 ${child.pid}`);
  });
});

describe('ending a child', () => {
  test('asks first, and tells how it ended', async () => {
    const child = await startIdle(await open());
    await child.stop();
    await expect(child.ended).resolves.toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(isRunning(child.pid)).toBe(false);
    await child.stop();
    await child.signal('SIGKILL');
  });

  test('insists after the grace', async () => {
    const child = await startIdle(await open(), stubborn);
    await child.stop(50);
    await expect(child.ended).resolves.toMatchObject({ signal: 'SIGKILL' });
  });

  linuxTest('reaches one that is stopped', async () => {
    const child = await startIdle(await open());
    await child.signal('SIGSTOP');
    await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8')).toMatch(/\) T /));
    await child.stop();
    await expect(child.ended).resolves.toMatchObject({ signal: 'SIGTERM' });
  });

  test('is followed by its clean-up before the end is reported', async () => {
    const supervisor = await open();
    const mark = join(supervisor.folder, 'cleaned');
    const cleanUp = { command: process.execPath, args: ['-e', `require('fs').writeFileSync('${mark}', '')`] };
    const request = { name: 'messy', command: process.execPath, args: ['-e', ''], cleanUp };
    await (await supervisor.start(request)).ended;
    expect(existsSync(mark)).toBe(true);
  });
});

describe('the end of everything', () => {
  test('closing ends all children, newest first, and removes the folder', async () => {
    const supervisor = await open();
    const children = [await startIdle(supervisor), await startIdle(supervisor), await startIdle(supervisor)];
    const order: number[] = [];
    for (const [index, child] of children.entries()) void child.ended.then(() => order.push(index));
    await supervisor.close();
    await supervisor.close();
    expect(order).toEqual([2, 1, 0]);
    expect(children.map((child) => isRunning(child.pid))).toEqual([false, false, false]);
    expect(existsSync(supervisor.folder)).toBe(false);
    await expect(startNode(supervisor, idle)).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
  });

  linuxTest('a watchdog that is killed takes the children with it, and everyone is told', async () => {
    const supervisor = await open();
    const child = await startIdle(supervisor);
    await child.signal('SIGSTOP');
    const watchdog = Number(/\) \w (\d+)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))?.[1]);
    process.kill(watchdog, 'SIGKILL');
    await expect(child.ended).resolves.toMatchObject({ code: null, signal: 'SIGKILL' });
    await vi.waitFor(() => expect(isRunning(child.pid)).toBe(false), { timeout: 2_000 });
    await expect(startNode(supervisor, idle)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringMatching(/^the watchdog ended \(SIGKILL\)\. Find out what ended it .*, and run again\.$/),
    });
    await supervisor.close();
    expect(existsSync(supervisor.folder)).toBe(false);
  });

  test('a watchdog that cannot start is a fault that shows why', async () => {
    await expect(startSupervisor({ watchdogPath: '/nowhere/watchdog.js' })).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining('/nowhere/watchdog.js'),
    });
  });

  linuxTest.each(['SIGKILL', 'SIGINT'] as const)('a lab that ends by %s leaves nothing behind', async (signal) => {
    const mark = join(mkdtempSync(join(tmpdir(), 'authlab-mark-')), 'cleaned');
    const lab = await startLab(mark);
    process.kill(lab.pid, signal);
    await vi.waitFor(
      () => {
        expect(lab.children.map(isRunning)).toEqual([false, false, false]);
        expect(existsSync(lab.folder)).toBe(false);
        expect(isRunning(lab.watchdog)).toBe(false);
      },
      { timeout: 2_000, interval: 20 },
    );
    expect(existsSync(mark)).toBe(true);
    rmSync(dirname(mark), { recursive: true });
  });
});

/** A process that does what the lab does: an idle child, one that will not end, and a stopped one with a clean-up. */
async function startLab(mark: string) {
  const program = `
    import { readFileSync } from 'node:fs';
    import { startSupervisor } from ${JSON.stringify(pathToFileURL(compiledFile('bench/environment/supervisor.js')))};
    const supervisor = await startSupervisor();
    const children = [];
    const start = async (script, options) => {
      const node = { name: 'child', command: process.execPath, args: ['-e', script] };
      const child = await supervisor.start({ ...node, ...options });
      await child.waitForOutput(/up/, 10_000);
      children.push(child);
    };
    await start(${JSON.stringify(idle)});
    await start(${JSON.stringify(stubborn)});
    await start(${JSON.stringify(idle)}, { cleanUp: { command: 'touch', args: [${JSON.stringify(mark)}] } });
    await children[2].signal('SIGSTOP');
    const pids = children.map((child) => child.pid);
    const watchdog = Number(/\\) \\w (\\d+)/.exec(readFileSync('/proc/' + pids[0] + '/stat', 'utf8'))[1]);
    console.log(JSON.stringify({ pid: process.pid, watchdog, folder: supervisor.folder, children: pids }));`;
  const lab = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(lab.stdout)) {
    return JSON.parse(line) as { pid: number; watchdog: number; folder: string; children: number[] };
  }
  throw new Error('the lab-like process ended early');
}
