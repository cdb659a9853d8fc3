/** Which cores each part of the lab runs on, so that server, load generator and Redis do not take each other's time. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MachineFacts } from '../record/run-events.ts';

export type Pinning = NonNullable<MachineFacts['pinning']>;
export type GeneratorWaiting = NonNullable<MachineFacts['generatorWaiting']>;

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

/**
 * How the load generator waits for answers while contestant and reference take turns. A server pays for waking it, so it
 * stays awake where that takes no time from anybody: on cores of its own, or, where Redis shares them, at a priority at
 * which Redis never waits for it. It sleeps where nothing is pinned, and where such a priority cannot be had.
 */
export async function planWaiting(pinning: Pinning | null): Promise<GeneratorWaiting> {
  if (pinning === null) return 'asleep';
  const waiting = waitingWith(pinning);
  return waiting === 'awake-giving-way' && !(await runs('chrt', idlePriority)) ? 'asleep' : waiting;
}

/** The same, where every priority can be had. */
export function waitingWith({ node, generator, redis }: Pinning): GeneratorWaiting {
  if (generator.some((core) => node.includes(core))) return 'asleep';
  return generator.some((core) => redis.includes(core)) ? 'awake-giving-way' : 'awake';
}

/** Arguments of `chrt` (util-linux): SCHED_IDLE, which anybody may choose, and which yields to all others at once. */
export const idlePriority = ['--idle', '0'] as const;

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

function canPinTo(cores: readonly number[]): Promise<boolean> {
  return runs('taskset', ['-c', cores.join(',')]);
}

/** Tries it: a sandbox may have such a program and forbid what it does. */
async function runs(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, [...args, 'true'], { timeout: 2_000 });
    return true;
  } catch {
    return false;
  }
}
