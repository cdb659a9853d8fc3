/** `authlab run`: runs a scenario and leaves a report. */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { failingLines } from '../report/markdown-expectations.ts';
import { writeReport } from '../report/write.ts';
import { exitCodeOf, exitCodes } from '../run/exit-codes.ts';
import { interruptions } from '../run/interruptions.ts';
import { createProgress, silentProgress } from '../run/progress.ts';
import { runScenario } from '../run/run-scenario.ts';
import { parseScenario } from '../scenario/load.ts';
import type { Scenario } from '../scenario/schema.ts';
import { expectationFaults, expecting } from '../scenario/thresholds.ts';
import { printResults } from './output.ts';

interface RunFlags {
  readonly redisUrl?: string;
  readonly runs: string;
  readonly seed?: number;
  readonly expect: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const runCommand = new Command('run')
  .description('run a scenario against a real Redis and write the report')
  .argument('<scenario>', 'a YAML file; `authlab scenarios` lists those that come with authlab')
  .option('--redis-url <url>', 'use this Redis instead of a private one (REDIS_URL does the same)')
  .option('--runs <folder>', 'folder that keeps the runs', 'runs')
  .option('--seed <number>', 'repeat the order of an earlier run', parseSeed)
  .option('--expect <line>', 'a threshold, as in `expect:`; may be given more than once', gathered, [])
  .option('--json', 'print results.json instead of the table')
  .option('--quiet', 'no progress on stderr')
  .action(async (file: string, flags: RunFlags) => {
    process.exitCode = await run(file, flags);
  });

async function run(file: string, flags: RunFlags): Promise<number> {
  const loaded = withFlags(loadScenario(file), flags.expect);
  const scenario = flags.seed === undefined ? loaded : { ...loaded, seed: flags.seed };
  const interruption = interruptions();
  const progress = flags.quiet === true ? silentProgress : createProgress(process.stderr, () => performance.now());
  try {
    const { folder, fault } = await runScenario({
      scenario,
      runsFolder: flags.runs,
      redisUrl: flags.redisUrl,
      progress,
      signal: interruption.signal,
    });
    progress.close();
    // Where the record could not be written, the report cannot either: the first fault has the remedy.
    if (isAuthlabError(fault, 'ERR_OUTPUT')) throw fault;
    const results = await writeReport(folder);
    printResults(results, folder, { json: flags.json === true });
    if (fault !== null) throw fault;
    if (results.validity.state !== 'valid') return exitCodes.invalid;
    const failing = failingLines(results.expectations);
    for (const line of failing) process.stderr.write(`${line}\n`);
    return failing.length === 0 ? exitCodes.ok : exitCodes.unexpected;
  } catch (error) {
    progress.close();
    if (exitCodeOf(error) === exitCodes.interrupted) return exitCodes.interrupted;
    throw error;
  } finally {
    interruption.close();
  }
}

/** Throws ERR_INPUT_INVALID with every fault of the file. */
function loadScenario(file: string): Scenario {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (cause) {
    const message = `The scenario ${file} cannot be read. \`authlab scenarios\` lists those that come with authlab.`;
    throw new AuthlabError('ERR_INPUT_INVALID', message, { cause });
  }
  const parsed = parseScenario(text, file);
  if (parsed.ok) return parsed.value;
  throw new AuthlabError('ERR_INPUT_INVALID', `The scenario ${file} is not valid.`, { faults: parsed.faults });
}

/** Throws ERR_INPUT_INVALID with every line that cannot be judged. */
function withFlags(scenario: Scenario, lines: readonly string[]): Scenario {
  const faults = expectationFaults(lines, scenario).map(([index, message]) => {
    return { place: `flag --expect, number ${index + 1}`, message };
  });
  if (faults.length > 0) throw new AuthlabError('ERR_INPUT_INVALID', 'A threshold is not valid.', { faults });
  return expecting(scenario, lines);
}

function gathered(line: string, before: readonly string[]): readonly string[] {
  return [...before, line];
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed <= 4_294_967_295) return seed;
  throw new InvalidArgumentError('a whole number from 0 to 4294967295');
}
