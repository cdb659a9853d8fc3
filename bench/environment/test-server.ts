/** Server processes of a test's own: gone with the test process whatever happens. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerHost, type ServerOptions, type ServerProcess, startServer } from './server-process.ts';
import { isRunning } from './test-processes.ts';

export type TestServer = ServerProcess;

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

export const testHost: ServerHost = {
  makeFolder: () => mkdtemp(join(tmpdir(), 'authlab-test-redis-')),
  async start(command, folder) {
    const shell = spawn('/bin/sh', ['-c', watchdog, 'watchdog', folder, ...command], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
    const pid = Number(await firstLine(shell));
    return {
      pid,
      get isRunning() {
        return isRunning(pid);
      },
      async end(what) {
        if (shell.stdin?.writable === true) shell.stdin.end(what === 'keep' ? 'keep\n' : undefined);
        await ended;
      },
    };
  },
};

/** Throws ERR_ENVIRONMENT_REDIS when this machine has no Redis or it does not start. */
export function startTestServer(options: ServerOptions): Promise<TestServer> {
  return startServer(testHost, options);
}

function firstLine(shell: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}
