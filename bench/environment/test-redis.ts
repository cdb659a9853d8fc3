/**
 * A private Redis for tests: own port, own temporary folder, gone with the test process whatever happens to it. Tests
 * of the log pause, kill and restart it, which nobody may do to a Redis they did not start.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';

export interface TestRedisOptions {
  /** Keeps the data across `restart()`, every write synced. Without it a restart brings back an empty server. */
  readonly appendonly?: boolean;
  /** Further `redis-server` arguments. */
  readonly args?: readonly string[];
}

export interface TestRedis {
  readonly url: string;
  readonly port: number;
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

/**
 * The shell holds Redis as its child, prints its pid, and waits on a pipe that only this process holds open. A line on
 * the pipe kills Redis; the end of the pipe, by intent or by the death of this process, removes the folder as well.
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
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const program = findProgram(['redis-server', 'valkey-server']);
  const folder = await mkdtemp(join(tmpdir(), 'authlab-test-redis-'));
  const port = await freePort();
  const persistence = options.appendonly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const command = [program, '--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...persistence];
  command.push('--maxmemory-policy', 'noeviction', ...(options.args ?? []));

  let server = await startServer(folder, command, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    kill: () => server.end('keep'),
    async restart() {
      await server.end('keep');
      server = await startServer(folder, command, port);
    },
    async close() {
      await server.end('remove');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Server {
  readonly pid: number;
  /** Kills it; returns when it is gone. Its folder stays for the next start, or goes with it. */
  end(folder: 'keep' | 'remove'): Promise<void>;
}

async function startServer(folder: string, command: readonly string[], port: number): Promise<Server> {
  const shell = spawn('/bin/sh', ['-c', watchdog, 'watchdog', folder, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  const end: Server['end'] = async (what) => {
    if (what === 'keep') shell.stdin?.end('keep\n');
    else shell.stdin?.end();
    await ended;
  };
  const pid = await firstLine(shell);
  const deadline = performance.now() + startDeadlineMillis;
  while (!(await answers(port))) {
    if (performance.now() > deadline) {
      await end('remove');
      throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `${command[0]} did not answer on 127.0.0.1:${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { pid: Number(pid), end };
}

function firstLine(shell: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

/** Whether a `PING` is answered, if only with the demand for a password: an open port may still be loading its data. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('data', (reply) => finish(/^(?:\+PONG|-NOAUTH)/.test(reply.toString())));
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
