/** The proof of the scores: a node whose gate was taken off, cut off from Redis, must be found to let people in. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { seededFraction, systemRandomBytes } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { NodeRequest, Supervisor } from '../environment/environment.ts';
import { readMachine } from '../environment/machine.ts';
import { startNode } from '../environment/node.ts';
import { compiledFile } from '../environment/programs.ts';
import { randomRealm } from '../environment/realms.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import { runFaultTrial } from '../probes/fault-trial.ts';
import { inflicted } from '../report/example-faults.ts';
import { type FaultScore, scoreOf } from '../report/summarise/fault-score.ts';
import { boundMillisOf, contestantOf } from '../workload/contestant.ts';
import { faults } from './catalogue.ts';
import { openStage } from './open-stage.ts';
import { promisesOf } from './promises.ts';

const stalenessLimitMillis = 600;
const name = 'hybrid-hs256';
const fault = faults['node-cut-off-one-way'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Loaded before the server: from then on a node takes itself for fresh, whatever it hears. */
function gateTakenOff({ folder }: Supervisor): Readonly<Record<string, string>> {
  const follower = pathToFileURL(compiledFile('src/projections/followed/follower.js')).href;
  const file = join(folder, 'no-gate.mjs');
  writeFileSync(
    file,
    `import { LogFollower } from ${JSON.stringify(follower)};\nLogFollower.prototype.isFresh = () => true;\n`,
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

async function scoreUnderFault(variablesOf: (supervisor: Supervisor) => Readonly<Record<string, string>>) {
  const supervisor = await startSupervisor();
  closing.push(() => supervisor.close());
  const variables = variablesOf(supervisor);
  let index = 0;
  const environment = {
    supervisor,
    machine: readMachine({ pinning: null }),
    startNode: (request: NodeRequest) =>
      startNode({ supervisor, index: index++ }, { ...request, variables: { ...request.variables, ...variables } }),
  };
  const secrets = await createLabSecrets(systemRandomBytes);
  const realm = randomRealm(systemRandomBytes);
  const request = { strategies: [name], realm, secrets, partitions: 1, beatIntervalMillis: 100, stalenessLimitMillis };
  const stage = await openStage(fault, { environment, request, nodes: 2 });
  closing.push(() => stage.close());
  const contestant = contestantOf(name, stage.baseUrls, traitsOf(name));
  let users = 0;
  const { times, outcomes } = await runFaultTrial({
    contestants: [contestant],
    boundMillisOf: ({ traits }) => boundMillisOf(traits, stalenessLimitMillis),
    takeUsers: (count) => {
      users += count;
      return users - count;
    },
    inflict: stage.inflict,
    lastsMillis: fault.lastsMillis(stalenessLimitMillis),
    standstills: stage.standstills,
    settled: stage.settled,
    random: seededFraction(1),
  });
  const [outcome] = outcomes;
  if (outcome?.ok !== true) throw new Error(`nothing was observed: ${outcome?.reason}`);
  const { befalls, concession } = fault;
  const common = { at: '', fault: 'node-cut-off-one-way', trial: 1, contestant: name } as const;
  const seen = { type: 'FaultObserved', ...common, promises: promisesOf(contestant, concession), ...outcome } as const;
  return scoreOf(name, [{ times: inflicted({ ...times, befalls }), seen }]);
}

const judged = ({ failure, brokenPromises, lost }: FaultScore) => ({ failure, brokenPromises, lost });

describe('a hybrid whose node Redis does not reach', { timeout: 60_000 }, () => {
  test('closes, and keeps its promises', async () => {
    const score = await scoreUnderFault(() => ({}));
    expect(judged(score)).toEqual({ failure: 'closed', brokenPromises: [], lost: 0 });
    expect(score.befallen.disturbedFromMillis).toBeLessThan(stalenessLimitMillis + 1_000);
    expect(score.others?.disturbedFromMillis).toBeNull();
    // Somebody logged out elsewhere while the node could not hear of it.
    expect(score.logouts.statuses[204]).toBeGreaterThan(0);
    expect(score.acceptedRevoked.longestMillis).toBeLessThan(stalenessLimitMillis);
  });

  test('without its gate lets in who logged out elsewhere, and is caught', async () => {
    const score = await scoreUnderFault(gateTakenOff);
    expect(judged(score)).toEqual({ failure: 'open', brokenPromises: ['refuses-revoked'], lost: 0 });
    expect(score.befallen.disturbedFromMillis).toBeNull();
    const { credentials, longestMillis } = score.acceptedRevoked.falseAccepts;
    expect(credentials).toBeGreaterThan(0);
    // To the end of the fault, from the acknowledgement and the bound after it.
    expect(longestMillis).toBeGreaterThan(500);
    expect(longestMillis).toBeLessThan(fault.lastsMillis(stalenessLimitMillis));
  });
});
