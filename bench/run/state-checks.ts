/** What the same check costs in two realms that are alike but for the sessions of one: windows of two nodes at once. */

import type { LabNode } from '../environment/environment.ts';
import { UsageReader } from '../environment/node.ts';
import { measureInterleaved, type RedisBackground, type Side } from '../load/interleaved.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { Half, Halves, RedisWindow, StateCheck } from '../record/state-events.ts';
import type { StateChecksPlan } from '../scenario/state-schema.ts';
import type { Credential } from '../workload/credential.ts';
import { type Lab, pairParts } from './lab.ts';
import type { StateRealm } from './stage.ts';

/** One window of the warm-up, of each side; many short ones, as before the windows of a throughput. */
const warmUpWindowMillis = 150;
/** Where what Redis did is not asked for, or is read for both sides together. */
const nothing: RedisBackground = { cpuMicros: 0, commands: 0, networkBytes: 0 };

/** Hands the generator what the users of both realms hold. */
export async function keepForChecks(
  { pairGenerator }: Lab,
  realms: Halves<StateRealm>,
  live: Halves<readonly Credential[]>,
): Promise<void> {
  for (const half of ['without', 'with'] as const) {
    const { realm, contestant } = realms[half];
    await pairGenerator.keepCredentials(
      realm,
      live[half].map((credential) => credential.headersFor(contestant.protectedPath)),
    );
  }
}

export interface CheckOptions {
  readonly plan: StateChecksPlan;
  /** Which of the two takes the first slice. */
  readonly isWithFirst: boolean;
}

/** Of two nodes that have answered nothing yet: both are warmed up alike, and by turns. */
export async function measureCheck(
  lab: Lab,
  realms: Halves<StateRealm>,
  nodes: Halves<LabNode>,
  { plan, isWithFirst }: CheckOptions,
): Promise<StateCheck> {
  const { windowMillis, rampMillis, warmupMillis } = plan;
  const [first, second]: readonly [Half, Half] = isWithFirst ? ['with', 'without'] : ['without', 'with'];
  const readers = { without: new UsageReader(nodes.without), with: new UsageReader(nodes.with) };
  const sideOf = (half: Half): Side => ({
    baseUrl: nodes[half].baseUrl,
    path: realms[half].contestant.protectedPath,
    connections: plan.connections,
    credentialsKey: realms[half].realm,
    readNodeUsage: () => readers[half].read(),
  });
  const measure = (one: Half, other: Half, times: { windowMillis: number; rampMillis: number }) => {
    const sides = [sideOf(one), sideOf(other)] as const;
    return measureInterleaved(pairParts(lab), {
      sides,
      ...times,
      sliceMillis: plan.sliceMillis,
      asking: 0,
      redisBackground: nothing,
    });
  };
  try {
    for (let left = warmupMillis; left > 0; left -= warmUpWindowMillis) {
      await measure(first, second, { windowMillis: warmUpWindowMillis, rampMillis: 0 });
    }
    const samples = await measure(first, second, { windowMillis, rampMillis });
    const node = halvesOf(samples, isWithFirst);
    if (realms.with.contestant.traits.redisCommandsPerCheck === 0) return { node, redis: null };
    // Who asked Redis cannot be told while both do: so each alone, on all connections.
    const alone = { windowMillis: windowMillis / 2, rampMillis };
    const windows = [
      together(await measure(first, first, alone)),
      together(await measure(second, second, alone)),
    ] as const;
    return { node, redis: halvesOf(windows, isWithFirst) };
  } finally {
    for (const reader of Object.values(readers)) reader.close();
  }
}

function halvesOf<Value>([first, second]: readonly [Value, Value], isWithFirst: boolean): Halves<Value> {
  return isWithFirst ? { with: first, without: second } : { with: second, without: first };
}

/** Both sides are the same node, and each of the two samples holds all of its requests. */
function together([one, other]: readonly [WindowSample, WindowSample]): RedisWindow {
  return { requests: one.requests, cpuMicros: one.redisCpuMicros + other.redisCpuMicros };
}
