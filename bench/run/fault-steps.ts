/** The steps that break something: each fault on servers and nodes of its own, with all contestants on them. */

import { isAuthlabError } from '../../src/kernel/errors.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import { faults } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import { openStage, redisOf } from '../faults/open-stage.ts';
import { promisesOf } from '../faults/promises.ts';
import type { Ground } from '../faults/worlds.ts';
import { type FaultTrial, runFaultTrial } from '../probes/fault-trial.ts';
import type { FaultAction } from '../scenario/plan-faults.ts';
import { boundMillisOf, type Contestant, contestantOf } from '../workload/contestant.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** Of each call to Redis: the server's own default, which is told here because answers are judged by it. */
const redisTimeoutMillis = 1_000;

/** Every contestant of the scenario that has passed its check, under one fault. */
export async function inflictFault(lab: Lab, stage: Stage, action: FaultAction): Promise<void> {
  const fault = faults[action.fault];
  lab.progress.step(action.fault);
  const hindrance = (await fault.hindrance?.()) ?? null;
  if (hindrance !== null) return recordNotRun(lab, action, fault, hindrance);
  const names = lab.scenario.strategies.filter((name) => !stage.isExcluded(name));
  try {
    await inflictOn(lab, action, fault, names);
  } catch (error) {
    // Servers that do not come up, or a failover that does not come about, say nothing of any contestant.
    const isEnvironment = isAuthlabError(error, 'ERR_ENVIRONMENT_REDIS') || isAuthlabError(error, 'ERR_PART_CRASHED');
    if (!isEnvironment || lab.signal.aborted) throw error;
    recordNotRun(lab, action, fault, error.message);
  }
}

async function inflictOn(lab: Lab, action: FaultAction, fault: Fault, names: readonly string[]): Promise<void> {
  const { stalenessLimitMillis } = lab.scenario;
  const ground = groundOf(lab, action, names);
  const opened = await openStage(fault, ground);
  try {
    const contestants = names.map((name) => contestantOf(name, opened.baseUrls, traitsOf(name)));
    let users = 0;
    const trial = await runFaultTrial({
      contestants,
      boundMillisOf: ({ traits }) => boundMillisOf(traits, stalenessLimitMillis),
      takeUsers: (count) => {
        users += count;
        return users - count;
      },
      inflict: opened.inflict,
      lastsMillis: fault.lastsMillis(stalenessLimitMillis),
      standstills: opened.standstills,
      settled: opened.settled,
      random: lab.random,
      signal: lab.signal,
    });
    recordTrial(lab, { action, fault, contestants, nodes: ground.nodes }, trial);
  } finally {
    await opened.close();
  }
}

/** A realm for each fault, although nobody else uses its Redis: what one has issued is no credential under another. */
function groundOf(
  { environment, scenario, realm, secrets }: Lab,
  action: FaultAction,
  names: readonly string[],
): Ground {
  const { partitions, beatIntervalMillis, stalenessLimitMillis, faults: plan } = scenario;
  return {
    environment,
    nodes: plan?.nodes ?? 2,
    request: {
      strategies: names,
      realm: `${realm}-${action.fault}-${action.trial}`,
      secrets,
      partitions,
      beatIntervalMillis,
      stalenessLimitMillis,
      redisTimeoutMillis,
    },
  };
}

/** A request asks Redis up to three times in turn; a strict logout waits for the limit and a tenth. */
export function deadlineMillis(stalenessLimitMillis: number): number {
  return 3 * redisTimeoutMillis + 1.1 * stalenessLimitMillis;
}

interface Tried {
  readonly action: FaultAction;
  readonly fault: Fault;
  readonly contestants: readonly Contestant[];
  readonly nodes: number;
}

function recordTrial(lab: Lab, { action, fault, contestants, nodes }: Tried, result: FaultTrial): void {
  const { times, machineMillis, outcomes } = result;
  const { title, deed, source, befalls, concession } = fault;
  const { fault: name, trial } = action;
  lab.record({
    type: 'FaultInflicted',
    fault: name,
    trial,
    title,
    deed,
    source,
    redis: redisOf(fault),
    befalls,
    nodes,
    concession: concession?.words ?? null,
    deadlineMillis: deadlineMillis(lab.scenario.stalenessLimitMillis),
    machineMillis,
    ...times,
  });
  for (const [index, contestant] of contestants.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if (outcome.ok) {
      const { boundMillis, credentials, newcomer } = outcome;
      const promises = promisesOf(contestant, concession);
      const seen = { boundMillis, promises, credentials, newcomer };
      lab.record({ type: 'FaultObserved', fault: name, trial, contestant: contestant.name, ...seen });
    } else {
      const reason = `${title}, trial ${trial}: ${outcome.reason}`;
      lab.record({ type: 'TrialVoided', contestant: contestant.name, measure: 'faults', reason });
    }
  }
}

function recordNotRun(lab: Lab, { fault: name, trial }: FaultAction, fault: Fault, reason: string): void {
  const { title, deed, source } = fault;
  lab.record({ type: 'FaultNotRun', fault: name, trial, title, deed, source, reason });
}
