/** Servers of a run: their processes end with the lab, and their data lie in its folder. */

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Supervisor } from './environment.ts';
import type { ServerHost } from './server-process.ts';

/** `cores`: what all of them are pinned to; absent where the machine cannot. */
export function supervisedHost(supervisor: Supervisor, cores?: readonly number[]): ServerHost {
  return {
    makeFolder: () => mkdtemp(join(supervisor.folder, 'server-')),
    async start([command = '', ...args], folder) {
      const child = await supervisor.start({ name: 'redis', command, args, ...(cores && { cores }) });
      let isRunning = true;
      const ended = child.ended.then(() => {
        isRunning = false;
      });
      return {
        pid: child.pid,
        get isRunning() {
          return isRunning;
        },
        async end(what) {
          await child.signal('SIGKILL');
          await ended;
          if (what === 'remove') await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}
