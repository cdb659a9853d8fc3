/** `authlab report`: rebuilds a run's results and report from its events, or prints one of them. */

import { Command, Option } from 'commander';
import { readRun } from '../record/reader.ts';
import { summarise } from '../report/summarise.ts';
import { type Format, printedFormats, writeReport } from '../report/write.ts';
import { printResults } from './output.ts';

interface ReportFlags {
  readonly format?: Format;
  readonly json?: boolean;
}

export const reportCommand = new Command('report')
  .description('rebuild the results and the report of a run from its events, and print the table')
  .argument('<run>', 'the folder of a run')
  .addOption(
    new Option('--format <format>', 'print this instead, and write nothing').choices(Object.keys(printedFormats)),
  )
  .option('--json', 'print results.json instead of the table')
  .action(async (folder: string, { format, json }: ReportFlags) => {
    if (format === undefined) printResults(await writeReport(folder), folder, { json: json === true });
    else process.stdout.write(await printedFormats[format].print(summarise(readRun(folder))));
  });
