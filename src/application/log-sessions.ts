/** What the log says about sessions: which of them lived at a moment, and what became of one. Pure folds over events. */

import {
  type AccountEvent,
  type LogEvent,
  type MassTerminationReason,
  type RevocationChannel,
  type SessionStarted,
  sessionsEndedBy,
  type TerminationReason,
} from '../domain/events.ts';

export interface LivingSession {
  readonly sid: string;
  readonly sub: string;
  readonly strategy: string;
  readonly startedAtMillis: number;
  /** When it ends by itself unless it is refreshed; never beyond its absolute lifetime. */
  readonly endsAtMillis: number;
}

/**
 * The sessions that lived at one moment. Holds no more than those that had not expired by then, however long the log;
 * an event belongs to the past of the moment by its own time, not by its place.
 */
export class SessionsAt {
  readonly #atMillis: number;
  readonly #sessions = new Map<string, LivingSession>();

  constructor(atMillis: number) {
    this.#atMillis = atMillis;
  }

  take(event: LogEvent): void {
    if (event.atMillis > this.#atMillis) return;
    switch (event.type) {
      case 'SessionStarted':
        if (event.expiresAtMillis > this.#atMillis) this.#sessions.set(event.sid, begun(event));
        break;
      case 'SessionRefreshed': {
        const session = this.#sessions.get(event.sid);
        if (session !== undefined)
          this.#sessions.set(event.sid, { ...session, endsAtMillis: event.refresh.expiresAtMillis });
        break;
      }
      case 'SessionTerminated':
      case 'AllSessionsTerminated':
        for (const { sid } of sessionsEndedBy(event)) this.#sessions.delete(sid);
        break;
    }
  }

  /** By user, then by age. */
  living(): readonly LivingSession[] {
    return [...this.#sessions.values()]
      .filter(({ endsAtMillis }) => endsAtMillis > this.#atMillis)
      .toSorted((left, right) => compare(left.sub, right.sub) || left.startedAtMillis - right.startedAtMillis);
  }
}

function begun(event: SessionStarted): LivingSession {
  const { sid, sub, strategy, atMillis } = event;
  return { sid, sub, strategy, startedAtMillis: atMillis, endsAtMillis: endOf(event) };
}

/** A session that cannot be refreshed ends with its record; where there is no record, with its absolute lifetime. */
function endOf({ expiresAtMillis, record, refresh }: SessionStarted): number {
  return Math.min(expiresAtMillis, (refresh ?? record)?.expiresAtMillis ?? expiresAtMillis);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What the log knows of one session. */
export interface SessionFate {
  readonly sid: string;
  readonly sub: string;
  /** Null where the log has kept its end and not its beginning. */
  readonly start: SessionStarted | null;
  /** When it last got credentials: its start or its last refresh. */
  readonly issuedAtMillis: number;
  readonly refreshes: number;
  /** When it ends by itself unless it is refreshed. */
  readonly endsAtMillis: number;
  readonly reuseDetectedAtMillis?: number;
  /** When the user's counter went up without ending this session, after its credentials were issued. */
  readonly counterRaisedAtMillis?: number;
  /** When the user's roles changed after its credentials were issued, and to what. */
  readonly rolesChanged?: { readonly atMillis: number; readonly roles: readonly string[] };
  readonly end?: SessionEnd;
}

export interface SessionEnd {
  readonly atMillis: number;
  readonly reason: TerminationReason | MassTerminationReason;
  readonly revocation: RevocationChannel;
  /** 0: not known from the event. */
  readonly acceptableUntilMillis: number;
}

/** Whether an event of a session's user is part of that session's story: its own, and what the user's meant for it. */
export function concerns(event: AccountEvent, sid: string, fate: SessionFate | null): boolean {
  switch (event.type) {
    case 'SessionStarted':
    case 'SessionRefreshed':
    case 'RefreshTokenReuseDetected':
      return event.sid === sid;
    case 'SessionTerminated':
      return event.sid === sid || (event.epoch !== undefined && isCounted(fate));
    case 'AllSessionsTerminated':
      return event.keptSid === sid || event.sessions.some((ended) => ended.sid === sid);
    case 'UserDisabled':
    case 'UserEnabled':
    case 'PasswordChanged':
    case 'UserRolesChanged':
      return fate !== null && fate.end === undefined;
  }
}

/** The end of another session of the user tells upon this one where one counter guards them all. */
function isCounted(fate: SessionFate | null): boolean {
  return fate !== null && fate.end === undefined && fate.start?.revocation === 'epoch';
}

/** The fate after an event that concerns the session. */
export function evolveFate(fate: SessionFate | null, sid: string, event: AccountEvent): SessionFate | null {
  if (event.type === 'SessionStarted') {
    const { sub, atMillis } = event;
    return { sid, sub, start: event, issuedAtMillis: atMillis, refreshes: 0, endsAtMillis: endOf(event) };
  }
  const ended = sessionsEndedBy(event).find((session) => session.sid === sid);
  if (ended !== undefined && 'reason' in event) {
    const { revocation, acceptableUntilMillis } = ended;
    const end = { atMillis: event.atMillis, reason: event.reason, revocation, acceptableUntilMillis };
    return { ...(fate ?? unbegun(sid, event)), end };
  }
  if (fate === null) return null;
  const { counterRaisedAtMillis: _, rolesChanged: __, ...rest } = fate;
  switch (event.type) {
    case 'SessionRefreshed':
      return {
        ...rest,
        issuedAtMillis: event.atMillis,
        refreshes: fate.refreshes + 1,
        endsAtMillis: event.refresh.expiresAtMillis,
      };
    case 'RefreshTokenReuseDetected':
      return { ...fate, reuseDetectedAtMillis: event.atMillis };
    case 'UserRolesChanged': {
      const { atMillis, roles } = event;
      return { ...fate, counterRaisedAtMillis: atMillis, rolesChanged: { atMillis, roles } };
    }
    case 'SessionTerminated':
    case 'AllSessionsTerminated':
      return event.epoch === undefined ? fate : { ...fate, counterRaisedAtMillis: event.atMillis };
    default:
      return fate;
  }
}

/** A session of which only the end is known. */
function unbegun(sid: string, { sub, atMillis }: AccountEvent): SessionFate {
  return { sid, sub, start: null, issuedAtMillis: atMillis, refreshes: 0, endsAtMillis: atMillis };
}
