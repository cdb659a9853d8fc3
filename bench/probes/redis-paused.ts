/** The trial in which Redis stands still around the revoke: stopped (SIGSTOP) for longer than the staleness limit. */

import type { Credential } from '../workload/credential.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import type { Probe } from './probe-log.ts';
import { type Prober, protectedRequest } from './prober.ts';
import { awaitAcceptance, hasSettled, judge, sendRevoke, type TrialOptions, type TrialOutcome } from './revocation.ts';
import { Watch } from './watch.ts';

export interface PausedTrialOptions extends TrialOptions {
  /** SIGSTOP and SIGCONT for Redis. Both return when the signal has been delivered. */
  readonly redis: { pause(): Promise<void>; resume(): Promise<void> };
  /** For how long Redis stands still: the staleness limit and a second. */
  readonly holdMillis: number;
  /** Logged in as somebody else and never revoked: accepted by a node, it shows that the node is fresh again. */
  readonly witness: Credential;
}

/** Redis is stopped at most so long before or after the revoke is sent: on both sides of its way through the log. */
const largestOffsetMillis = 5;
const recoveryDeadlineMillis = 15_000;
const recoveryPollMillis = 10;
const recoveryAcceptances = 5;

/**
 * Ends with Redis running and every node accepting the witness, or not ok. The revoke may stay without an
 * acknowledgement; only what is accepted beyond acknowledgement and bound is a false accept. Throws ERR_INTERRUPTED, and
 * resumes Redis even then.
 */
export async function runPausedTrial(options: PausedTrialOptions): Promise<TrialOutcome> {
  const { prober, victim, signal, watchMillis } = options;
  const watch = new Watch(prober, victim, signal);
  let revoke: Probe;
  try {
    const fault = await awaitAcceptance(watch, options);
    if (fault !== null) return { ok: false, reason: fault };
    revoke = await revokeWhilePausing(options);
    const resumedAt = prober.clock.monotonicMillis();
    const acknowledged = revoke.status >= 200 && revoke.status <= 299;
    // Without an acknowledgement the revoke may or may not have been done: then either end will do.
    await watch.until(
      (streak) =>
        hasSettled(streak, 'refused', resumedAt) || (!acknowledged && hasSettled(streak, 'accepted', resumedAt)),
      watchMillis,
    );
  } finally {
    await watch.stop();
  }
  const stale = await awaitRecovery(prober, options.witness);
  if (stale !== null) return { ok: false, reason: stale };
  return { ok: true, trial: judge(watch, revoke, options) };
}

async function revokeWhilePausing(options: PausedTrialOptions): Promise<Probe> {
  const { redis, random, holdMillis, signal } = options;
  const offsetMillis = (random() * 2 - 1) * largestOffsetMillis;
  let answer: Promise<Probe>;
  try {
    if (offsetMillis < 0) {
      await redis.pause();
      await interruptibleDelay(-offsetMillis);
      answer = sendRevoke(options);
    } else {
      answer = sendRevoke(options);
      await interruptibleDelay(offsetMillis);
      await redis.pause();
    }
    await interruptibleDelay(holdMillis, signal);
  } finally {
    await redis.resume();
  }
  return answer;
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
