/** The scores of one contestant under one fault, over all its trials. */

import type { AnswerStreak, CredentialUnderFault, FaultObserved } from '../../record/fault-events.ts';
import { type AcceptedRevoked, acceptedRevokedOf, isAcknowledged, type Observation } from './fault-accepts.ts';
import { type AnswersMeanwhile, meanwhile } from './fault-answers.ts';
import { type Recovery, recoveryOf } from './fault-recovery.ts';

export interface FaultScore {
  readonly contestant: string;
  /** B after an acknowledged logout; null where it is the remaining lifetime. */
  readonly boundMillis: number | null;
  /**
   * `open`: somebody was let in later than B after an acknowledged logout. `by-design`: the same, where nobody promises
   * otherwise before the expiry. `closed`: nobody was, and some who had not logged out were not let in. `goes-on`: neither.
   */
  readonly failure: 'open' | 'by-design' | 'closed' | 'goes-on';
  /** How those who had not logged out were answered meanwhile: by whom the fault befell, and (null: nobody) by the others. */
  readonly befallen: AnswersMeanwhile;
  readonly others: AnswersMeanwhile | null;
  readonly acceptedRevoked: AcceptedRevoked;
  /** Answers that a credential is invalid, to those who had not logged out. */
  readonly falseRejections: { readonly requests: number; readonly credentials: number };
  /** Of all answers but those for which a node was stopped. */
  readonly longestAnswerMillis: number;
  readonly recovery: Recovery;
  /** Logouts that were acknowledged, before the fault and meanwhile, and how many of them did not hold in the end. */
  readonly acknowledged: number;
  readonly lost: number;
  /** Logouts that were sent around the beginning of the fault and while it stood. */
  readonly logouts: Logouts;
  readonly brokenPromises: readonly PromiseKind[];
}

export type PromiseKind = 'refuses-revoked' | 'loses-nothing' | 'keeps-valid' | 'answers-in-time';

export interface Logouts {
  readonly statuses: Readonly<Record<string, number>>;
  /** Of those whose node was not stopped. */
  readonly longestMillis: number;
  /** Those that were not acknowledged, and how many of them had been done all the same: null where everybody is refused. */
  readonly unacknowledged: number;
  readonly doneAllTheSame: number | null;
}

export function scoreOf(contestant: string, observations: readonly Observation[]): FaultScore {
  const boundMillis = observations[0]?.seen.boundMillis ?? null;
  const befallen = meanwhile(observations, (node, times) => times.befalls === 'redis' || node === 0);
  const isLocal = observations.some(({ times }) => times.befalls === 'first-node');
  const others = isLocal ? meanwhile(observations, (node) => node !== 0) : null;
  const acceptedRevoked = acceptedRevokedOf(observations);
  const members = observations.flatMap(({ seen }) => seen.credentials);
  const acknowledged = members.filter(isAcknowledged);
  const lost = acknowledged.filter((member) => isLost(member, boundMillis)).length;
  const falseRejections = falseRejectionsOf(members);
  const logouts = logoutsOf(members);
  const answers = members.flatMap((member) => member.answers);
  const longestAnswerMillis = Math.max(0, logouts.longestMillis, ...answers.map(({ longestMillis }) => longestMillis));
  const isDisturbed = [befallen, others].some((each) => each !== null && each.disturbedFromMillis !== null);
  const isOpen = acceptedRevoked.falseAccepts.requests > 0;
  return {
    contestant,
    boundMillis,
    failure: isOpen ? 'open' : boundMillis === null ? 'by-design' : isDisturbed ? 'closed' : 'goes-on',
    befallen,
    others,
    acceptedRevoked,
    falseRejections,
    longestAnswerMillis,
    recovery: recoveryOf(observations),
    acknowledged: acknowledged.length,
    lost,
    logouts,
    brokenPromises: brokenOf(observations, { isOpen, lost, falseRejections, longestAnswerMillis }),
  };
}

/** What the machine itself was seen to add is allowed for once, and no more than this: beyond it nobody could tell a hang. */
const mostMachineMillis = 3_000;

interface Kept extends Pick<FaultScore, 'lost' | 'falseRejections' | 'longestAnswerMillis'> {
  readonly isOpen: boolean;
}

function brokenOf(observations: readonly Observation[], kept: Kept): PromiseKind[] {
  const promised = (name: keyof FaultObserved['promises']) => observations.every(({ seen }) => seen.promises[name]);
  const isLate = observations.some(
    ({ times }) => kept.longestAnswerMillis > times.deadlineMillis + Math.min(times.machineMillis, mostMachineMillis),
  );
  return [
    ...(kept.isOpen && promised('refusesRevoked') ? ['refuses-revoked' as const] : []),
    ...(kept.lost > 0 && promised('losesNothing') ? ['loses-nothing' as const] : []),
    ...(kept.falseRejections.requests > 0 && promised('keepsValid') ? ['keeps-valid' as const] : []),
    ...(isLate ? ['answers-in-time' as const] : []),
  ];
}

/** By the last word of a node; where that may go on until the expiry, by a refresh. */
function isLost({ final, refreshStatus }: CredentialUnderFault, boundMillis: number | null): boolean {
  return refreshStatus === 200 || (boundMillis !== null && final.includes(200));
}

function falseRejectionsOf(members: readonly CredentialUnderFault[]): FaultScore['falseRejections'] {
  const refused = members
    .filter(({ part }) => part === 'valid')
    .map(
      ({ answers, final }) =>
        answers.reduce((sum, { streaks }) => sum + countOf(streaks, 401), 0) +
        final.filter((status) => status === 401).length,
    );
  return {
    requests: refused.reduce((sum, count) => sum + count, 0),
    credentials: refused.filter((count) => count > 0).length,
  };
}

function isRefused({ final }: CredentialUnderFault): boolean {
  return final.length > 0 && final.every((status) => status === 401);
}

function countOf(streaks: readonly AnswerStreak[], status: number): number {
  return streaks.filter((streak) => streak.status === status).reduce((sum, { count }) => sum + count, 0);
}

function logoutsOf(members: readonly CredentialUnderFault[]): Logouts {
  const sent = members.flatMap((member) =>
    member.part === 'revoked-during' && member.logout !== null ? [{ ...member, logout: member.logout }] : [],
  );
  const statuses: Record<string, number> = {};
  for (const { logout } of sent) statuses[logout.status] = (statuses[logout.status] ?? 0) + 1;
  const took = sent
    .filter(({ logout }) => !logout.waited)
    .map(({ logout }) => logout.answeredMillis - logout.sentMillis);
  const unacknowledged = sent.filter((member) => !isAcknowledged(member));
  const isTold = !members.some((member) => member.part === 'valid' && isRefused(member));
  return {
    statuses,
    longestMillis: Math.max(0, ...took),
    unacknowledged: unacknowledged.length,
    doneAllTheSame: isTold ? unacknowledged.filter(isRefused).length : null,
  };
}
