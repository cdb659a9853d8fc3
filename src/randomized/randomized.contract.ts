/** A run of many commands, what a failing one is told by, and how it is played again. */

import fc from 'fast-check';
import { faults, poisoning } from './fault-steps.contract.ts';
import { Run } from './run.contract.ts';
import { scenarios } from './scenarios.contract.ts';
import { actions, type Step } from './steps.contract.ts';
import { Violation } from './violation.contract.ts';
import type { WorldOptions } from './world.contract.ts';

export const worldOptions: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.nat(),
  nodes: fc.constantFrom(2, 2, 3),
  replicas: fc.constantFrom(0 as const, 1 as const),
  graceMillis: fc.constantFrom(0, 2_000, 2_000),
  accessTokenMillis: fc.constantFrom(3_000, 30_000, 30_000),
});

const mostSteps = 24;

/** Two thirds of what is done are requests, one third faults and plots. */
export function stories(replayPath?: string): fc.Arbitrary<Iterable<Step>> {
  const steps = [...actions, ...actions, ...actions, ...faults, ...scenarios, poisoning];
  return fc.commands(steps, {
    maxCommands: mostSteps,
    size: 'max',
    ...(replayPath === undefined ? {} : { replayPath }),
  }) as fc.Arbitrary<Iterable<Step>>;
}

/** Plays a story to its end, and hands over the run. Throws what the judge says. */
export async function play(options: WorldOptions, story: Iterable<Step>): Promise<Run> {
  const run = new Run(options);
  try {
    await run.begin();
    await fc.asyncModelRun(() => ({ model: {}, real: run }), story);
    await run.end();
    return run;
  } finally {
    run.close();
  }
}

/** What was counted over all runs: a judge who has seen nothing has proved nothing. */
export interface Tally {
  runs: number;
  readonly outcomes: Record<string, number>;
  certainEnds: number;
  crashes: number;
}

export function newTally(): Tally {
  return { runs: 0, outcomes: {}, certainEnds: 0, crashes: 0 };
}

export function count(tally: Tally, { world }: Run): void {
  const { history, crashedAt } = world;
  tally.runs += 1;
  tally.crashes += crashedAt.length;
  tally.certainEnds += history.endings.filter(({ certainAt }) => certainAt !== null).length;
  for (const { kind, outcome } of history.exchanges) {
    const name = `${kind} ${outcome}`;
    tally.outcomes[name] = (tally.outcomes[name] ?? 0) + 1;
  }
}

/** The report of a run that failed: what was broken, the shortest story found, and the line that plays it again. */
export function tell(details: fc.RunDetails<[WorldOptions, Iterable<Step>]>): string {
  const { seed, counterexamplePath, counterexample, errorInstance, numRuns } = details;
  const [options, story] = counterexample ?? [];
  const words = String(story);
  const replay = /replayPath="([^"]*)"/.exec(words)?.[1] ?? '';
  const path = counterexamplePath ?? '';
  return [
    errorInstance instanceof Violation
      ? errorInstance.message
      : String((errorInstance as Error)?.stack ?? errorInstance),
    `in run ${numRuns} of seed ${seed}; the shortest story that shows it:`,
    `  ${JSON.stringify(options)}`,
    ...words.split(/(?<=ms\)),/).map((line) => `  ${line}`),
    'To play it again:',
    `  AUTHLAB_SEED=${seed} AUTHLAB_PATH='${path}' AUTHLAB_REPLAY='${replay}' npx vitest run --project unit src/randomized/randomized.test.ts`,
  ].join('\n');
}
