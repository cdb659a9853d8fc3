/** What the commands that end with a report print: the table on stdout, where the report is on stderr. */

import { join } from 'node:path';
import { toJson } from '../report/json.ts';
import type { Results } from '../report/summarise/results.ts';
import { toTerminal } from '../report/terminal.ts';
import { reportFileName } from '../report/write.ts';

export function printResults(results: Results, folder: string, options: { readonly json: boolean }): void {
  process.stdout.write(options.json ? toJson(results) : toTerminal(results, { colour: colourWanted() }));
  process.stderr.write(`\nThe report: ${join(folder, reportFileName)}\n`);
}

/** https://no-color.org: any value of NO_COLOR but the empty one. */
function colourWanted(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
