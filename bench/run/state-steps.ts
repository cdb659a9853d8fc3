/** What a contestant's sessions and revocations occupy in Redis and in a node, what a start with them takes, and a check. */

import type { Redis } from 'ioredis';
import type { LabNode } from '../environment/environment.ts';
import { readLiveBytes, readLongestPause } from '../environment/node.ts';
import { removeRealm } from '../environment/realms.ts';
import { connectRedis } from '../environment/redis-client.ts';
import { readBare, streamsOf } from '../environment/redis-memory.ts';
import { askForBytes } from '../probes/answer.ts';
import type { Halves, NodeStart, StateCheck } from '../record/state-events.ts';
import type { StateAction } from '../scenario/plan-state.ts';
import type { StatePlan } from '../scenario/state-schema.ts';
import { boundMillisOf } from '../workload/contestant.ts';
import type { Lab } from './lab.ts';
import type { Stage, StateRealm } from './stage.ts';
import { keepForChecks, measureCheck } from './state-checks.ts';
import { type Filled, fillRealms, shownToNode } from './state-fill.ts';

/** Everything of the realms is taken away at the end, so that the next one finds Redis as this one did. */
export async function measureState(lab: Lab, stage: Stage, { contestant: name }: StateAction): Promise<void> {
  const { state } = lab.scenario;
  if (state === undefined) return;
  const { url } = lab.environment.redis;
  const realms = { without: stage.keepingState(name, 'without'), with: stage.keepingState(name, 'with') };
  const client = await connectRedis(url);
  try {
    const filled = await fillRealms(lab, client, realms, state);
    const events = await streamsOf(client, realms.with.realm);
    const reason = await faultOf(lab, realms.with, filled);
    if (reason !== null) {
      lab.record({ type: 'TrialVoided', contestant: name, measure: 'state', reason });
      return;
    }
    const { sessions } = state;
    const { redisBytes } = filled;
    const found = await measureNodes({ lab, client, realms, state, filled });
    lab.record({ type: 'StateMeasured', contestant: name, sessions, redisBytes, events, ...found });
  } finally {
    client.disconnect();
    for (const { realm } of Object.values(realms)) await removeRealm(url, realm);
  }
}

/** Why what was filled is not what it should be, to a node that finds it; null where it is. */
async function faultOf(lab: Lab, { contestant, start }: StateRealm, { live, ended }: Filled): Promise<string | null> {
  const node = await start();
  const statusOf = async (credential: Filled['ended'][number]) =>
    (await askForBytes(node.baseUrl, contestant.protectedPath, credential)).status;
  try {
    for (const credential of live.with.slice(0, shownToNode)) {
      const status = await statusOf(credential);
      if (status !== 200) return `a session that lives was answered with ${status}`;
    }
    const isRefused = boundMillisOf(contestant.traits, lab.scenario.stalenessLimitMillis) !== null;
    for (const credential of isRefused ? ended : []) {
      const status = await statusOf(credential);
      if (status !== 401) return `a session that has ended was answered with ${status}`;
    }
    return null;
  } finally {
    await node.child.stop();
  }
}

interface NodeMeasuring {
  readonly lab: Lab;
  readonly client: Redis;
  readonly realms: Halves<StateRealm>;
  readonly state: StatePlan;
  readonly filled: Filled;
}

/** Pairs of nodes, one after the other: two that start at once would take each other's time. */
async function measureNodes({ lab, client, realms, state, filled }: NodeMeasuring) {
  const { name } = realms.with.contestant;
  const nodes: Halves<NodeStart[]> = { without: [], with: [] };
  const bare = { records: 0, millis: [] as number[] };
  const checks: StateCheck[] = [];
  if (state.checks !== undefined) await keepForChecks(lab, realms, filled.live);
  // The first pair finds files and pages that were not read for a while.
  for (let pair = 0; pair <= state.starts; pair += 1) {
    lab.signal.throwIfAborted();
    lab.progress.step(`${name} start ${pair} of ${state.starts}`);
    const isWithFirst = pair % 2 === 0;
    const first = await startOne(realms[isWithFirst ? 'with' : 'without']);
    const second = await startOne(realms[isWithFirst ? 'without' : 'with']);
    const started = isWithFirst ? { with: first, without: second } : { with: second, without: first };
    if (pair > 0) {
      nodes.with.push(started.with.found);
      nodes.without.push(started.without.found);
      if (state.checks !== undefined) {
        const pairNodes = { with: started.with.node, without: started.without.node };
        checks.push(await measureCheck(lab, realms, pairNodes, { plan: state.checks, isWithFirst }));
      }
    }
    for (const { node } of [first, second]) await node.child.stop();
    const { records, millis } = await readBare(client, realms.with.realm);
    bare.records = records;
    if (pair > 0) bare.millis.push(millis);
  }
  return { nodes, bareReading: bare, checks };
}

async function startOne(realm: StateRealm): Promise<{ readonly node: LabNode; readonly found: NodeStart }> {
  const begunMillis = performance.now();
  const node = await realm.start();
  const readyMillis = performance.now() - begunMillis;
  const longestPauseMillis = await readLongestPause(node);
  return { node, found: { liveBytes: await readLiveBytes(node), readyMillis, longestPauseMillis } };
}
