/** The event that ends one session, whoever ends it and why. */

import type { SessionState } from './account-state.ts';
import type { RevocationChannel, SessionTerminated, TerminationReason } from './events.ts';

export interface Termination {
  readonly atMillis: number;
  readonly sub: string;
  readonly sid: string;
  readonly reason: TerminationReason;
  readonly session: SessionState | undefined;
}

/** It holds for as long as any token of the session may be accepted. `epoch` is the user's next, of use to its channel alone. */
export function sessionTerminated(
  { atMillis, sub, sid, reason, session }: Termination,
  revocation: RevocationChannel,
  acceptableUntilMillis: number,
  epoch: number,
): SessionTerminated {
  return {
    type: 'SessionTerminated',
    atMillis,
    sub,
    sid,
    reason,
    revocation,
    acceptableUntilMillis: Math.max(acceptableUntilMillis, session?.acceptableUntilMillis ?? 0),
    ...(revocation === 'epoch' ? { epoch } : {}),
  };
}
