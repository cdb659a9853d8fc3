/** Writes what is folded from a run's record into its folder: at the run's end, or again at any later time. */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { readRun } from '../record/reader.ts';
import { toCsv } from './csv.ts';
import { toJson } from './json.ts';
import { toMarkdown } from './markdown.ts';
import type { Results } from './summarise/results.ts';
import { summarise } from './summarise.ts';

export const reportFileName = 'report.html';

/**
 * What is folded from a run, by the names that `authlab report --format` knows. The page comes last. What draws is loaded
 * when it is to draw: it takes longer than all the rest.
 */
export const formats = {
  json: { fileName: 'results.json', print: toJson },
  csv: { fileName: 'results.csv', print: toCsv },
  md: { fileName: 'report.md', print: toMarkdown },
  html: {
    fileName: reportFileName,
    print: async (results: Results) => (await import('./html/page.ts')).toHtml(results),
  },
} as const;

/** What is printed, and not kept with the run: a picture for a README or a slide. */
export const printedFormats = {
  ...formats,
  svg: { print: async (results: Results) => (await import('./svg.ts')).toSvg(results) },
} as const;

export type Format = keyof typeof printedFormats;

/**
 * Reads the run's events and writes a file of each format, byte for byte the same whenever it is done. Each
 * file is replaced in one step: whoever reads sees the old one or the new one, whole.
 *
 * @throws AuthlabError ERR_INPUT_INVALID when the folder holds no run; ERR_OUTPUT when its record cannot be read or the
 * files cannot be written.
 */
export async function writeReport(runFolder: string): Promise<Results> {
  const results = summarise(readRun(runFolder));
  for (const { fileName, print } of Object.values(formats)) replaceFile(runFolder, fileName, await print(results));
  return results;
}

function replaceFile(folder: string, name: string, text: string): void {
  const target = join(folder, name);
  const temporary = join(folder, `.${name}.${process.pid}`);
  try {
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, target);
    flushFolder(folder);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    throw new AuthlabError('ERR_OUTPUT', `Cannot write ${target} (${code}).`, { cause });
  }
}

/** A rename is on the disk when its folder is; Windows has no such step. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
