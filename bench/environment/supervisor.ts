/** The lab's side of the watchdog: starts children through it, and cleans up in its place should it be the one to die. */

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { idlePriority } from './cores.ts';
import type { ChildHandle, ChildRequest, Supervisor } from './environment.ts';
import { compiledFile, findProgram } from './programs.ts';
import type { SupervisedChild } from './supervised-child.ts';
import { WatchdogConnection } from './watchdog-connection.ts';
import type { Command } from './watchdog-protocol.ts';

/** How long children may take together to end of their own accord before they are killed. */
const closeGraceMillis = 5_000;

/**
 * Starts the watchdog. It runs until `close()` and keeps the lab's process alive until then.
 * @throws ERR_PART_CRASHED when it does not come up.
 */
export async function startSupervisor(
  options: { readonly watchdogPath?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Supervisor> {
  const watchdog = new WatchdogConnection(
    spawn(process.execPath, [options.watchdogPath ?? compiledFile('bench/environment/watchdog.js')], {
      // A session of its own: Ctrl-C in the terminal reaches the lab alone, which then ends its children in order.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: withoutSettings(options.env ?? process.env),
    }),
  );
  const folder = await watchdog.ready();
  return new WatchdogSupervisor(watchdog, folder);
}

/** What a child finds in its environment is what the lab gave it, not what the user's shell had set for other servers. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSetting = (name: string) =>
    name.startsWith('AUTHLAB_') || name.startsWith('VITEST') || name === 'REDIS_URL' || name === 'NODE_OPTIONS';
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)));
}

class WatchdogSupervisor implements Supervisor {
  readonly folder: string;
  readonly #watchdog: WatchdogConnection;
  readonly #started: SupervisedChild[] = [];
  #closed: Promise<void> | null = null;

  constructor(watchdog: WatchdogConnection, folder: string) {
    this.#watchdog = watchdog;
    this.folder = folder;
  }

  async start(request: ChildRequest): Promise<ChildHandle> {
    const program = await placed(request);
    const child = await this.#watchdog.startChild(request, program);
    this.#started.push(child);
    return child;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const deadline = performance.now() + closeGraceMillis;
    for (const child of this.#started.toReversed()) {
      // A watchdog that died has taken the children with it; what remains is to remove the folder.
      await child.stop(Math.max(0, deadline - performance.now())).catch(() => undefined);
    }
    await this.#watchdog.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}

/** `taskset` and `chrt` replace themselves by the program, so the process id stays the child's own. */
async function placed({ command, args, cores = [], givesWay = false }: ChildRequest): Promise<Command> {
  const path = await findProgram(command);
  if (path === null) throw new AuthlabError('ERR_ENVIRONMENT', `no program ${command} on this machine`);
  if (process.platform !== 'linux') return { command: path, args };
  const way = [
    ...(cores.length === 0 ? [] : ['taskset', '-c', cores.join(',')]),
    ...(givesWay ? ['chrt', ...idlePriority] : []),
  ];
  const [first = path, ...rest] = [...way, path, ...args];
  return { command: first, args: rest };
}
