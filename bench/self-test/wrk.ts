/** Windows by wrk, a load generator that shares no code with ours: https://github.com/wg/wrk. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { GeneratorWaiting } from '../environment/cores.ts';
import type { LabNode, Supervisor } from '../environment/environment.ts';
import { readUsage } from '../environment/node.ts';
import { findProgram } from '../environment/programs.ts';
import { type CredentialHeaders, CredentialPool } from '../load/credential-pool.ts';
import { wrkScript } from './wrk-script.ts';

/** What came of a window; the node's own counters beside it. */
export interface WrkWindow {
  /** Answered, as wrk counts them, in the time that wrk took for it. */
  readonly requests: number;
  readonly durationMillis: number;
  /** Anything but an answer with a status below 400. */
  readonly failures: number;
  /** By the node's account, with the connections that were made. */
  readonly nodeCpuMicrosPerRequest: number;
  /** 0 to 1; what wrk takes to start is in it. */
  readonly nodeEventLoopUtilisation: number;
}

export interface WrkOptions {
  readonly supervisor: Pick<Supervisor, 'folder' | 'start'>;
  /** Cores that it is pinned to. */
  readonly cores?: readonly number[] | undefined;
  readonly connections: number;
  /** Whole ones: wrk knows no others. */
  readonly windowSeconds: number;
}

/** Throws ERR_ENVIRONMENT with the remedy when wrk is not there. */
export async function demandWrk(): Promise<void> {
  if ((await findProgram('wrk')) !== null) return;
  const message = 'wrk is not on this machine. On Debian and Ubuntu: apt-get install -y wrk';
  throw new AuthlabError('ERR_ENVIRONMENT', message);
}

export class Wrk {
  readonly #options: WrkOptions;
  readonly #script: string;
  #files = 0;

  private constructor(options: WrkOptions, script: string) {
    this.#options = options;
    this.#script = script;
  }

  static async open(options: WrkOptions): Promise<Wrk> {
    await demandWrk();
    const script = join(options.supervisor.folder, 'wrk.lua');
    await writeFile(script, wrkScript);
    return new Wrk(options, script);
  }

  /** A file of the requests that the lab's own load would send there; it goes with the supervisor's folder. */
  async keepRequests(baseUrl: string, path: string, credentials: readonly CredentialHeaders[]): Promise<string> {
    const file = join(this.#options.supervisor.folder, `wrk-requests-${this.#files++}`);
    const requests = new CredentialPool(credentials).requestsTo(baseUrl, path);
    const zero = Buffer.alloc(1);
    await writeFile(file, Buffer.concat(requests.flatMap((request) => [request, zero])), { mode: 0o600 });
    return file;
  }

  /** One window. Throws ERR_PART_CRASHED when wrk ends without its line. */
  async run(node: LabNode, requestsFile: string, waiting: GeneratorWaiting): Promise<WrkWindow> {
    const { supervisor, cores, connections, windowSeconds } = this.#options;
    const before = await readUsage(node);
    const child = await supervisor.start({
      name: 'wrk',
      command: 'wrk',
      args: [
        ...['--threads', '1', '--connections', `${connections}`, '--duration', `${windowSeconds}s`],
        ...['--script', this.#script, node.baseUrl, '--', requestsFile, waiting === 'asleep' ? 'asleep' : 'awake'],
      ],
      givesWay: waiting === 'awake-giving-way',
      ...(cores && { cores }),
    });
    const line = await child.waitForOutput((text) => text.startsWith('{'), 1_000 * windowSeconds + 10_000);
    await child.ended;
    const after = await readUsage(node);
    const told = JSON.parse(line) as { requests: number; durationMicros: number; failures: number };
    const active = after.eventLoopActiveMillis - before.eventLoopActiveMillis;
    const idle = after.eventLoopIdleMillis - before.eventLoopIdleMillis;
    return {
      requests: told.requests,
      durationMillis: told.durationMicros / 1_000,
      failures: told.failures,
      // Each reading counts itself: of the two, one lies in between.
      nodeCpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / (after.requests - before.requests - 1),
      nodeEventLoopUtilisation: active / Math.max(active + idle, 1),
    };
  }
}
