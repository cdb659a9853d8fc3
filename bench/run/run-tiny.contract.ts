/** Small whole runs of one scenario or another, for the tests of measures. They need the compiled lab. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingLeft } from './run-interruptions.contract.ts';
import type { LabProcess } from './run-process.contract.ts';

/** Runs the scenario of these lines to its end; whatever it measures, its report is readable and gives no credential away. */
export async function runTiny(lab: LabProcess, scenario: string, ...flags: readonly string[]) {
  const file = join(lab.folder, 'tiny.yaml');
  writeFileSync(file, `name: tiny\nquestion: does it meet?\n${scenario}`);
  const ended = await lab.start('run', file, '--runs', lab.runs, '--json', ...flags);
  await expectNothingLeft(lab);
  const report = readFileSync(join(lab.runFolder(), 'report.md'), 'utf8');
  expect(report).not.toMatch(/NaN|undefined|\[object/);
  expect(readFileSync(join(lab.runFolder(), 'events.ndjson'), 'utf8')).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|Bearer /);
  return { code: ended.code, results: JSON.parse(lab.stdout), report };
}
