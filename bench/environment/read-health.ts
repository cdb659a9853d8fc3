/** Looks at this machine for a second, and at the Redis that a run would use. */

import { readdir, readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { isAuthlabError } from '../../src/kernel/errors.ts';
import { planPinning } from './cores.ts';
import type { HealthFacts } from './health.ts';
import { openEnvironment } from './open-environment.ts';
import { UnfitRedis } from './redis-facts.ts';

const watchedMillis = 1_000;

/** Starts a private Redis, unless one is given, and stops it again. Throws what has nothing to do with Redis. */
export async function readHealth(options: {
  readonly redisUrl?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}): Promise<HealthFacts> {
  // Before anything is started here.
  const [loadAverage = 0] = loadavg();
  const [stolenShare, latestTimerMillis] = await watch();
  return {
    nodeVersion: process.version,
    cores: availableParallelism(),
    pinning: await planPinning(),
    governors: await readGovernors(),
    availableMemoryBytes: await readAvailableMemory(),
    loadAverage,
    stolenShare,
    latestTimerMillis,
    freeDiskBytes: await readFreeDisk(),
    redis: await readRedis(options),
  };
}

async function watch(): Promise<[number | null, number]> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const before = await readTimes();
  delays.enable();
  await pause(watchedMillis);
  delays.disable();
  const after = await readTimes();
  const stolen = before === null || after === null ? null : share(before, after);
  return [stolen, delays.max / 1e6];
}

interface Times {
  readonly stolen: number;
  readonly all: number;
}

function share(before: Times, after: Times): number {
  return (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
}

/** proc(5): user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user. */
async function readTimes(): Promise<Times | null> {
  const line = (await readOr('/proc/stat', '')).split('\n')[0] ?? '';
  const times = line.split(/\s+/).slice(1, 9).map(Number);
  const stolen = times[7];
  if (!line.startsWith('cpu') || stolen === undefined || times.some(Number.isNaN)) return null;
  return { stolen, all: times.reduce((sum, time) => sum + time, 0) };
}

async function readGovernors(): Promise<string[]> {
  const folder = '/sys/devices/system/cpu';
  const entries = await readdir(folder).catch(() => []);
  const cores = entries.filter((name) => /^cpu\d+$/.test(name));
  const found = await Promise.all(cores.map((core) => readOr(`${folder}/${core}/cpufreq/scaling_governor`, '')));
  return [...new Set(found.map((text) => text.trim()).filter((text) => text !== ''))].sort();
}

/** What the kernel could give, caches included; where it does not tell, what is free. */
async function readAvailableMemory(): Promise<number> {
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(await readOr('/proc/meminfo', ''))?.[1];
  return found === undefined ? freemem() : 1_024 * Number(found);
}

async function readFreeDisk(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  return bavail * bsize;
}

async function readRedis({
  redisUrl,
  env,
}: {
  readonly redisUrl?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}): Promise<HealthFacts['redis']> {
  try {
    const environment = await openEnvironment({ redisUrl, env, onNote: () => {} });
    await environment.close();
    return { facts: environment.redis.facts };
  } catch (error) {
    if (error instanceof UnfitRedis) return { fault: error.message, remedy: error.remedy };
    if (!isAuthlabError(error, 'ERR_ENVIRONMENT_REDIS')) throw error;
    const remedy =
      (redisUrl ?? env.REDIS_URL ?? '') === ''
        ? 'npm run setup installs one; REDIS_URL names one of your own.'
        : 'Start it there, or name another: --redis-url, or REDIS_URL. Without either, a run starts one of its own.';
    return { fault: error.message, remedy };
  }
}

async function readOr(file: string, otherwise: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => otherwise);
}
