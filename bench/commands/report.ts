/** `authlab report`: rebuilds a run's results and report from its events. */

import { Command } from 'commander';
import { writeReport } from '../report/write.ts';
import { printResults } from './output.ts';

export const reportCommand = new Command('report')
  .description('rebuild what is reported of a run from its events, and print the table')
  .argument('<run>', 'the folder of a run')
  .option('--json', 'print results.json instead of the table')
  .action((folder: string, flags: { readonly json?: boolean }) => {
    printResults(writeReport(folder), folder, { json: flags.json === true });
  });
