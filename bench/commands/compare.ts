/** `authlab compare`: a verdict on every figure that two runs have. */

import { Command } from 'commander';
import { readRun } from '../record/reader.ts';
import { compareRuns } from '../report/compare.ts';
import { comparisonText } from '../report/compare-text.ts';
import { summarise } from '../report/summarise.ts';
import { exitCodes } from '../run/exit-codes.ts';

export const compareCommand = new Command('compare')
  .description('compare the figures of two runs; exit code 1 when one of them became worse')
  .argument('<before>', 'the folder of the earlier run')
  .argument('<after>', 'the folder of the later run')
  .option('--json', 'print every figure as JSON')
  .action((before: string, after: string, flags: { readonly json?: boolean }) => {
    const comparison = compareRuns(summarise(readRun(before)), summarise(readRun(after)));
    const text = flags.json === true ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison);
    process.stdout.write(text);
    if (comparison.figures.some(({ verdict }) => verdict === 'worse')) process.exitCode = exitCodes.invalid;
  });
