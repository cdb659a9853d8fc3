/** Invented runs with a sweep: every level is an invented run of its own. */

import type { LinkMeasured } from '../record/link-events.ts';
import type { RunEvent } from '../record/run-events.ts';
import { type ExampleOptions, exampleRun } from './example-run.ts';
import type { Sweep } from './summarise/sweep.ts';

export interface ExampleSweepOptions extends ExampleOptions {
  /** Who pays more from level to level. */
  readonly payer?: string;
}

/** The payer's check costs `added` microseconds more for each unit of the level. */
export function exampleSweepRecord(
  sweep: Sweep,
  added = 0,
  { payer = 'session', ...options }: ExampleSweepOptions = {},
): string {
  const { strategies = ['session', 'jwt-hs256'], rounds = 10 } = options;
  const [start, ...first] = exampleRun({ ...options, strategies, rounds, seed: 1 });
  if (start?.type !== 'RunStarted') throw new RangeError('A run begins with RunStarted.');
  const ended = first.pop();
  const { tokenSize: _sizes, ...scenario } = start.scenario;
  const events = sweep.levels.flatMap((level, index): RunEvent[] => [
    ...(sweep.factor === 'added-rtt-millis' ? [{ ...exampleLinkMeasured(level), level }] : []),
    ...exampleRun({ ...options, strategies, rounds, seed: index + 2 })
      .filter((event) => !['RunStarted', 'RunEnded', 'SizeMeasured'].includes(event.type))
      .map((event) => ({ ...dearer(event, payer, added * level), level })),
  ]);
  return [{ ...start, scenario: { ...scenario, sweep } }, ...events, ended]
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
}

/** A link that adds what it was asked for and 0.15 ms of its own. */
export function exampleLinkMeasured(level: number): LinkMeasured {
  const micros = (own: number) => Array.from({ length: 1_000 }, (_, pair) => own + (pair % 7));
  return {
    type: 'LinkMeasured',
    at: '2026-01-15T10:15:30.000Z',
    addedMillisAsked: level,
    directMicros: micros(60),
    linkMicros: micros(210 + 1_000 * level),
  };
}

function dearer(event: RunEvent, payer: string, micros: number): RunEvent {
  if (event.type !== 'PairMeasured' || event.contestant !== payer) return event;
  const { contestantSample } = event;
  const nodeCpuMicros = contestantSample.nodeCpuMicros + micros * contestantSample.requests;
  return { ...event, contestantSample: { ...contestantSample, nodeCpuMicros } };
}
