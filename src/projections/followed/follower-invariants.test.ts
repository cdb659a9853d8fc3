import { describe, expect, test } from 'vitest';
import type { MemoryCall, MemoryWay } from '../../eventlog/memory-faults.ts';
import { seededFraction } from '../../kernel/random.ts';
import { FollowerStory, holdTimers, stalenessLimitMillis } from './follower-story.contract.ts';

holdTimers();

const seeds = Array.from({ length: 80 }, (_, index) => index + 1);
const stepsPerSeed = 60;
const calls: readonly MemoryCall[] = ['read', 'beat', 'tail'];
const ways: readonly MemoryWay[] = ['request', 'reply'];

/**
 * Faults, revocations and time in a random order. At every step: who claims to be fresh knows every revocation that was
 * acknowledged longer ago than the limit. When the faults are over: fresh again, and everything is known.
 */
async function play(seed: number): Promise<{ readonly freshSteps: number; readonly staleSteps: number }> {
  const fraction = seededFraction(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(fraction() * items.length)] as T;
  const story = new FollowerStory();
  const acknowledged = new Map<string, number>();
  const held = new Map<string, () => void>();
  let freshSteps = 0;
  let staleSteps = 0;

  const check = (): void => {
    const now = story.clock.monotonicMillis();
    for (const partition of [0, 1]) {
      if (!story.follower.isFresh(partition)) {
        staleSteps += 1;
        continue;
      }
      freshSteps += 1;
      for (const [sid, at] of acknowledged) {
        if (!sid.startsWith(`${partition}.`) || now - at <= stalenessLimitMillis) continue;
        expect(story.follower.isRevoked(sid), `seed ${seed}: ${sid} after ${now - at} ms`).toBe(true);
      }
    }
  };
  const actions: readonly (() => unknown)[] = [
    async () => {
      const sid = `${pick([0, 1])}.${acknowledged.size}`;
      await story.revoke(sid);
      acknowledged.set(sid, story.clock.monotonicMillis());
    },
    () => {
      const [call, way] = [pick(calls), pick(ways)];
      held.get(`${call} ${way}`)?.();
      held.set(`${call} ${way}`, story.log.faults.hold(call, way));
    },
    () => {
      const place = pick([...held.keys(), '']);
      held.get(place)?.();
      held.delete(place);
    },
    () => story.log.faults.fail(pick(calls), pick(ways), 1 + Math.floor(fraction() * 5)),
    () => story.server.restart({ empty: false }),
    () => story.clock.jumpWall(Math.round((fraction() - 0.5) * 10_000)),
  ];

  void story.follower.start();
  for (let step = 0; step < stepsPerSeed; step += 1) {
    const chance = fraction();
    if (chance < 0.35) await actions[0]?.();
    else if (chance < 0.5) await pick(actions.slice(1, 2))();
    else if (chance < 0.85) await actions[2]?.();
    else await pick(actions.slice(3))();
    await story.pass(Math.round(fraction() * 600));
    check();
  }

  for (const release of held.values()) release();
  for (const call of calls) for (const way of ways) story.log.faults.fail(call, way, 0);
  await story.pass(2 * stalenessLimitMillis);
  for (const partition of [0, 1]) expect(story.follower.isFresh(partition), `seed ${seed} recovers`).toBe(true);
  for (const sid of acknowledged.keys()) expect(story.follower.isRevoked(sid), `seed ${seed} ${sid}`).toBe(true);
  await story.follower.stop();
  return { freshSteps, staleSteps };
}

describe('whatever happens between a node and the log', () => {
  test('a fresh node knows what was acknowledged before the staleness limit, and recovers', async () => {
    let freshSteps = 0;
    let staleSteps = 0;
    for (const seed of seeds) {
      const played = await play(seed);
      freshSteps += played.freshSteps;
      staleSteps += played.staleSteps;
    }
    // Had the nodes always been stale, the first half would have proved nothing; had they always been fresh, neither.
    expect(freshSteps).toBeGreaterThan(1_000);
    expect(staleSteps).toBeGreaterThan(1_000);
  }, 60_000);
});
