/** Whole runs that do not come to their end: what is kept, and that nothing is left running. They need the compiled lab. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRun } from '../record/reader.ts';
import { LabProcess } from './run-process.contract.ts';

export const smoke = join(import.meta.dirname, '../../scenarios/smoke.yaml');

export const phases = [
  'checking that contestants work',
  'logging in',
  'measuring cost',
  'measuring revocation',
] as const;

/** What the project promises: nothing is left this long after the end. */
const goneWithinMillis = 2_000;

/** A process of its own for every test of the file. */
export function useLabProcess(): () => LabProcess {
  let lab: LabProcess;
  beforeEach(() => {
    lab = new LabProcess();
  });
  afterEach(() => lab.remove());
  return () => lab;
}

export async function expectNothingLeft(lab: LabProcess): Promise<void> {
  await vi.waitFor(
    () => {
      expect(lab.living()).toEqual([]);
      expect(lab.leftovers()).toEqual([]);
    },
    { timeout: goneWithinMillis, interval: 20 },
  );
}

export function outcomeOf(lab: LabProcess): string {
  const last = readRun(lab.runFolder()).events.at(-1);
  return last?.type === 'RunEnded' ? last.outcome : 'open';
}

export type Phase = (typeof phases)[number];
type Signal = 'SIGINT' | 'SIGTERM';

export interface Interruptions {
  readonly interrupted: readonly (readonly [Phase, Signal])[];
  /** Signals that come a second time. */
  readonly twice: readonly Signal[];
  readonly killed: readonly Phase[];
}

export function describeInterruptions({ interrupted, twice, killed }: Interruptions): void {
  describe('a run that is ended', { timeout: 90_000 }, () => {
    const process = useLabProcess();

    test.each(interrupted)('while %s, by %s, keeps what it measured', async (phase, signal) => {
      const lab = process();
      const ended = lab.start('run', smoke, '--runs', lab.runs);
      await lab.line(phase);
      lab.signal(signal);
      expect(await ended).toEqual({ code: 130, signal: null });
      await expectNothingLeft(lab);
      expect(outcomeOf(lab)).toBe('aborted');
      expect(readFileSync(join(lab.runFolder(), 'report.md'), 'utf8')).toContain('aborted');
    });

    test.each(twice)('by a second %s ends at once', async (signal) => {
      const lab = process();
      const ended = lab.start('run', smoke, '--runs', lab.runs);
      await lab.line('logging in');
      lab.signal(signal);
      lab.signal(signal);
      expect((await ended).code).toBe(130);
      await expectNothingLeft(lab);
    });

    test.each(killed)('by SIGKILL while %s leaves nothing but a readable record', async (phase) => {
      const lab = process();
      const ended = lab.start('run', smoke, '--runs', lab.runs);
      await lab.line(phase);
      lab.signal('SIGKILL');
      expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
      await expectNothingLeft(lab);
      expect(outcomeOf(lab)).toBe('open');
      expect(await lab.start('report', lab.runFolder())).toEqual({ code: 0, signal: null });
      expect(lab.stdout).toContain('aborted');
    });
  });
}
