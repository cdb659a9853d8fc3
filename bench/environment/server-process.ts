/** A Redis or Sentinel process of one's own, on its port and in its folder: it can be paused, killed and started again. */

import { readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { redisPrograms } from './private-redis.ts';
import { findProgram } from './programs.ts';

export interface ServerProcess {
  readonly port: number;
  /** Of the process that runs or ran last. */
  readonly pid: number;
  /** Neither paused nor killed by these methods. */
  readonly answers: boolean;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGKILL; returns when it is gone. */
  kill(): Promise<void>;
  /** Kills it if it runs, starts it again on the same port and folder; returns when it answers. */
  restart(): Promise<void>;
  /** The same, after everything that it has written is gone. */
  restartEmpty(): Promise<void>;
  /** Kills it and removes its folder. Safe to call twice. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly port: number;
  /** Lines of its configuration file, which it may write to. */
  readonly config?: readonly string[];
  /** `redis-server` arguments; they win over the file at every start. */
  readonly args: readonly string[];
}

/** Who starts the processes, and sees to it that none outlives the program that asked for it. */
export interface ServerHost {
  /** A folder that goes with that program at the latest. */
  makeFolder(): Promise<string>;
  start(command: readonly string[], folder: string): Promise<HostedProcess>;
}

export interface HostedProcess {
  readonly pid: number;
  readonly isRunning: boolean;
  /** Kills it (SIGKILL); returns when it is gone. Its folder stays for the next start, or goes with it. */
  end(folder: 'keep' | 'remove'): Promise<void>;
}

const configFile = 'server.conf';
const startDeadlineMillis = 10_000;

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export async function startServer(host: ServerHost, options: ServerOptions): Promise<ServerProcess> {
  const { port, config = [], args } = options;
  const program = await redisProgram();
  const folder = await host.makeFolder();
  const file = join(folder, configFile);
  const writeConfig = () => writeFile(file, config.map((line) => `${line}\n`).join(''));
  const command = [program, file, '--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...args];

  await writeConfig();
  let running = await startProcess(host, command, folder, port);
  let answers = true;
  const startAgain = async (prepare: () => Promise<void>): Promise<void> => {
    answers = false;
    await running.end('keep');
    await prepare();
    running = await startProcess(host, command, folder, port);
    answers = true;
  };
  return {
    port,
    get pid() {
      return running.pid;
    },
    get answers() {
      return answers;
    },
    pause() {
      answers = false;
      process.kill(running.pid, 'SIGSTOP');
    },
    resume() {
      answers = true;
      process.kill(running.pid, 'SIGCONT');
    },
    kill() {
      answers = false;
      return running.end('keep');
    },
    restart: () => startAgain(async () => undefined),
    restartEmpty: () =>
      startAgain(async () => {
        await emptyFolder(folder);
        await writeConfig();
      }),
    async close() {
      answers = false;
      await running.end('remove');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(
  host: ServerHost,
  command: readonly string[],
  folder: string,
  port: number,
): Promise<HostedProcess> {
  const started = await host.start(command, folder);
  const deadline = performance.now() + startDeadlineMillis;
  while (!(await answersPing(port))) {
    if (started.isRunning && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    await started.end('remove');
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `${command[0]} did not answer on 127.0.0.1:${port}`);
  }
  return started;
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Whether a `PING` is answered, if only with the demand for a password: an open port may still be loading its data. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('data', (reply) => finish(/^(?:\+PONG|-NOAUTH|-MASTERDOWN)/.test(reply.toString())));
  });
}

async function redisProgram(): Promise<string> {
  for (const name of redisPrograms) {
    const path = await findProgram(name);
    if (path !== null) return path;
  }
  throw new AuthlabError(
    'ERR_ENVIRONMENT_REDIS',
    `neither ${redisPrograms.join(' nor ')} is on the PATH; run "npm run setup" to install one`,
  );
}
