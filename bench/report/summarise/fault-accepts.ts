/** Who was let in after a logout that had been acknowledged, and for how long. */

import type { AnswerStreak, CredentialUnderFault, FaultInflicted, FaultObserved } from '../../record/fault-events.ts';

/** One contestant in one trial. */
export interface Observation {
  readonly times: FaultInflicted;
  readonly seen: FaultObserved;
}

export interface AcceptedRevoked {
  /** From the acknowledgement to the last accepted request sent after it, of whichever node and logout was longest; 0: none. */
  readonly longestMillis: number;
  /** Until the next request, which was refused: it may have been so much longer. Null: nobody saw the end of it. */
  readonly uncertainMillis: number | null;
  /** Beyond B. */
  readonly falseAccepts: { readonly requests: number; readonly credentials: number; readonly longestMillis: number };
}

export function isAcknowledged({ logout }: CredentialUnderFault): boolean {
  return logout !== null && logout.status >= 200 && logout.status <= 299;
}

export function acceptedRevokedOf(observations: readonly Observation[]): AcceptedRevoked {
  let [longestMillis, uncertainMillis]: [number, number | null] = [0, 0];
  const late = { requests: 0, credentials: 0, longestMillis: 0 };
  for (const { seen } of observations) {
    for (const member of seen.credentials.filter(isAcknowledged)) {
      const acknowledgedMillis = member.logout?.answeredMillis ?? 0;
      const requestsBefore = late.requests;
      for (const { streaks } of member.answers) {
        const accepted = streaks.filter(
          ({ status, firstMillis }) => status === 200 && firstMillis >= acknowledgedMillis,
        );
        const last = accepted.at(-1);
        if (last !== undefined && last.lastMillis - acknowledgedMillis > longestMillis) {
          longestMillis = last.lastMillis - acknowledgedMillis;
          uncertainMillis = untilNext(streaks, last);
        }
        if (seen.boundMillis === null) continue;
        const boundAt = acknowledgedMillis + seen.boundMillis;
        for (const { count, lastMillis } of accepted.filter(({ firstMillis }) => firstMillis > boundAt)) {
          late.requests += count;
          late.longestMillis = Math.max(late.longestMillis, lastMillis - boundAt);
        }
      }
      if (late.requests > requestsBefore) late.credentials += 1;
    }
  }
  return { longestMillis, uncertainMillis, falseAccepts: late };
}

/** Null when nothing follows. */
function untilNext(streaks: readonly AnswerStreak[], last: AnswerStreak): number | null {
  const next = streaks[streaks.indexOf(last) + 1];
  return next === undefined ? null : next.firstMillis - last.lastMillis;
}
