/**
 * The watchdog: a process of its own, in a session of its own, that starts every child of the lab and outlives the lab
 * by a moment. When the channel to the lab closes, for whatever reason (SIGKILL included), it kills all children,
 * stopped ones too, removes the temporary folder and ends.
 *
 * Children stay in the watchdog's process group: whoever kills that group has killed them all, those included that the
 * lab has not yet heard of.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, LabMessage, OutputStream, WatchdogMessage } from './watchdog-protocol.ts';

/**
 * A killed child is gone in milliseconds: whoever takes longer hangs in the kernel and is not waited for. A clean-up
 * runs in a session of its own and goes on when the watchdog stops waiting for it.
 */
const closeDeadlineMillis = 1_500;
/** Output may be held open by a grandchild; the end of a child is reported without it after this long. */
const outputDeadlineMillis = 200;

const folder = mkdtempSync(join(tmpdir(), 'authlab-'));
const children = new Map<number, { process: ChildProcess; ended: Promise<void> }>();
let closing = false;

process.on('message', (message: LabMessage) => {
  if (message.type === 'start') start(message);
  else if (message.type === 'signal') signal(message);
  else void close();
});
process.on('disconnect', () => void close());
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void close());
process.on('uncaughtException', (error) => {
  process.exitCode = 1;
  console.error(error);
  void close();
});

// The lab may have died while this process was being loaded, before anyone listened for it.
if (process.connected) tell({ type: 'ready', folder });
else void close();

function start(request: Extract<LabMessage, { type: 'start' }>): void {
  const { child: id } = request;
  try {
    if (closing) throw new Error('the lab is closing');
    const child = spawnChild(request);
    // Without a process id its 'error' event tells why, a moment later.
    if (child.pid === undefined) return;
    children.set(id, { process: child, ended: reportEnd(child, id, request.cleanUp) });
    tell({ type: 'started', child: id, pid: child.pid });
  } catch (error) {
    tell({ type: 'refused', child: id, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Its output goes to a file, for whoever looks into a live run's folder, and to the lab. */
function spawnChild({ child: id, name, program, env }: Extract<LabMessage, { type: 'start' }>): ChildProcess {
  const file = openSync(join(folder, `${id}-${name.replaceAll(/[^\w.-]/g, '_')}.log`), 'a');
  const child = spawn(program.command, program.args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const keep = (stream: OutputStream) => (text: string) => {
    try {
      writeSync(file, text);
    } catch {
      // A full disk must not end the run: the lab has the output too.
    }
    tell({ type: 'output', child: id, stream, text });
  };
  child.stdout.setEncoding('utf8').on('data', keep('stdout'));
  child.stderr.setEncoding('utf8').on('data', keep('stderr'));
  child.once('close', () => closeSync(file));
  child.once('error', (error) => {
    if (child.pid === undefined) tell({ type: 'refused', child: id, reason: error.message });
  });
  return child;
}

async function reportEnd(child: ChildProcess, id: number, cleanUp: Command | null): Promise<void> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const [code, signalName] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('exit', (...end) => resolve(end)),
  );
  await Promise.race([closed, pause(outputDeadlineMillis)]);
  if (cleanUp !== null) await runCleanUp(cleanUp);
  children.delete(id);
  tell({ type: 'ended', child: id, code, signal: signalName });
}

async function runCleanUp({ command, args }: Command): Promise<void> {
  const cleaner = spawn(command, args, { detached: true, stdio: 'ignore' });
  await new Promise((resolve) => cleaner.once('exit', resolve).once('error', resolve));
}

/** Through the ChildProcess, which knows whether the child has been reaped: a reused process id is never hit. */
function signal(request: Extract<LabMessage, { type: 'signal' }>): void {
  children.get(request.child)?.process.kill(request.signal);
  tell({ type: 'signalled', request: request.request });
}

async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  const ends: Promise<void>[] = [];
  for (const { process: child, ended } of children.values()) {
    child.kill('SIGKILL');
    child.kill('SIGCONT');
    ends.push(ended);
  }
  await Promise.race([Promise.all(ends), pause(closeDeadlineMillis)]);
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } finally {
    killGroup();
    process.exit();
  }
}

/** Ends what children started and left behind, such as a Redis fork that rewrites its file; and this process with it. */
function killGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // Not the leader of a group: it was started by hand.
  }
}

function tell(message: WatchdogMessage): void {
  // The callback takes the error of a channel that closes meanwhile; 'disconnect' follows and ends everything.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
