/** What a contestant's sessions and revocations occupy in Redis and in a node, and what a start with them takes. */

import { readLiveBytes } from '../environment/node.ts';
import { removeRealm } from '../environment/realms.ts';
import { connectRedis } from '../environment/redis-client.ts';
import { streamsOf, usedMemory } from '../environment/redis-memory.ts';
import type { NodeStart } from '../record/state-events.ts';
import type { StateAction } from '../scenario/plan-state.ts';
import { logIn, revokeAll } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** Everything of the realm is taken away at the end, so that the next one finds Redis as this one did. */
export async function measureState(lab: Lab, stage: Stage, { contestant: name }: StateAction): Promise<void> {
  const { state } = lab.scenario;
  if (state === undefined) return;
  const { url } = lab.environment.redis;
  const client = await connectRedis(url);
  const { realm, start } = stage.keepingState(name);
  try {
    const before = await starts(state.starts, start);
    const { contestant, node } = await start();
    const empty = await usedMemory(client);
    const credentials = await logIn(contestant, state.sessions, {
      signal: lab.signal,
      onProgress: (done) => lab.progress.step(`${name} ${done} of ${state.sessions} logins`),
    });
    const begun = await usedMemory(client);
    const refused = await revokeAll(
      contestant,
      credentials.map(({ credential }) => credential),
      { signal: lab.signal, onProgress: (done) => lab.progress.step(`${name} ${done} of ${state.sessions} logouts`) },
    );
    if (refused !== null) {
      lab.record({
        type: 'TrialVoided',
        contestant: name,
        measure: 'state',
        reason: `a logout was answered with ${refused}`,
      });
      return;
    }
    const ended = await usedMemory(client);
    const events = await streamsOf(client, realm);
    await node.child.stop();
    const redisBytes = { before: empty, begun, ended };
    const nodes = { before, ended: await starts(state.starts, start) };
    lab.record({ type: 'StateMeasured', contestant: name, sessions: state.sessions, redisBytes, events, nodes });
  } finally {
    client.disconnect();
    await removeRealm(url, realm);
  }
}

/** One node after the other: two that start at once would take each other's time. */
async function starts(count: number, start: ReturnType<Stage['keepingState']>['start']): Promise<NodeStart[]> {
  const found: NodeStart[] = [];
  // The first start finds files and pages that were not read for a while.
  for (let started = -1; started < count; started += 1) {
    const { node, readyMillis } = await start();
    if (started >= 0) found.push({ liveBytes: await readLiveBytes(node), readyMillis });
    await node.child.stop();
  }
  return found;
}
