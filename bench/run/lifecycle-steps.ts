/** The steps that live through whole sessions: what login, refresh and logout cost, and how long stale roles are told. */

import { UsageReader } from '../environment/node.ts';
import { interruptibleDelay } from '../probes/interruptible-delay.ts';
import { runLifecycles } from '../probes/lifecycle.ts';
import { runRoleChangeTrial } from '../probes/role-change.ts';
import { type LifecycleAction, type RoleChangeAction, waitsForRenewal } from '../scenario/plan-lifecycle.ts';
import { type Contestant, userName } from '../workload/contestant.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import type { Lab } from './lab.ts';
import { shortLeewaySeconds } from './lifetimes.ts';
import type { Stage } from './stage.ts';

/** Users of the warm-up, and those before a turn; each has the realm to itself, apart from the turns' users. */
const firstWarmUpUser = 800_000;
const firstRampUser = 910_000;
/** Sessions before each turn that are not recorded: a process that has stood idle is slow for a while. */
const rampTrials = 5;

/** One turn of logins, refreshes and logouts; turn 0 is not recorded. */
export async function measureLifecycle(lab: Lab, stage: Stage, action: LifecycleAction): Promise<void> {
  const { contestant: name, turn, firstTrial, trials } = action;
  const { contestant, node } = await stage.livingThrough(name);
  const reader = new UsageReader(node);
  const { readRedisUsage, signal } = lab;
  const parts = { contestant, readNodeUsage: () => reader.read(), readRedisUsage, signal };
  try {
    await runLifecycles(parts, usersFrom(firstRampUser + turn * rampTrials, rampTrials));
    const outcome = await runLifecycles(parts, usersFrom(firstTrial + (turn === 0 ? firstWarmUpUser : 0), trials));
    if (!outcome.ok) {
      lab.record({ type: 'TrialVoided', contestant: name, measure: 'lifecycle', reason: outcome.reason });
    } else if (turn > 0) {
      for (const operation of outcome.operations) {
        lab.record({ type: 'LifecycleMeasured', contestant: name, turn, ...operation });
      }
    }
  } finally {
    reader.close();
  }
}

function usersFrom(first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => userName(first + index));
}

/** Between an answer and the client's next request: nodes that stand idle otherwise must not be kept busy by being asked. */
const pauseMillis = 1;
/** The same where every trial waits for seconds, beside as many others. */
const waitingPauseMillis = 50;
/** What has not come so long after it should have is not waited for any longer. */
const marginMillis = 3_000;

/** Trials one after the other; side by side where each waits for the end of a credential. */
export async function measureRoleChanges(lab: Lab, stage: Stage, action: RoleChangeAction): Promise<void> {
  const contestant = await stage.roleChanging(action.contestant);
  const trials = Array.from({ length: action.trials }, (_, index) => action.firstTrial + index);
  if (!waitsForRenewal(action.contestant)) {
    for (const trial of trials) await measureRoleChange(lab, contestant, trial, lab.signal);
    return;
  }
  const signal = sharedSignal(lab.signal);
  // Spread over a lifetime, so that the ends, which fall on whole seconds, come at all times after the changes.
  const staggerMillis = (1_000 * (lab.scenario.roleChange?.credentialLifetimeSeconds ?? 0)) / trials.length;
  const running = trials.map(async (trial, index) => {
    await interruptibleDelay(index * staggerMillis, signal);
    await measureRoleChange(lab, contestant, trial, signal);
  });
  // One that fails must not leave the others running behind its back.
  await Promise.allSettled(running);
  await Promise.all(running);
}

async function measureRoleChange(
  lab: Lab,
  contestant: Contestant,
  trial: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name } = contestant;
  const { roleChange, stalenessLimitMillis, strategies } = lab.scenario;
  lab.progress.step(`${name} trial ${trial}`);
  const waits = waitsForRenewal(name);
  const lifetimeSeconds = roleChange?.credentialLifetimeSeconds ?? 0;
  // A session has no leeway.
  const leewaySeconds = contestant.refreshPath === null ? 0 : shortLeewaySeconds;
  const lifetimeMillis = waits ? 1_000 * (lifetimeSeconds + leewaySeconds) : null;
  const outcome = await runRoleChangeTrial({
    contestant,
    user: userName(1_000 * strategies.indexOf(name) + trial - 1),
    random: lab.random,
    atNode: trial % contestant.nodes.length,
    pauseMillis: waits ? waitingPauseMillis : pauseMillis,
    watchMillis: marginMillis + (lifetimeMillis ?? stalenessLimitMillis),
    lifetimeMillis,
    signal,
  });
  if (outcome.ok) {
    lab.record({ type: 'RoleChangeMeasured', contestant: name, trial, ...outcome.trial });
  } else {
    const reason = `trial ${trial}: ${outcome.reason}`;
    lab.record({ type: 'TrialVoided', contestant: name, measure: 'role-change', reason });
  }
}
