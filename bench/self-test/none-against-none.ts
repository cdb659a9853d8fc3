/**
 * A developers' program: `node dist/bench/self-test/none-against-none.js` records comparisons of the reference with itself
 * over several pairs of fresh processes, by the steps of a run, and prints how often they say anything but *cannot tell*,
 * how often their intervals hold the truth, and by how much processes that do the same differ; it ends 1 where they say too
 * much. About 22 minutes, in which nothing else may run. Each pair of processes is a run under `--runs`: `coverage-of.js` prints the same of them again.
 */

import { seededFraction } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import { readRun } from '../record/reader.ts';
import { referencePairsOf } from '../report/coverage.ts';
import { coverageFaults, coverageReport } from '../report/coverage-report.ts';
import type { Lab } from '../run/lab.ts';
import { perform } from '../run/perform.ts';
import { clockText } from '../run/progress.ts';
import { runScenario } from '../run/run-scenario.ts';
import { balancedOrders } from '../scenario/orders.ts';
import { planRun, type RunPlan } from '../scenario/plan.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { type NumbersOf, type ProgramHands, runProgram } from './program.ts';

const flags = {
  /** Pairs of fresh processes; comparisons by each; rounds of each comparison. */
  processes: { usually: 10, least: 1 },
  comparisons: { usually: 20, least: 1 },
  rounds: { usually: 8, least: 2 },
  /** Milliseconds, as in the scenario `quick`, but for the ramp: here no process stands idle between its pairs. */
  window: { usually: 250, least: 100 },
  ramp: { usually: 50, least: 0 },
  slice: { usually: 50, least: 5 },
  warmup: { usually: 1_500, least: 0 },
  credentials: { usually: 200, least: 1 },
  seed: { usually: 1, least: 0 },
} as const;

process.exitCode = await runProgram({ flags, main });

async function main(numbers: NumbersOf<typeof flags>, hands: ProgramHands): Promise<string> {
  const startedAt = performance.now();
  const folders: string[] = [];
  const quietly = { ...hands, progress: { ...hands.progress, phase: () => {} } };
  for (let pair = 0; pair < numbers.processes; pair += 1) {
    const scenario = scenarioOf(numbers, numbers.seed + pair);
    const left = (numbers.processes - pair) * (planOf(scenario, numbers).estimateMillis + 3_000);
    hands.progress.phase(`pair of processes ${pair + 1} of ${numbers.processes}`, left);
    const work = (lab: Lab) => perform(lab, planOf(scenario, numbers));
    const { folder, fault } = await runScenario({ scenario, ...quietly, work });
    if (fault !== null) throw fault;
    folders.push(folder);
  }
  const runs = folders.map((folder) => referencePairsOf(readRun(folder)));
  const faults = coverageFaults(runs, numbers.rounds);
  if (faults.length > 0) process.once('exit', () => (process.exitCode = 1));
  return [
    coverageReport(runs, numbers.rounds),
    faults.length === 0 ? 'The reference does not differ from itself.' : faults.join(' '),
    `${clockText(performance.now() - startedAt)} minutes. The runs: ${folders.join(' ')}`,
  ].join('\n\n');
}

/** The reference is in every run: with no strategy beside it, it alone is measured. */
function scenarioOf(
  { window: windowMillis, ramp, slice, warmup, ...numbers }: NumbersOf<typeof flags>,
  seed: number,
): Scenario {
  const throughput = { windowMillis, rampMillis: ramp, sliceMillis: slice, warmupMillis: warmup };
  const scenario = scenarioSchema.parse({
    name: 'none-against-none',
    question: 'Does the reference differ from itself?',
    seed,
    strategies: ['none'],
    credentials: numbers.credentials,
    throughput,
  });
  const rounds = numbers.comparisons * numbers.rounds;
  return { ...scenario, strategies: [], throughput: scenario.throughput && { ...scenario.throughput, rounds } };
}

/** One comparison after the other, each with as many pairs of either order as a run of its own would have. */
function planOf(scenario: Scenario, { comparisons, rounds }: NumbersOf<typeof flags>): RunPlan {
  const plan = planRun(scenario, (strategy) => traitsOf(strategy).bound);
  const fraction = seededFraction(scenario.seed);
  const orders = Array.from({ length: comparisons }, () => balancedOrders(rounds, fraction)).flat();
  const steps = plan.steps.map((step) =>
    step.kind === 'pair' ? { ...step, order: orders[step.round - 1] ?? step.order } : step,
  );
  return { ...plan, steps };
}
