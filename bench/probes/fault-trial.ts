/**
 * One fault, and all contestants under it at once: who is let in and who is not before, meanwhile and afterwards, and in
 * the end the last word on every credential that was ever issued.
 */

import { systemClock } from '../../src/kernel/clock.ts';
import { isAuthlabError } from '../../src/kernel/errors.ts';
import type { RandomFraction } from '../../src/kernel/random.ts';
import type { Standstill } from '../environment/stopped-child.ts';
import type { FaultInflicted, FaultObserved } from '../record/fault-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import { FaultControl } from './fault-control.ts';
import { FaultSubject } from './fault-subject.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { toMicrosecond } from './observe.ts';

export interface FaultTrialOptions {
  /** All on the same nodes. */
  readonly contestants: readonly Contestant[];
  readonly boundMillisOf: (contestant: Contestant) => number | null;
  /** Numbers of users whom nobody else is; as many as are asked for follow each other. */
  readonly takeUsers: (count: number) => number;
  /** Returns when the fault stands; what it returns takes its cause away. */
  readonly inflict: () => Promise<() => Promise<void>>;
  /** How long it stands. */
  readonly lastsMillis: number;
  /** When nodes were stopped, so far. */
  readonly standstills: () => readonly Standstill[];
  /** Returns when every node that was started again is ready. */
  readonly settled: () => Promise<void>;
  /** So long every node must have said the same of everybody, and known what it said, to be called recovered; a second. */
  readonly settledMillis?: number;
  /** Chooses moments. */
  readonly random: RandomFraction;
  readonly signal?: AbortSignal;
}

export interface FaultTrial {
  readonly times: Pick<FaultInflicted, 'stoodMillis' | 'endingMillis' | 'endedMillis' | 'watchedMillis'>;
  /** As in `FaultInflicted`. */
  readonly machineMillis: number;
  /** In the order of the contestants. */
  readonly outcomes: readonly FaultOutcome[];
}

export type FaultOutcome =
  | ({ readonly ok: true } & Pick<FaultObserved, 'boundMillis' | 'credentials' | 'newcomer'>)
  /** It did not work before anything was broken; the sentence says what did not. */
  | { readonly ok: false; readonly reason: string };

/** Logouts around the beginning of the fault, one by each of the first nodes: sent at most so long before it, or after. */
const logoutsAtTheEdge = 2;
const largestLeadMillis = 20;
const largestLagMillis = 5;
/** Logouts while it stands, at these parts of its time, by the nodes in turn: the first by one that may not be befallen. */
const logoutMoments = [0.2, 0.5, 0.8] as const;
/** Answers of everybody while all is well. */
const calmMillis = 300;
const defaultSettledMillis = 1_000;
const recoveryDeadlineMillis = 20_000;
const pollMillis = 20;

/** Throws what `inflict` and its end throw, and ERR_INTERRUPTED when the signal fires; the fault is ended even then. */
export async function runFaultTrial(options: FaultTrialOptions): Promise<FaultTrial> {
  const { contestants, boundMillisOf, takeUsers } = options;
  const control = new FaultControl(contestants[0]?.nodes ?? []);
  const signal = sharedSignal(options.signal);
  const subjects = contestants.map(
    (contestant) =>
      new FaultSubject({
        contestant,
        leaving: logoutsAtTheEdge + logoutMoments.length,
        takeUsers,
        boundMillis: boundMillisOf(contestant),
        ...(signal && { signal }),
      }),
  );
  try {
    const unfit = await Promise.all(subjects.map(unfitness));
    const fit = subjects.filter((_, index) => unfit[index] === null);
    await interruptibleDelay(calmMillis, signal);
    const { zeroAt, endedAt, times } = await breakAndMend(fit, { ...options, ...(signal && { signal }) });
    await options.settled();
    await Promise.all(fit.map((subject) => subject.finish()));
    const outcomes = subjects.map((subject, index): FaultOutcome => {
      const reason = unfit[index] ?? null;
      if (reason !== null) return { ok: false, reason };
      const { boundMillis } = subject;
      return { ok: true, boundMillis, ...subject.observed(zeroAt, endedAt, options.standstills()) };
    });
    await control.stop();
    return { times, machineMillis: control.longestMillis(options.standstills()), outcomes };
  } finally {
    await Promise.all([control.stop(), ...subjects.map((subject) => subject.close())]);
  }
}

/** What is wrong with a contestant before anything was broken; null: nothing. */
async function unfitness(subject: FaultSubject): Promise<string | null> {
  try {
    return await subject.prepare();
  } catch (error) {
    if (isAuthlabError(error, 'ERR_PART_CRASHED')) return error.message;
    throw error;
  }
}

async function breakAndMend(subjects: readonly FaultSubject[], options: FaultTrialOptions) {
  const { inflict, lastsMillis, random, signal } = options;
  const now = () => systemClock.monotonicMillis();
  const edge = Array.from({ length: logoutsAtTheEdge }, (_, node) =>
    subjects.map(async (subject) => {
      await interruptibleDelay((largestLeadMillis + largestLagMillis) * random(), signal);
      subject.logOutNext(node % subject.contestant.nodes.length);
    }),
  );
  await interruptibleDelay(largestLeadMillis, signal);
  const zeroAt = now();
  const since = () => toMicrosecond(now() - zeroAt);
  const mend = await inflict();
  const stoodMillis = since();
  let endingMillis = stoodMillis;
  for (const subject of subjects) subject.prompt();
  try {
    await Promise.all(edge.flat());
    await logOutMeanwhile(subjects, lastsMillis, signal);
  } finally {
    endingMillis = since();
    await mend();
  }
  const endedAt = now();
  const endedMillis = toMicrosecond(endedAt - zeroAt);
  await recover(subjects, endedAt, options);
  return { zeroAt, endedAt, times: { stoodMillis, endingMillis, endedMillis, watchedMillis: since() } };
}

async function logOutMeanwhile(
  subjects: readonly FaultSubject[],
  lastsMillis: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let passed = 0;
  for (const [index, moment] of logoutMoments.entries()) {
    await interruptibleDelay((moment - passed) * lastsMillis, signal);
    for (const subject of subjects) subject.logOutNext((index + 1) % subject.contestant.nodes.length);
    passed = moment;
  }
  await interruptibleDelay((1 - passed) * lastsMillis, signal);
}

/** Returns when everybody is answered steadily and newcomers are let in, or after the deadline. */
async function recover(
  subjects: readonly FaultSubject[],
  endedAt: number,
  { settledMillis = defaultSettledMillis, signal }: Pick<FaultTrialOptions, 'settledMillis' | 'signal'>,
): Promise<void> {
  const giveUpAt = endedAt + recoveryDeadlineMillis;
  await Promise.all(subjects.map((subject) => subject.welcome(giveUpAt)));
  while (systemClock.monotonicMillis() < giveUpAt) {
    if (subjects.every((subject) => subject.hasSettled(settledMillis, endedAt))) return;
    await interruptibleDelay(pollMillis, signal);
  }
}
