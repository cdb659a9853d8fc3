/** `authlab compare`: a verdict on every figure that runs have in common. */

import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { readRun } from '../record/reader.ts';
import { changedFigures, compareRuns, type RunComparison } from '../report/compare.ts';
import { comparisonDocumentOf } from '../report/compare-document.ts';
import { comparisonsText } from '../report/compare-text.ts';
import { documentMarkdown } from '../report/markdown.ts';
import type { Results } from '../report/summarise/results.ts';
import { summarise } from '../report/summarise.ts';
import { exitCodes } from '../run/exit-codes.ts';

interface CompareFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly json?: boolean;
}

interface Compared {
  readonly runs: readonly Results[];
  readonly comparisons: readonly RunComparison[];
}

const printers = {
  text: ({ comparisons }) => comparisonsText(comparisons),
  json: ({ comparisons }) => `${JSON.stringify(comparisons, null, 2)}\n`,
  md: ({ runs }) => documentMarkdown(comparisonDocumentOf(runs)),
  // It draws: who wants text does not wait until the library for that is loaded.
  html: async ({ runs }) => (await import('../report/html/comparison-page.ts')).comparisonHtml(runs),
} satisfies Record<string, (compared: Compared) => string | Promise<string>>;

type Format = keyof typeof printers;

export const compareCommand = new Command('compare')
  .description('compare the figures of runs with those of the first; exit code 1 when one of them became worse')
  .argument('<before>', 'the folder of the earlier run')
  .argument('<after...>', 'the folder of the later run, or of several')
  .addOption(new Option('--format <format>', 'how to print it (default: text)').choices(Object.keys(printers)))
  .option('--output <file>', 'write it there instead; its ending says the format where `--format` does not')
  .option('--json', 'the same as `--format json`')
  .action(async (before: string, after: readonly string[], flags: CompareFlags) => {
    const first = summarise(readRun(before));
    const others = after.map((folder) => summarise(readRun(folder)));
    const comparisons = compareRuns(first, others);
    const text = await printers[formatOf(flags)]({ runs: [first, ...others], comparisons });
    if (flags.output === undefined) process.stdout.write(text);
    else writeOutput(flags.output, text);
    if (comparisons.flatMap(changedFigures).some(({ verdict }) => verdict === 'worse'))
      process.exitCode = exitCodes.invalid;
  });

function formatOf({ format, output, json }: CompareFlags): Format {
  if (format !== undefined) return format;
  if (json === true) return 'json';
  const ending = extname(output ?? '').slice(1);
  return Object.hasOwn(printers, ending) ? (ending as Format) : 'text';
}

/** Throws ERR_OUTPUT. */
function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    throw new AuthlabError('ERR_OUTPUT', `Cannot write ${file} (${code}). Does its folder exist?`, { cause });
  }
  process.stderr.write(`The comparison: ${file}\n`);
}
