/**
 * One trial of a revocation: every node is asked without a pause with the victim's credential, at some moment the revoke
 * is sent, and the asking goes on until every node has refused for a while.
 */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { RevocationMeasured } from '../record/run-events.ts';
import type { Credential } from '../workload/credential.ts';
import { revokeRequest } from '../workload/log-in.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { observe, toMicrosecond } from './observe.ts';
import type { Probe } from './probe-log.ts';
import { type Prober, protectedRequest } from './prober.ts';
import { type Streak, Watch } from './watch.ts';

export interface TrialOptions {
  readonly prober: Prober;
  /** Freshly logged in, known to nobody else. */
  readonly victim: Credential;
  /** Chooses the moment of the revoke. */
  readonly random: RandomFraction;
  /** Node that is sent the revoke. */
  readonly revokeAtNode?: number;
  /** For how long after the revoke's answer a node that still accepts is watched: the bound and a margin. */
  readonly watchMillis: number;
  /** The bound B, and `lifetimeMillis`, the credential's lifetime and leeway, where B is that. */
  readonly boundMillis: number | null;
  readonly lifetimeMillis: number | null;
  readonly signal?: AbortSignal;
}

/** As much of the recorded event as one trial knows. */
export type TrialResult = Omit<RevocationMeasured, 'type' | 'at' | 'contestant' | 'condition' | 'trial'>;

/** Not ok: there was nothing to revoke, or the nodes did not recover; the sentence says which. */
export type TrialOutcome =
  | { readonly ok: true; readonly trial: TrialResult }
  | { readonly ok: false; readonly reason: string };

/** Each node must have accepted so many times in a row before the revoke: then it is warm, and its answers flow. */
const acceptancesBefore = 10;
const acceptDeadlineMillis = 2_000;
/** The revoke follows at a random moment within this: longer than any rhythm of the probes, which it must not share. */
const revokeWithinMillis = 25;
/**
 * A node has refused for good after so many refusals in a row over so long a time. An acceptance can follow a refusal
 * only from something that was already under way when the revocation took hold (a look-up that puts an old record back
 * into a cache, a write that overtakes another): round trips to Redis, well under a millisecond each here, a few under
 * load. 20 ms is an order of magnitude more, and 20 answers rule out that a node merely was not asked in that time.
 */
const settledRefusals = 20;
const settledMillis = 20;

/** Throws ERR_INTERRUPTED when the signal fires. Leaves the prober idle, whatever happens. */
export async function runRevocationTrial(options: TrialOptions): Promise<TrialOutcome> {
  const { prober, random, watchMillis, signal } = options;
  const watch = new Watch(prober, options.victim, signal);
  let revoke: Probe;
  try {
    const fault = await awaitAcceptance(watch, options);
    if (fault !== null) return { ok: false, reason: fault };
    await interruptibleDelay(random() * revokeWithinMillis, signal);
    revoke = await sendRevoke(options);
    const answeredAt = revoke.receivedAt;
    await watch.until((streak) => hasSettled(streak, 'refused', answeredAt), watchMillis);
  } finally {
    await watch.stop();
  }
  return { ok: true, trial: judge(watch, revoke, options) };
}

/** Waits until every node accepts the victim; returns what is wrong, or null. Warms the revoke's own connection too. */
export async function awaitAcceptance(watch: Watch, options: TrialOptions): Promise<string | null> {
  const { prober, victim, revokeAtNode } = options;
  await prober.ask(revokeAtNode ?? 0, protectedRequest(prober.contestant, victim));
  const accepted = await watch.until(
    ({ verdict, length }) => verdict === 'accepted' && length >= acceptancesBefore,
    acceptDeadlineMillis,
  );
  if (accepted) return null;
  const statuses = watch.streaks.map(({ status }) => status).join(', ');
  return `a fresh credential is not accepted by every node (latest statuses: ${statuses})`;
}

/** Never throws: no answer is status 0. */
export function sendRevoke({ prober, victim, revokeAtNode }: TrialOptions): Promise<Probe> {
  return prober.ask(revokeAtNode ?? 0, revokeRequest(prober.contestant, victim));
}

/** Whether a node has said the same for long enough, counted from `from` (monotonic) at the earliest. */
export function hasSettled(streak: Streak, verdict: Streak['verdict'], from: number): boolean {
  const { length, since, latestAt } = streak;
  return streak.verdict === verdict && length >= settledRefusals && latestAt - Math.max(since, from) >= settledMillis;
}

/** Folds the complete logs of a trial that has ended. */
export function judge(watch: Watch, revoke: Probe, options: TrialOptions): TrialResult {
  const acknowledged = revoke.status >= 200 && revoke.status <= 299;
  const acknowledgedAt = acknowledged ? revoke.receivedAt : null;
  const { boundMillis, lifetimeMillis, victim } = options;
  return {
    revokeStatus: revoke.status,
    acknowledgedMillis: acknowledgedAt === null ? null : toMicrosecond(acknowledgedAt - revoke.sentAt),
    observations: watch.logs.map((log, node) => observe(node, log.inOrderOfSending(), revoke.sentAt, acknowledgedAt)),
    boundMillis,
    remainingLifetimeMillis:
      lifetimeMillis === null ? null : toMicrosecond(lifetimeMillis - (revoke.sentAt - victim.obtainedAtMillis)),
  };
}
