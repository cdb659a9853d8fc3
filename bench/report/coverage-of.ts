/**
 * A developers' program: `node dist/bench/report/coverage-of.js <run folder>...` prints how often the 95 % intervals of
 * simulated runs over the reference pairs of these runs hold the truth, how many comparisons of the reference with itself,
 * recorded and simulated, say anything but *cannot tell*, and by how much the processes of the runs differ by themselves.
 * With `--fixture <file>` before the folders it also keeps some pairs of each run there, as `coverage.test.ts` reads them.
 */

import { writeFileSync } from 'node:fs';
import { readRun } from '../record/reader.ts';
import { referencePairsOf } from './coverage.ts';
import { coverageReport } from './coverage-report.ts';
import { fixtureText } from './reference-pairs.ts';

const [first, file, ...others] = process.argv.slice(2);
const fixture = first === '--fixture' ? file : undefined;
const folders = fixture === undefined ? process.argv.slice(2) : others;

if (folders.length === 0) {
  process.stderr.write('Usage: node dist/bench/report/coverage-of.js [--fixture <file>] <run folder>...\n');
  process.exitCode = 2;
} else {
  const runs = folders.map((folder) => referencePairsOf(readRun(folder)));
  process.stdout.write(`${coverageReport(runs)}\n`);
  if (fixture !== undefined) writeFileSync(fixture, fixtureText(runs));
}
