/** The steps that break things at random: one history a seed, on servers and nodes of its own, with all contestants on them. */

import { isAuthlabError } from '../../src/kernel/errors.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { Traits } from '../../src/strategies/strategy.ts';
import { faults } from '../faults/catalogue.ts';
import { deposes, openChaosStage, replicasOf } from '../faults/chaos-stage.ts';
import type { Ground } from '../faults/worlds.ts';
import { performHistory } from '../probes/chaos-history.ts';
import type { ChaosContestant } from '../record/chaos-events.ts';
import { chaosSchedule } from '../scenario/chaos-schedule.ts';
import { type ChaosPlan, chaosFaultsOn } from '../scenario/chaos-schema.ts';
import type { ChaosAction } from '../scenario/plan-chaos.ts';
import type { Scenario } from '../scenario/schema.ts';
import { boundMillisOf, contestantOf } from '../workload/contestant.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** Of each call to Redis. */
const redisTimeoutMillis = 1_000;
/** The server's defaults, which are told here because answers are judged by them. */
const refreshGraceMillis = 10_000;
const accessTokenLifetimeMillis = 900_000;

/** Every contestant of the scenario that has passed its check, in one history. */
export async function performChaos(lab: Lab, stage: Stage, { seed }: ChaosAction): Promise<void> {
  const { scenario, signal } = lab;
  const plan = scenario.chaos;
  if (plan === undefined) return;
  lab.progress.step(`seed ${seed}`);
  const names = scenario.strategies.filter((name) => !stage.isExcluded(name));
  try {
    const { environment, realm, secrets } = lab;
    const ground = { environment, realm: `${realm}-${seed}`, secrets, signal };
    lab.record({ type: 'ChaosPerformed', ...(await historyOf({ scenario, plan, seed, names }, ground)) });
  } catch (error) {
    // Servers that do not come up, or a failover that does not come about, say nothing of any contestant.
    const isEnvironment = isAuthlabError(error, 'ERR_ENVIRONMENT_REDIS') || isAuthlabError(error, 'ERR_PART_CRASHED');
    if (!isEnvironment || signal.aborted) throw error;
    for (const contestant of names) {
      lab.record({ type: 'TrialVoided', contestant, measure: 'chaos', reason: `seed ${seed}: ${error.message}` });
    }
  }
}

export interface HistoryRequest {
  readonly scenario: Pick<Scenario, 'partitions' | 'beatIntervalMillis' | 'stalenessLimitMillis'>;
  readonly plan: Pick<ChaosPlan, 'topology' | 'durationMillis' | 'nodes' | 'faults'>;
  readonly seed: number;
  readonly names: readonly string[];
}

/** Servers of its own, one history on them, and their end. Throws as `openChaosStage` and `performHistory`. */
export async function historyOf(
  { scenario, plan, seed, names }: HistoryRequest,
  parts: Pick<Ground, 'environment'> & Pick<Lab, 'secrets' | 'realm'> & { readonly signal?: AbortSignal },
) {
  const { partitions, beatIntervalMillis, stalenessLimitMillis } = scenario;
  const { topology, durationMillis, nodes } = plan;
  const { environment, secrets, realm, signal } = parts;
  const limits = { partitions, beatIntervalMillis, stalenessLimitMillis, redisTimeoutMillis };
  const request = { strategies: names, realm, secrets, ...limits };
  const stage = await openChaosStage(topology, { environment, nodes, request });
  try {
    const contestants = names.map((name) => contestantOf(name, stage.baseUrls, traitsOf(name)));
    const schedule = chaosSchedule({
      ...{ seed, nodes, durationMillis, stalenessLimitMillis },
      contestants: names.length,
      faults: plan.faults ?? chaosFaultsOn[topology],
    });
    const performed = await performHistory({
      contestants,
      schedule,
      stalenessLimitMillis,
      inflict: stage.inflict,
      standstills: stage.standstills,
      settled: stage.settled,
      factsOf: (fault) => {
        const { title, befalls } = faults[fault];
        return { title, deposes: deposes(fault), befallsNode: befalls === 'first-node' };
      },
      ...(signal && { signal }),
    });
    return {
      ...{ seed, topology, nodes, stalenessLimitMillis, accessTokenLifetimeMillis, refreshGraceMillis },
      replicas: replicasOf(topology),
      // A request asks Redis up to three times in turn; a strict logout waits for the limit and a tenth.
      deadlineMillis: 3 * redisTimeoutMillis + 1.1 * stalenessLimitMillis,
      contestants: contestants.map(({ name, traits }) => chaosContestant(name, traits, stalenessLimitMillis)),
      ...performed,
    };
  } finally {
    await stage.close();
  }
}

function chaosContestant(name: string, traits: Traits, stalenessLimitMillis: number): ChaosContestant {
  const { rolesChange, revocation, stateLocation } = traits;
  const isAtOnce = rolesChange === 'at-once' || rolesChange === 'at-once-by-refresh';
  return {
    name,
    boundMillis: boundMillisOf(traits, stalenessLimitMillis),
    looksUp: traits.redisCommandsPerCheck > 0,
    hasRecord: stateLocation === 'redis' || stateLocation === 'redis and node memory',
    follows: revocation === 'followed' || revocation === 'followed-strict',
    isSigned: traits.signature !== undefined && traits.transport === 'bearer',
    refreshes: traits.refresh,
    endsAllTokens: traits.logoutRefuses === 'all-of-the-user',
    rolesChange: isAtOnce || rolesChange === 'within-the-staleness-limit' ? rolesChange : 'later',
  };
}
