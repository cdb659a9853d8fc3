/**
 * Trials in which Redis stands still around the revoke: stopped (SIGSTOP) for longer than the staleness limit. All
 * contestants share one stop, so that they meet the same fault and the lab waits but once.
 */

import type { Credential } from '../workload/credential.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import type { Probe } from './probe-log.ts';
import { type Prober, protectedRequest } from './prober.ts';
import { awaitAcceptance, hasSettled, judge, sendRevoke, type TrialOptions, type TrialOutcome } from './revocation.ts';
import { Watch } from './watch.ts';

export interface PausedTrialOptions extends TrialOptions {
  /** Logged in as somebody else and never revoked: accepted by a node, it shows that the node is fresh again. */
  readonly witness: Credential;
}

export interface RedisStop {
  /** SIGSTOP and SIGCONT. Both return when the signal has been delivered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** For how long Redis stands still: the staleness limit and a second. */
  readonly holdMillis: number;
  readonly signal?: AbortSignal;
}

/** A revoke is sent at most so long before Redis is stopped, or after: on both sides of its way through the log. */
const largestLeadMillis = 20;
const largestLagMillis = 5;
const recoveryDeadlineMillis = 15_000;
const recoveryPollMillis = 10;
const recoveryAcceptances = 5;

/**
 * Runs one trial of each contestant around one stop; the outcomes stand in their order. Ends with Redis running and every
 * node accepting its witness, or not ok. A revoke may stay without an acknowledgement; only what is accepted beyond
 * acknowledgement and bound is a false accept. Throws ERR_INTERRUPTED, and resumes Redis even then.
 */
export async function runPausedTrials(
  trials: readonly PausedTrialOptions[],
  stop: RedisStop,
): Promise<readonly TrialOutcome[]> {
  const watches = trials.map(({ prober, victim, signal }) => new Watch(prober, victim, signal));
  const started = trials.map((options, index) => ({ options, watch: watches[index] as Watch }));
  try {
    const faults = await Promise.all(started.map(({ options, watch }) => awaitAcceptance(watch, options)));
    const revokes = started.map(({ options }, index) => (faults[index] === null ? revokeAroundStop(options) : null));
    await hold(stop);
    const outcomes = started.map(({ options, watch }, index) => {
      const revoke = revokes[index];
      if (revoke === null || revoke === undefined)
        return { ok: false as const, reason: faults[index] ?? 'not started' };
      return finish(options, watch, revoke);
    });
    return await Promise.all(outcomes);
  } finally {
    await Promise.all(watches.map((watch) => watch.stop()));
  }
}

async function revokeAroundStop(options: PausedTrialOptions): Promise<Probe> {
  await interruptibleDelay((largestLeadMillis + largestLagMillis) * options.random());
  return sendRevoke(options);
}

async function hold({ pause, resume, holdMillis, signal }: RedisStop): Promise<void> {
  try {
    await interruptibleDelay(largestLeadMillis, signal);
    await pause();
    await interruptibleDelay(holdMillis, signal);
  } finally {
    await resume();
  }
}

async function finish(options: PausedTrialOptions, watch: Watch, revoking: Promise<Probe>): Promise<TrialOutcome> {
  const { prober, watchMillis, witness } = options;
  const resumedAt = prober.clock.monotonicMillis();
  const revoke = await revoking;
  const acknowledged = revoke.status >= 200 && revoke.status <= 299;
  // Without an acknowledgement the revoke may or may not have been done: then either end will do.
  await watch.until(
    (streak) =>
      hasSettled(streak, 'refused', resumedAt) || (!acknowledged && hasSettled(streak, 'accepted', resumedAt)),
    watchMillis,
  );
  await watch.stop();
  const stale = await awaitRecovery(prober, witness);
  return stale === null ? { ok: true, trial: judge(watch, revoke, options) } : { ok: false, reason: stale };
}

async function awaitRecovery(prober: Prober, witness: Credential): Promise<string | null> {
  const { contestant, clock } = prober;
  const request = protectedRequest(contestant, witness);
  const deadline = clock.monotonicMillis() + recoveryDeadlineMillis;
  for (const node of contestant.nodes.keys()) {
    let accepted = 0;
    while (accepted < recoveryAcceptances) {
      const { status } = await prober.ask(node, request);
      accepted = status === 200 ? accepted + 1 : 0;
      if (clock.monotonicMillis() > deadline) return `node ${node} did not recover from the pause (status ${status})`;
      if (status !== 200) await interruptibleDelay(recoveryPollMillis);
    }
  }
  return null;
}
