/** Trials against toy nodes that accept and refuse at moments the test knows. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { logInUser } from '../workload/log-in.ts';
import { startToy, type Toy, type ToyOptions } from '../workload/toy-contestant.ts';
import { Prober, protectedRequest } from './prober.ts';
import { runPausedTrials } from './redis-paused.ts';
import { runRevocationTrial, type TrialOptions, type TrialResult } from './revocation.ts';
import { runUntilExpiryTrials } from './until-expiry.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 60_000 };

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function toyWith(options: ToyOptions): Promise<Toy> {
  const toy = await startToy(options);
  closing.push(() => toy.close());
  return toy;
}

async function trialOptions(toy: Toy, overrides: Partial<TrialOptions> = {}): Promise<TrialOptions> {
  const prober = new Prober(toy.contestant);
  closing.push(() => prober.close());
  const { credential } = await logInUser(toy.contestant, 1);
  return {
    prober,
    victim: credential,
    random: seededFraction(7),
    watchMillis: 2_000,
    boundMillis: 0,
    lifetimeMillis: null,
    ...overrides,
  };
}

async function trial(options: TrialOptions): Promise<TrialResult> {
  const outcome = await runRevocationTrial(options);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.trial;
}

function observationsOf({ observations }: TrialResult) {
  const [first, second] = observations;
  if (!first || !second) throw new Error('two nodes were probed');
  return [first, second] as const;
}

/** How far a time may be off: the revoke's own way to the server, and the distance of the probes around the change. */
function toleranceMillis(result: TrialResult, node: 0 | 1): number {
  return (result.acknowledgedMillis ?? 0) + 2 * observationsOf(result)[node].probeSpacingMillis + 5;
}

describe('a revocation trial', patience, () => {
  it('measures the latency of each node to within the spacing of its probes', async () => {
    const toy = await toyWith({ acceptsForMillis: (node) => (node === 0 ? 0 : 60) });
    const result = await trial(await trialOptions(toy));
    const [first, second] = observationsOf(result);
    expect(result.revokeStatus).toBe(204);
    expect(Math.abs(first.firstRefusedSentMillis ?? 999)).toBeLessThanOrEqual(toleranceMillis(result, 0));
    expect(Math.abs((second.firstRefusedSentMillis ?? 999) - 60)).toBeLessThanOrEqual(toleranceMillis(result, 1));
    const exposure = (second.lastAcceptedAfterAcknowledgementMillis ?? 0) - (result.acknowledgedMillis ?? 0);
    expect(Math.abs(exposure - 60)).toBeLessThanOrEqual(toleranceMillis(result, 1));
    expect(second.otherStatuses).toEqual({});
  });

  it('sees no exposure when the acknowledgement comes after every node refuses', async () => {
    const toy = await toyWith({ acceptsForMillis: () => 20, acknowledgesAfterMillis: 60 });
    const result = await trial(await trialOptions(toy));
    expect(result.acknowledgedMillis).toBeGreaterThanOrEqual(59);
    for (const observation of result.observations) {
      expect(observation.lastAcceptedSentMillis).toBeGreaterThan(0);
      expect(observation.lastAcceptedAfterAcknowledgementMillis).toBeNull();
    }
  });

  it('goes on long enough to see a node accept again', async () => {
    const toy = await toyWith({ resurrection: { afterRefusals: 15, acceptances: 3 } });
    const result = await trial(await trialOptions(toy));
    for (const { lastAcceptedSentMillis, firstRefusedSentMillis } of result.observations) {
      expect(lastAcceptedSentMillis).not.toBeNull();
      expect(firstRefusedSentMillis).toBeGreaterThan(lastAcceptedSentMillis ?? 0);
    }
  });

  it('gives up on a node that never refuses', async () => {
    const toy = await toyWith({ acceptsForMillis: (node) => (node === 0 ? 0 : Number.POSITIVE_INFINITY) });
    const result = await trial(await trialOptions(toy, { watchMillis: 100 }));
    const [first, second] = observationsOf(result);
    expect(first.firstRefusedSentMillis).not.toBeNull();
    expect(second.firstRefusedSentMillis).toBeNull();
    expect(second.lastAcceptedAfterAcknowledgementMillis).toBeGreaterThan(90);
  });

  it('keeps a revoke that was not acknowledged apart from one that was', async () => {
    const toy = await toyWith({ revokeStatus: 503 });
    const result = await trial(await trialOptions(toy));
    expect(result).toMatchObject({ revokeStatus: 503, acknowledgedMillis: null });
    expect(observationsOf(result)[0].lastAcceptedAfterAcknowledgementMillis).toBeNull();
  });

  it('can be sent to another node, and repeated with the same prober', async () => {
    const toy = await toyWith({ acceptsForMillis: () => 5 });
    const options = await trialOptions(toy, { revokeAtNode: 1 });
    for (const user of [2, 3, 4]) {
      const { credential } = await logInUser(toy.contestant, user);
      const result = await trial({ ...options, victim: credential });
      for (const { firstRefusedSentMillis } of result.observations) expect(firstRefusedSentMillis).not.toBeNull();
    }
  });

  it('is no trial when a node does not accept the credential in the first place', async () => {
    const toy = await toyWith({ override: (node) => (node === 1 ? 401 : null) });
    expect(await runRevocationTrial(await trialOptions(toy))).toEqual({
      ok: false,
      reason: 'a fresh credential is not accepted by every node (latest statuses: 200, 401)',
    });
  });

  it('ends when the user ends it, and leaves the prober idle', async () => {
    const toy = await toyWith({ acceptsForMillis: () => Number.POSITIVE_INFINITY });
    const controller = new AbortController();
    const options = await trialOptions(toy, { watchMillis: 60_000, signal: controller.signal });
    const running = runRevocationTrial(options);
    const servedInAll = (): number => toy.served.reduce((sum, count) => sum + count, 0);
    await vi.waitFor(() => expect(servedInAll()).toBeGreaterThan(200), patience);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    const served = servedInAll();
    await options.prober.ask(0, protectedRequest(toy.contestant, options.victim));
    expect(servedInAll()).toBe(served + 1);
  });
});

describe('trials until expiry', patience, () => {
  it('watch many victims side by side until each has expired', async () => {
    const turns: (string | null)[] = [];
    const toy = await toyWith({
      acceptsForMillis: () => Number.POSITIVE_INFINITY,
      lifetimeMillis: 1_500,
      override(_node, token) {
        if (turns.at(-1) !== token) turns.push(token);
        return null;
      },
    });
    const loginMillis: number[] = [];
    const outcomes = await runUntilExpiryTrials({
      contestant: toy.contestant,
      trials: 4,
      lifetimeMillis: 1_500,
      async logInVictim(index) {
        const startedAt = performance.now();
        const { credential } = await logInUser(toy.contestant, index);
        loginMillis[index] = performance.now() - startedAt;
        return credential;
      },
      random: seededFraction(1),
    });
    expect(outcomes).toHaveLength(4);
    // One after the other, each victim would have had one turn.
    expect(turns.length).toBeGreaterThan(20);
    for (const [index, outcome] of outcomes.entries()) {
      if (!outcome.ok) throw new Error(outcome.reason);
      const { trial: result } = outcome;
      expect(result.boundMillis).toBeNull();
      const remaining = result.remainingLifetimeMillis ?? 0;
      expect(remaining).toBeLessThan(1_500);
      for (const { firstRefusedSentMillis, probeSpacingMillis } of result.observations) {
        // The toy counts the lifetime from its answer to the login, the credential from when that has come.
        const overstay = (firstRefusedSentMillis ?? 9_999) - remaining;
        expect(Math.abs(overstay)).toBeLessThan(2 * probeSpacingMillis + (loginMillis[index] ?? 0) + 5);
      }
    }
  });
});

describe('a trial with Redis paused', patience, () => {
  async function pausedTrial(toy: Toy, seed: number) {
    const options = await trialOptions(toy, { random: seededFraction(seed), boundMillis: 2_000 });
    const { credential: witness } = await logInUser(toy.contestant, 2);
    const calls: string[] = [];
    const [outcome] = await runPausedTrials([{ ...options, witness }], {
      holdMillis: 150,
      async pause() {
        calls.push('pause');
        toy.stall();
      },
      async resume() {
        calls.push('resume');
        toy.unstall();
      },
    });
    if (outcome === undefined) throw new Error('one trial has one outcome');
    return { outcome, calls };
  }

  it.each([1, 2, 3, 4])('measures what was refused meanwhile, and ends healthy (seed %i)', async (seed) => {
    const toy = await toyWith({});
    const { outcome, calls } = await pausedTrial(toy, seed);
    expect(calls).toEqual(['pause', 'resume']);
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.trial).toMatchObject({ revokeStatus: 204, boundMillis: 2_000 });
    for (const observation of outcome.trial.observations) {
      expect(observation.otherStatuses['503']).toBeGreaterThan(0);
      expect(observation.firstRefusedSentMillis).toBeLessThan(100);
      expect(observation.lastAcceptedAfterAcknowledgementMillis).toBeNull();
    }
  });

  it('ends also when the revoke was never done', async () => {
    const toy = await toyWith({ revokeStatus: 503, acceptsForMillis: () => Number.POSITIVE_INFINITY });
    const { outcome } = await pausedTrial(toy, 5);
    expect(outcome).toMatchObject({
      ok: true,
      trial: { revokeStatus: 503, acknowledgedMillis: null, observations: [{ firstRefusedSentMillis: null }, {}] },
    });
  });

  it('resumes Redis when it is interrupted', async () => {
    const toy = await toyWith({});
    const controller = new AbortController();
    const calls: string[] = [];
    const options = await trialOptions(toy, { signal: controller.signal });
    const witness = (await logInUser(toy.contestant, 2)).credential;
    const running = runPausedTrials([{ ...options, witness }], {
      holdMillis: 60_000,
      signal: controller.signal,
      async pause() {
        calls.push('pause');
        controller.abort();
      },
      async resume() {
        calls.push('resume');
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    expect(calls).toEqual(['pause', 'resume']);
  });
});
