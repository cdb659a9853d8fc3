/** A server process of a test's own: its port, its temporary folder, gone with the test process whatever happens. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { isRunning } from './test-processes.ts';

export interface TestServer {
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
  /** Kills it and removes its folder. Safe to call twice. */
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly port: number;
  /** Lines of its configuration file, which it may write to. */
  readonly config?: readonly string[];
  /** `redis-server` arguments; they win over the file at every start. */
  readonly args: readonly string[];
}

/**
 * The shell holds the server as its child, prints its pid, and waits on a pipe that only this process holds open. A line
 * on the pipe kills the server; the end of the pipe, by intent or by the death of this process, removes the folder too.
 */
const watchdog = `
trap "" INT TERM HUP
folder=$1; shift
"$@" >/dev/null 2>&1 &
echo $!
read -r keep || rm=yes
kill -9 $!; wait $! 2>/dev/null
[ -z "$rm" ] || rm -rf "$folder"
`;

const startDeadlineMillis = 10_000;

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export async function startTestServer({ port, config = [], args }: TestServerOptions): Promise<TestServer> {
  const program = findProgram(['redis-server', 'valkey-server']);
  const folder = await mkdtemp(join(tmpdir(), 'authlab-test-redis-'));
  const file = join(folder, 'server.conf');
  await writeFile(file, config.map((line) => `${line}\n`).join(''));
  const command = [program, file, '--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...args];

  let running = await startProcess(folder, command, port);
  let answers = true;
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
    async restart() {
      answers = false;
      await running.end('keep');
      running = await startProcess(folder, command, port);
      answers = true;
    },
    async close() {
      answers = false;
      await running.end('remove');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface RunningProcess {
  readonly pid: number;
  /** Kills it; returns when it is gone. Its folder stays for the next start, or goes with it. */
  end(folder: 'keep' | 'remove'): Promise<void>;
}

async function startProcess(folder: string, command: readonly string[], port: number): Promise<RunningProcess> {
  const shell = spawn('/bin/sh', ['-c', watchdog, 'watchdog', folder, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  const end: RunningProcess['end'] = async (what) => {
    if (shell.stdin?.writable === true) shell.stdin.end(what === 'keep' ? 'keep\n' : undefined);
    await ended;
  };
  const pid = Number(await firstLine(shell));
  const deadline = performance.now() + startDeadlineMillis;
  while (!(await answersPing(port))) {
    if (isRunning(pid) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    await end('remove');
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `${command[0]} did not answer on 127.0.0.1:${port}`);
  }
  return { pid, end };
}

function firstLine(shell: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
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

function findProgram(names: readonly string[]): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new AuthlabError(
    'ERR_ENVIRONMENT_REDIS',
    `neither ${names.join(' nor ')} is on the PATH; run "npm run setup" to install one`,
  );
}

/**
 * Below the range that systems take for the near end of connections: a server that is away for a moment must not find
 * that its port has become one of those, nor a client that knocks in the meantime find itself.
 */
const lowestPort = 10_000;
const highestPort = 32_000;

/** Different ports of the loopback interface that are free now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const probes = new Map<number, Server>();
  while (probes.size < count) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    const probe = probes.has(port) ? null : await listenOn(port);
    if (probe !== null) probes.set(port, probe);
  }
  await Promise.all([...probes.values()].map((probe) => new Promise((resolve) => probe.close(resolve))));
  return [...probes.keys()];
}

function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => resolve(probe));
  });
}
