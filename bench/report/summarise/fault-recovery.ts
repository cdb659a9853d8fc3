/** How long it took until everybody was answered right again. */

import type { AnswerStreak, CredentialUnderFault } from '../../record/fault-events.ts';
import { isAcknowledged, type Observation } from './fault-accepts.ts';

export interface Recovery {
  /** From the end of the fault until all was answered right for the rest of the watch; 0: it already was. Null: it never was. */
  readonly millis: number | null;
  /** From the first wrong answer until then, the fault included; 0: there was none. Null: it never ended. */
  readonly disturbedMillis: number | null;
  /** From the end of the fault until somebody new had logged in, and every node let them in. Null: nobody could. */
  readonly newcomerMillis: number | null;
  /** Logins that this took: those before the last gave a credential that a node then called invalid. */
  readonly newcomerLogins: number;
}

/** Of the worst trial. */
export function recoveryOf(observations: readonly Observation[]): Recovery {
  const each = observations.map(recoveryOfTrial);
  const worst = (key: 'millis' | 'disturbedMillis' | 'newcomerMillis'): number | null =>
    each.some((recovery) => recovery[key] === null) ? null : Math.max(...each.map((recovery) => recovery[key] ?? 0));
  return {
    millis: worst('millis'),
    disturbedMillis: worst('disturbedMillis'),
    newcomerMillis: worst('newcomerMillis'),
    newcomerLogins: Math.max(...each.map(({ newcomerLogins }) => newcomerLogins)),
  };
}

function recoveryOfTrial({ times: { endedMillis }, seen }: Observation): Recovery {
  let [wrongFrom, rightFrom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const isWrong = (member: CredentialUnderFault, { status, firstMillis }: AnswerStreak): boolean => {
    if (member.part === 'valid') return status !== 200;
    if (!isAcknowledged(member) || seen.boundMillis === null || status !== 200) return false;
    return firstMillis > (member.logout?.answeredMillis ?? 0) + seen.boundMillis;
  };
  for (const member of seen.credentials) {
    for (const { streaks } of member.answers) {
      for (const [index, streak] of streaks.entries()) {
        if (streak.firstMillis < 0 || !isWrong(member, streak)) continue;
        wrongFrom = Math.min(wrongFrom, streak.firstMillis);
        rightFrom = Math.max(rightFrom, streaks[index + 1]?.firstMillis ?? Number.POSITIVE_INFINITY);
      }
    }
  }
  const { acceptedMillis, logins: newcomerLogins } = seen.newcomer;
  const newcomer = { newcomerMillis: acceptedMillis === null ? null : acceptedMillis - endedMillis, newcomerLogins };
  if (wrongFrom === Number.POSITIVE_INFINITY) return { millis: 0, disturbedMillis: 0, ...newcomer };
  if (rightFrom === Number.POSITIVE_INFINITY) return { millis: null, disturbedMillis: null, ...newcomer };
  return { millis: Math.max(0, rightFrom - endedMillis), disturbedMillis: rightFrom - wrongFrom, ...newcomer };
}
