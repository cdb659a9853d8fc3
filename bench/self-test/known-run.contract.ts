/** A whole run of a scenario over servers of which something is known beforehand. For tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { traitsOf } from '../../src/strategies/registry.ts';
import { readRun } from '../record/reader.ts';
import { measuredValue } from '../report/summarise/figure.ts';
import type { ContestantResults, Results } from '../report/summarise/results.ts';
import { summarise } from '../report/summarise.ts';
import { perform } from '../run/perform.ts';
import { silentProgress } from '../run/progress.ts';
import { runScenario } from '../run/run-scenario.ts';
import { planRun } from '../scenario/plan.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { type KnownTruth, knownServer } from './known-server.contract.ts';

/**
 * Runs the scenario from its start to its end; what is wrong with the run is thrown.
 *
 * @param generatorSleeps between answers, where it need not; the record tells nothing of it
 */
export async function resultsOfRun(
  asked: Partial<z.input<typeof scenarioSchema>>,
  truth: KnownTruth,
  { generatorSleeps = false }: { readonly generatorSleeps?: boolean } = {},
): Promise<Results> {
  const scenario: Scenario = scenarioSchema.parse({ name: 'known', question: 'Is the known found?', ...asked });
  const runsFolder = mkdtempSync(join(tmpdir(), 'authlab-known-run-'));
  const { serverPath, env } = knownServer(truth);
  const before = { ...process.env };
  Object.assign(process.env, env, { REDIS_URL: '' });
  try {
    const { signal } = new AbortController();
    const { folder, fault } = await runScenario({
      scenario,
      runsFolder,
      progress: silentProgress,
      signal,
      serverPath,
      // Who checks nothing under another's name would fail that one's check.
      work: (lab) => {
        const plan = planRun(lab.scenario, (strategy) => traitsOf(strategy).bound);
        const pairGenerator = generatorSleeps ? lab.generator : lab.pairGenerator;
        return perform(
          { ...lab, pairGenerator },
          { ...plan, steps: plan.steps.filter(({ kind }) => kind !== 'check') },
        );
      },
    });
    if (fault !== null) throw fault;
    return summarise(readRun(folder));
  } finally {
    process.env = before;
    rmSync(runsFolder, { recursive: true, force: true });
  }
}

/** Prints what was found: the figures of a machine are worth reading where nothing is wrong with them, too. */
export function tellFigures(title: string, figures: unknown): void {
  console.log(`${title}: ${JSON.stringify(figures)}`);
}

export function contestantIn({ contestants }: Results, name: string): ContestantResults {
  const found = contestants.find(({ contestant }) => contestant === name);
  if (found === undefined) throw new Error(`${name} is not in the results`);
  return found;
}

/** Throws with everything about the contestant when the figure was not measured. */
export function measuredOf<Value>(
  results: Results,
  name: string,
  pick: (contestant: ContestantResults) => Parameters<typeof measuredValue<Value>>[0],
): Value {
  const contestant = contestantIn(results, name);
  const value = measuredValue(pick(contestant));
  if (value === null) throw new Error(`not measured: ${JSON.stringify({ contestant, warnings: results.warnings })}`);
  return value;
}
