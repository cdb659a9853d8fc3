/** The first who logs in after a fault: when it can be done again, and holds. */

import { systemClock } from '../../src/kernel/clock.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { attemptLogIn, type PlannedRequest } from '../workload/log-in.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import type { Probe } from './probe-log.ts';
import { protectedRequest } from './prober.ts';

export interface Newcomer {
  /** That were accepted; those before the last gave a credential that a node then called invalid. */
  readonly logins: number;
  /** Monotonic moment at which every node had let the newcomer in. Null: it never came to that. */
  readonly acceptedAt: number | null;
}

export interface NewcomerOptions {
  readonly contestant: Contestant;
  /** As in `FaultTrialOptions`. */
  readonly takeUsers: (count: number) => number;
  readonly ask: (node: number, request: PlannedRequest) => Promise<Probe>;
  /** Monotonic. */
  readonly giveUpAt: number;
  readonly signal?: AbortSignal;
}

const pollMillis = 25;

/** Tries until it is done and every node lets the newcomer in, or it is time to give up. Throws ERR_INTERRUPTED. */
export async function welcomeNewcomer(options: NewcomerOptions): Promise<Newcomer> {
  const { contestant, takeUsers, giveUpAt, signal } = options;
  let logins = 0;
  while (systemClock.monotonicMillis() < giveUpAt) {
    const attempt = await attemptLogIn(contestant, takeUsers(1), signal ? { signal } : {}).catch(() => null);
    if (attempt?.ok === true) {
      logins += 1;
      const acceptedAt = await acceptance(attempt.value.credential, options);
      if (acceptedAt !== null) return { logins, acceptedAt };
    }
    await interruptibleDelay(pollMillis, signal);
  }
  return { logins, acceptedAt: null };
}

/** Null as soon as a node calls it invalid: a login may be done by a node that has yet to hear what has happened. */
async function acceptance(credential: Credential, options: NewcomerOptions): Promise<number | null> {
  const { contestant, ask, giveUpAt, signal } = options;
  const request = protectedRequest(contestant, credential);
  const nodes = [...contestant.nodes.keys()];
  while (systemClock.monotonicMillis() < giveUpAt) {
    const asked = await Promise.all(nodes.map((node) => ask(node, request)));
    if (asked.some(({ status }) => status === 401)) return null;
    if (asked.every(({ status }) => status === 200)) return systemClock.monotonicMillis();
    await interruptibleDelay(pollMillis, signal);
  }
  return null;
}
