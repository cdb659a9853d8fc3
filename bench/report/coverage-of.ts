/**
 * A developers' program: `node dist/bench/report/coverage-of.js <run folder>...` prints how often the 95 % intervals of
 * simulated runs over the reference pairs of these runs hold the truth (93 to 97 % they should), and how many comparisons
 * of the reference with itself, recorded and simulated, say anything but *cannot tell* (at most 8 %).
 */

import { seededFraction } from '../../src/kernel/random.ts';
import { readRun } from '../record/reader.ts';
import { coverageOf, recordedVerdicts, referencePairsOf } from './coverage.ts';
import { fixed } from './format.ts';
import { markdownTable } from './markdown-table.ts';

const simulations = 4_000;
/** Of a short run, of the scenario `throughput`, and of a longer one. */
const roundsTried = [8, 12, 20, 24];

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('Usage: node dist/bench/report/coverage-of.js <run folder>...\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${reportOn(folders)}\n`);
}

function reportOn(runFolders: readonly string[]): string {
  const runs = runFolders.map((folder) => referencePairsOf(readRun(folder)));
  const pairs = runs.flat();
  const rows = roundsTried.map((rounds) => {
    const coverage = coverageOf(pairs, { rounds, simulations, random: seededFraction(rounds) });
    const recorded = runs.map((own) => recordedVerdicts(own, rounds));
    const total = (of: 'comparisons' | 'falseVerdicts') => recorded.reduce((sum, run) => sum + run[of], 0);
    return [
      `${rounds}`,
      percentage(coverage.costShare),
      percentage(coverage.throughputShare),
      percentage(coverage.falseVerdictShare),
      `${total('falseVerdicts')} of ${total('comparisons')}`,
    ];
  });
  const heading = ['rounds', 'cost covered', 'throughput covered', 'false verdicts', 'false verdicts, recorded'];
  return [
    `${pairs.length} pairs of ${runs.length} runs, ${simulations} simulations a row.`,
    markdownTable(heading, rows),
  ].join('\n\n');
}

function percentage(share: number): string {
  return `${fixed(100 * share, 1)} %`;
}
