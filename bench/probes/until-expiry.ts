/** The trials of contestants that cannot revoke: each victim is watched until its credential expires, many at once. */

import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { Prober, type ProberOptions } from './prober.ts';
import { runRevocationTrial, type TrialOptions, type TrialOutcome } from './revocation.ts';

export interface UntilExpiryOptions extends Pick<TrialOptions, 'random' | 'signal'> {
  readonly contestant: Contestant;
  readonly trials: number;
  /** Lifetime of the credential and the leeway: after that no node may accept it. */
  readonly lifetimeMillis: number;
  /** Logs in the victim of a trial when its turn has come: it lives for moments only. */
  readonly logInVictim: (trial: number) => Promise<Credential>;
  readonly prober?: ProberOptions;
}

/** Watched for so long beyond the lifetime before a node counts as never having refused. */
const marginMillis = 2_000;

/**
 * Runs all trials side by side, their starts spread over one lifetime, each with connections of its own. Returns when
 * the last has ended: after twice the lifetime and a little. The outcomes stand in the order of the trials.
 */
export async function runUntilExpiryTrials(options: UntilExpiryOptions): Promise<readonly TrialOutcome[]> {
  const staggerMillis = options.lifetimeMillis / Math.max(1, options.trials);
  const signal = sharedSignal(options.signal);
  const trials = Array.from({ length: options.trials }, (_, trial) =>
    runOne({ ...options, ...(signal ? { signal } : {}) }, trial, trial * staggerMillis),
  );
  // One that fails must not leave the others running behind its back.
  await Promise.allSettled(trials);
  return Promise.all(trials);
}

async function runOne(options: UntilExpiryOptions, trial: number, startAfterMillis: number): Promise<TrialOutcome> {
  const { contestant, lifetimeMillis, random, signal } = options;
  await interruptibleDelay(startAfterMillis, signal);
  const prober = new Prober(contestant, { connectionsPerNode: 1, ...options.prober });
  try {
    return await runRevocationTrial({
      prober,
      victim: await options.logInVictim(trial),
      random,
      watchMillis: lifetimeMillis + marginMillis,
      boundMillis: null,
      lifetimeMillis,
      ...(signal ? { signal } : {}),
    });
  } finally {
    await prober.close();
  }
}
