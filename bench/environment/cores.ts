/** Which cores each part of the lab runs on, so that server, load generator and Redis do not take each other's time. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MachineFacts } from '../record/run-events.ts';

export type Pinning = NonNullable<MachineFacts['pinning']>;

/** Threads of execution that share one physical core, by their numbers. */
export type PhysicalCore = readonly number[];

/**
 * The plan for this machine, or null where it cannot be carried out: not Linux, no `taskset` that works, or fewer than
 * two cores that this process may use.
 */
export async function planPinning(): Promise<Pinning | null> {
  const cores = await allowedCores();
  const pinning = spreadOver(await groupByPhysicalCore(cores));
  return pinning !== null && (await canPinTo(pinning.redis)) ? pinning : null;
}

/**
 * Nodes, generator and Redis apart where there are three physical cores; with two, generator and Redis share one; a
 * single core with two threads is divided by thread, which is better than nothing. Null with a single thread.
 */
export function spreadOver(cores: readonly PhysicalCore[]): Pinning | null {
  const parts = cores.length === 1 ? (cores[0] ?? []).map((thread) => [thread]) : cores;
  const redis = parts.at(-1);
  const generator = parts.length > 2 ? parts.at(-2) : redis;
  const node = parts.slice(0, Math.max(1, parts.length - 2)).flat();
  return redis === undefined || generator === undefined || parts.length < 2 ? null : { node, generator, redis };
}

/** Whether nobody waits when the load generator never sleeps: neither nodes nor Redis need a core of its own. */
export function generatorStandsApart(pinning: Pinning | null): boolean {
  return pinning?.generator.every((core) => !pinning.node.includes(core) && !pinning.redis.includes(core)) ?? false;
}

/** Reads a kernel's list of numbers: `0-2,5` is 0, 1, 2, 5. */
export function parseCoreList(list: string): number[] {
  return list
    .trim()
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
    });
}

/** Cores that this process may use, which can be fewer than the machine has. Empty where the system does not tell. */
async function allowedCores(): Promise<number[]> {
  try {
    const status = await readFile('/proc/self/status', 'utf8');
    return parseCoreList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
  } catch {
    return [];
  }
}

async function groupByPhysicalCore(cores: readonly number[]): Promise<PhysicalCore[]> {
  const groups = new Map<string, number[]>();
  for (const core of cores) {
    const siblings = await siblingsOf(core);
    groups.set(siblings, [...(groups.get(siblings) ?? []), core]);
  }
  return [...groups.values()];
}

/** The kernel's name for the physical core; without one each thread counts as a core. */
async function siblingsOf(core: number): Promise<string> {
  try {
    return await readFile(`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`, 'utf8');
  } catch {
    return String(core);
  }
}

/** Tries it: a sandbox may have `taskset` and forbid what it does. */
async function canPinTo(cores: readonly number[]): Promise<boolean> {
  try {
    await promisify(execFile)('taskset', ['-c', cores.join(','), 'true'], { timeout: 2_000 });
    return true;
  } catch {
    return false;
  }
}
