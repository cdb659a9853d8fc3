/** A Redis of the lab's own: a program of this machine, on a free loopback port, with its data in the run's folder. */

import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import type { ChildHandle, Supervisor } from './environment.ts';
import { findProgram } from './programs.ts';
import { isNewEnough } from './redis-facts.ts';

export interface PrivateRedis {
  readonly url: string;
  readonly child: ChildHandle;
}

export interface PrivateRedisOptions {
  readonly supervisor: Supervisor;
  readonly searchPath?: string | undefined;
  readonly cores?: readonly number[] | undefined;
}

/** Either will do: Valkey is a fork of Redis 7.2 with the same commands. */
export const redisPrograms = ['redis-server', 'valkey-server'] as const;

/**
 * What the log needs: nothing is evicted, and what was acknowledged is on disk within a second. A snapshot
 * besides the append-only file would only add pauses in the middle of a measurement.
 */
export const redisPolicy = [
  ['--maxmemory-policy', 'noeviction'],
  ['--appendonly', 'yes'],
  ['--appendfsync', 'everysec'],
  ['--save', ''],
].flat();

export const readyLine = /ready to accept connections/i;

const startDeadlineMillis = 10_000;
/** Another process may take the port between its choice and its use. */
const startAttempts = 5;

/**
 * Starts the first program that is a Redis of version 7 or newer, or says why none was started.
 * @throws ERR_ENVIRONMENT_REDIS when a program that should do does not come up, with its last output.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis | { reasons: string[] }> {
  const reasons: string[] = [];
  for (const name of redisPrograms) {
    const path = await findProgram(name, options.searchPath);
    const reason = path === null ? `no ${name} on the PATH` : await whyNot(path);
    if (path !== null && reason === null) return startProgram(path, options);
    if (reason !== null) reasons.push(reason);
  }
  return { reasons };
}

/** A port of the loopback interface that was free a moment ago. Never 6379, which belongs to the machine's own Redis. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return port === 6379 ? freePort() : port;
}

/** Asks the program what it is: `Redis server v=7.0.15 …` or `Valkey server v=8.1.1 …`. */
async function whyNot(path: string): Promise<string | null> {
  let version: string | undefined;
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 2_000 });
    version = /^(?:Redis|Valkey) server v=(\S+)/.exec(stdout)?.[1];
  } catch {
    // It does not run or does not end: not what its name says.
  }
  if (version === undefined) return `${path} is not a Redis server`;
  return isNewEnough(version) ? null : `${path} is version ${version}, and authlab needs 7.0 or newer`;
}

async function startProgram(path: string, { supervisor, cores }: PrivateRedisOptions): Promise<PrivateRedis> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', supervisor.folder, ...redisPolicy];
    args.push('--appenddirname', `redis-${port}`, '--daemonize', 'no');
    const child = await supervisor.start({ name: 'redis', command: path, args, ...(cores && { cores }) });
    try {
      await child.waitForOutput(readyLine, startDeadlineMillis);
      return { url: `redis://127.0.0.1:${port}`, child };
    } catch (error) {
      await child.stop(0);
      const portTaken = /address already in use/i.test(await child.lastOutput(20));
      if (portTaken && attempt < startAttempts) continue;
      if (!isAuthlabError(error, 'ERR_PART_CRASHED')) throw error;
      throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `${path} could not be started: ${error.message}`);
    }
  }
}
