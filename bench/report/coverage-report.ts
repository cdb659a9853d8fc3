/** What pairs of the reference with itself say of the instrument: coverage, false verdicts, and what processes differ by. */

import { seededFraction } from '../../src/kernel/random.ts';
import type { PairMeasured } from '../record/run-events.ts';
import { type BetweenGroups, betweenGroups, widening } from '../statistics/between-groups.ts';
import { comparisonsIn, coverageOf, coverageWithinRuns, estimatesOf, recordedVerdicts } from './coverage.ts';
import { differenceWithInterval, fixed } from './format.ts';
import { markdownTable } from './markdown-table.ts';

/** Of a short run, of longer ones, and of the scenario `throughput`. */
const roundsTried = [8, 12, 16, 20];

/**
 * @param runs The sound pairs of each run, which has a pair of processes of its own.
 * @param rounds Of the comparisons by which the processes are compared.
 * @param simulations Runs that are drawn, for each row.
 */
export function coverageReport(runs: readonly (readonly PairMeasured[])[], rounds = 8, simulations = 4_000): string {
  const pairs = runs.flat();
  const optionsOf = (tried: number) => ({ rounds: tried, simulations, random: seededFraction(tried) });
  return [
    `${fixed(pairs.length, 0)} pairs of ${runs.length} runs, ${fixed(simulations, 0)} simulations a row. 95 % intervals ` +
      'should hold the truth, no difference, in 93 to 97 %; at most 8 % of the comparisons should say anything but ' +
      '*cannot tell*.',
    'As they were recorded:',
    markdownTable(['rounds', 'comparisons', 'cost covered', 'throughput covered', 'false verdicts'], recorded(runs)),
    'Drawn again and again, of all pairs mirrored, with processes that differ as much as every interval allows for:',
    markdownTable(
      simulatedHeading,
      roundsTried.map((tried) => rowOf(tried, coverageOf(pairs, optionsOf(tried)))),
    ),
    'Drawn again and again, each time from one pair of processes, as they are:',
    markdownTable(
      simulatedHeading,
      roundsTried.map((tried) => rowOf(tried, coverageWithinRuns(runs, optionsOf(tried)))),
    ),
    ...processText(runs, rounds),
  ].join('\n\n');
}

/** Of recorded comparisons that say anything but *cannot tell*; of intervals of simulated runs that hold the truth. */
const limits = { falseVerdictShare: 0.08, coverage: 0.93 } as const;

/**
 * What of that is not kept, as sentences; empty where all is. Of recorded comparisons over so many rounds, and of runs that
 * are simulated of their pairs. Of a few comparisons that says little: two hundred are meant.
 */
export function coverageFaults(
  runs: readonly (readonly PairMeasured[])[],
  rounds = 8,
  simulations = 4_000,
): readonly string[] {
  const verdicts = runs.map((own) => recordedVerdicts(own, rounds));
  const comparisons = verdicts.reduce((sum, one) => sum + one.comparisons, 0);
  if (comparisons === 0) return [`There is no comparison over ${rounds} rounds.`];
  const falseVerdicts = verdicts.reduce((sum, one) => sum + one.falseVerdicts, 0);
  const simulated = coverageOf(runs.flat(), { rounds, simulations, random: seededFraction(rounds) });
  const covered = Math.min(simulated.costShare, simulated.throughputShare);
  return [
    ...(falseVerdicts / comparisons > limits.falseVerdictShare
      ? [`${falseVerdicts} of ${comparisons} comparisons say something where there is nothing to say.`]
      : []),
    ...(covered < limits.coverage
      ? [`Intervals over ${rounds} rounds hold the truth in ${percentage(covered)} only.`]
      : []),
  ];
}

const simulatedHeading = ['rounds', 'cost covered', 'throughput covered', 'false verdicts'];

function rowOf(rounds: number, { costShare, throughputShare, falseVerdictShare }: ReturnType<typeof coverageOf>) {
  return [`${rounds}`, percentage(costShare), percentage(throughputShare), percentage(falseVerdictShare)];
}

function recorded(runs: readonly (readonly PairMeasured[])[]): string[][] {
  return roundsTried.map((rounds) => {
    const verdicts = runs.map((own) => recordedVerdicts(own, rounds));
    const total = (of: keyof (typeof verdicts)[number]) => verdicts.reduce((sum, run) => sum + run[of], 0);
    const comparisons = total('comparisons');
    const share = (of: 'costCovered' | 'throughputCovered' | 'falseVerdicts') =>
      comparisons === 0 ? '-' : `${total(of)} (${percentage(total(of) / comparisons)})`;
    return [`${rounds}`, `${comparisons}`, share('costCovered'), share('throughputCovered'), share('falseVerdicts')];
  });
}

/** Nothing where there are no several pairs of processes with several comparisons each. */
function processText(runs: readonly (readonly PairMeasured[])[], rounds: number): string[] {
  const compared = runs.map((pairs) => comparisonsIn(pairs, rounds).flatMap((one) => estimatesOf(one) ?? []));
  const fewest = Math.min(...compared.map(({ length }) => length));
  // A pair that was not sound leaves its run a comparison short: all are cut to the same number.
  const even = compared.map((own) => own.slice(0, fewest));
  const costs = betweenGroups(even.map((own) => own.map(({ costMicros }) => costMicros)));
  const ratios = betweenGroups(even.map((own) => own.map(({ logRatio }) => 100 * logRatio)));
  if (costs === null || ratios === null) return [];
  return [
    `Between ${costs.groups} pairs of processes, each compared ${costs.perGroup} times over ${rounds} rounds; standard ` +
      'deviations. What the processes differ by themselves no number of rounds of one pair of them can show:',
    markdownTable(
      ['', 'mean', 'between pairs', 'by noise alone', 'of the processes', 'p', 'of one comparison', 'widening'],
      [
        ['cost, µs', ...processRow(costs)],
        ['throughput, %', ...processRow(ratios)],
      ],
    ),
  ];
}

function processRow(found: BetweenGroups): string[] {
  const { mean, observedDeviation, expectedDeviation, ownDeviation, pValue, withinDeviation } = found;
  const deviations = [observedDeviation, expectedDeviation, ownDeviation].map((deviation) => fixed(deviation, 2));
  return [
    differenceWithInterval(mean, 2),
    ...deviations,
    pValue < 0.0001 ? 'under 0.0001' : fixed(pValue, 4),
    fixed(withinDeviation, 2),
    `${fixed(widening(found), 2)}`,
  ];
}

function percentage(share: number): string {
  return `${fixed(100 * share, 1)} %`;
}
