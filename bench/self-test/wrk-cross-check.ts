/**
 * A developers' program: `node dist/bench/self-test/wrk-cross-check.js` measures one strategy of each family by wrk and by
 * the lab's own closed loop, on the same nodes with the same credentials, and prints whether a check leaves the same share of
 * the throughput and costs the same CPU by both, and what a wrk that sleeps costs the server: at most ten minutes on two
 * cores, in which nothing else may run. Flags, with what they are when they are not given, are below. What the lab measured is
 * kept as a run, with the rounds of both in its `cross-check.json`.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strategyNames, traitsOf } from '../../src/strategies/registry.ts';
import { clockText } from '../run/progress.ts';
import { runScenario } from '../run/run-scenario.ts';
import { pairStartMillis, warmUpEstimateMillis } from '../scenario/load-estimates.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { type CheckedRound, crossCheck } from './cross-check.ts';
import { crossCheckRow, crossCheckText, wakingCost } from './cross-check-table.ts';
import { type NumbersOf, type ProgramHands, runProgram } from './program.ts';
import { demandWrk } from './wrk.ts';

const flags = {
  rounds: { usually: 10, least: 2 },
  /** Of each window by wrk. */
  seconds: { usually: 1, least: 1 },
  /** Milliseconds of each window by the lab, of its ramp, and of the warm-up of each pair. */
  window: { usually: 500, least: 100 },
  ramp: { usually: 150, least: 0 },
  warmup: { usually: 1_500, least: 0 },
  credentials: { usually: 500, least: 1 },
  connections: { usually: 16, least: 1 },
  seed: { usually: 1, least: 0 },
} as const;

process.exitCode = await runProgram({ flags, main });

async function main(numbers: NumbersOf<typeof flags>, hands: ProgramHands): Promise<string> {
  await demandWrk();
  const startedAt = performance.now();
  const contestants = oneOfEachFamily();
  hands.progress.phase('the same strategies by wrk and by the lab', estimateMillis(contestants.length, numbers));
  let rounds: readonly CheckedRound[] = [];
  const { folder, fault } = await runScenario({
    scenario: scenarioOf(contestants, numbers),
    ...hands,
    work: async (lab) => {
      const { rounds: asked, seconds: windowSeconds, warmup: warmupMillis } = numbers;
      rounds = await crossCheck(lab, { contestants, rounds: asked, windowSeconds, warmupMillis });
    },
  });
  if (fault !== null) throw fault;
  writeFileSync(join(folder, 'cross-check.json'), `${JSON.stringify(rounds)}\n`);
  const rows = contestants.flatMap((name) => crossCheckRow(name, rounds) ?? []);
  const missing = contestants.filter((name) => !rows.some(({ contestant }) => contestant === name));
  return [
    crossCheckText(rows, wakingCost(rounds)),
    ...(missing.length === 0 ? [] : [`Nothing sound was measured of ${missing.join(', ')}.`]),
    `${clockText(performance.now() - startedAt)} minutes. The rounds: ${folder}`,
  ].join('\n\n');
}

/** The first of each, the reference too: against itself neither load generator may find a difference. */
function oneOfEachFamily(): readonly string[] {
  const byFamily = new Map<string, string>();
  for (const name of strategyNames()) {
    const { family } = traitsOf(name);
    if (!byFamily.has(family)) byFamily.set(family, name);
  }
  return [...byFamily.values()];
}

function scenarioOf(strategies: readonly string[], numbers: NumbersOf<typeof flags>): Scenario {
  const { window: windowMillis, ramp: rampMillis, warmup: warmupMillis, rounds, credentials, connections } = numbers;
  return scenarioSchema.parse({
    name: 'wrk-cross-check',
    question: 'Does another load generator find the same?',
    seed: numbers.seed,
    strategies,
    credentials,
    throughput: { rounds, windowMillis, rampMillis, warmupMillis, connections },
  });
}

/** From runs on a two-core machine; only the display of the time left depends on it. */
function estimateMillis(contestants: number, numbers: NumbersOf<typeof flags>): number {
  const perRound = 2 * (1_000 * numbers.seconds + 250) + 2.7 * (numbers.window + numbers.ramp) + 100;
  const warmUp = pairStartMillis + warmUpEstimateMillis(numbers.warmup);
  const asleep = numbers.rounds * (1_000 * numbers.seconds + 250);
  return contestants * (numbers.rounds * perRound + warmUp + 2 * numbers.credentials) + asleep;
}
