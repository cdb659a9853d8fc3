/** Whole runs under which something breaks: how each ends, what it says, what it keeps, what it leaves. They need the compiled lab. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { readRun } from '../record/reader.ts';
import { expectNothingLeft, outcomeOf, type Phase, smoke, useLabProcess } from './run-interruptions.contract.ts';
import type { LabProcess } from './run-process.contract.ts';

interface Breakdown {
  readonly code: number;
  /** What the last words are to hold: the place and the remedy. */
  readonly says: RegExp;
  /** Done in the middle of a phase. */
  strike(lab: LabProcess): Promise<void> | void;
}

/** The newest: older ones may have done their work, and be about to be stopped. */
const kill = (program: string) => (lab: LabProcess) => {
  const pid = lab.running(program).at(-1);
  if (pid === undefined) throw new Error(`no ${program} is running`);
  process.kill(pid, 'SIGKILL');
};

const tellRedis =
  (...command: [string, ...string[]]) =>
  async (lab: LabProcess) => {
    const redis = new Redis(lab.redisUrl(), { maxRetriesPerRequest: 0 });
    try {
      await redis.call(...command);
    } finally {
      redis.disconnect();
    }
  };

/** What it writes its snapshot to is a folder: it fails, and the policy is then to take no writes any more. */
async function failToSave(lab: LabProcess): Promise<void> {
  const redis = new Redis(lab.redisUrl(), { maxRetriesPerRequest: 0 });
  try {
    const [, folder = ''] = (await redis.config('GET', 'dir')) as string[];
    const [, file = ''] = (await redis.config('GET', 'dbfilename')) as string[];
    mkdirSync(join(folder, file));
    await redis.config('SET', 'save', '3600 1');
    // While one that rewrites the log is under way there is no other.
    await vi.waitFor(() => redis.bgsave(), 10_000);
    await vi.waitFor(
      async () => expect(await redis.info('persistence')).toContain('rdb_last_bgsave_status:err'),
      10_000,
    );
  } finally {
    redis.disconnect();
  }
}

export const breakdowns = {
  'a node dies': {
    code: 5,
    // One that has just been started has no address yet.
    says: /node-\d+( at http:\/\/127\.0\.0\.1:\d+ \(.*\))? ended( in the middle of the run)? \(SIGKILL\)\. Find out what ended it/,
    strike: kill('src/server.js'),
  },
  'the generator dies': {
    code: 5,
    says: /the load generator ended \(SIGKILL\)\. Find out what ended it .*, and run again/,
    strike: kill('load/generator.js'),
  },
  'the watchdog dies': {
    code: 5,
    says: /the watchdog ended \(SIGKILL\)\. Find out what ended it .*, and run again/,
    strike: kill('environment/watchdog.js'),
  },
  'Redis dies': {
    code: 3,
    says: /Redis at 127\.0\.0\.1:\d+, which the lab had started, ended in the middle of the run \(SIGKILL\)/,
    strike: kill('redis-server'),
  },
  'the memory of Redis is full': {
    code: 3,
    says: /Redis at 127\.0\.0\.1:\d+ refuses writes \(OOM\): its memory is full; raise its maxmemory/,
    strike: tellRedis('CONFIG', 'SET', 'maxmemory', '1'),
  },
  'Redis cannot write to its disk': {
    code: 3,
    says: /Redis at 127\.0\.0\.1:\d+ refuses writes \(MISCONF\): it cannot write to its disk; free some space there/,
    strike: failToSave,
  },
  'Redis becomes a replica': {
    code: 3,
    says: /Redis at 127\.0\.0\.1:\d+ refuses writes \(READONLY\): it has become a replica; make it a primary again/,
    strike: tellRedis('REPLICAOF', '127.0.0.1', '1'),
  },
} as const satisfies Readonly<Record<string, Breakdown>>;

export type BreakdownName = keyof typeof breakdowns;

/** Each in the middle of a phase. */
export function describeBreakdowns(struck: readonly (readonly [BreakdownName, Phase])[]): void {
  describe('a run in which', { timeout: 180_000 }, () => {
    const process = useLabProcess();

    test.each(struck)(
      '%s while %s ends with its code and a remedy, and keeps what it measured',
      async (name, phase) => {
        const lab = process();
        const { code, says, strike } = breakdowns[name] as Breakdown;
        const ended = lab.start('run', smoke, '--runs', lab.runs);
        await lab.line(phase);
        // The nodes of that phase start with it: the first delivery is recorded when they are there.
        if (phase === 'measuring revocation') await vi.waitFor(() => expectRecorded(lab, 'DeliveryMeasured'), 60_000);
        await strike(lab);
        expect([await ended, lab.stderr]).toEqual([{ code, signal: null }, expect.stringMatching(says)]);
        await expectNothingLeft(lab);
        await expectKept(lab);
        expect(outcomeOf(lab)).toBe('failed');
      },
    );
  });
}

/** A file system of its own for the runs, so small that the test can fill it. Only root may mount one. */
export function describeFullDisk(phases: readonly Phase[]): void {
  describe.skipIf(process.getuid?.() !== 0)('a run whose disk is full', { timeout: 180_000 }, () => {
    const labOf = useLabProcess();

    test.each(phases)('while %s ends with its code and a remedy, and keeps what it measured', async (phase) => {
      const lab = labOf();
      mkdirSync(lab.runs);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', lab.runs]);
      try {
        const ended = lab.start('run', smoke, '--runs', lab.runs);
        await lab.line(phase);
        const filler = join(lab.runFolder(), 'filler');
        expect(() => writeFileSync(filler, Buffer.alloc(4_000_000))).toThrow('ENOSPC');
        expect([await ended, lab.stderr]).toEqual([
          { code: 4, signal: null },
          expect.stringContaining(`Cannot write to ${lab.runFolder()}: the disk is full; free some space`),
        ]);
        await expectNothingLeft(lab);
        rmSync(filler);
        await expectKept(lab);
        // The last event may be short enough for what is left.
        expect(['open', 'failed']).toContain(outcomeOf(lab));
      } finally {
        execFileSync('umount', [lab.runs]);
      }
    });
  });
}

function expectRecorded(lab: LabProcess, type: string): void {
  expect(readRun(lab.runFolder()).events.map((event) => event.type)).toContain(type);
}

/** The record is whole, up to the breakdown, and a report of it says that it is not the whole run. */
async function expectKept(lab: LabProcess): Promise<void> {
  const { events, torn } = readRun(lab.runFolder());
  expect([events[0]?.type, events.length > 1, torn]).toEqual(['RunStarted', true, false]);
  expect(lab.stderr).not.toMatch(/unexpected fault|^ {4}at /m);
  expect(await lab.start('report', lab.runFolder())).toEqual({ code: 0, signal: null });
  expect(lab.stdout).toMatch(/This run (was aborted|failed)/);
}
