/** The rules of one user's account: which sessions live, how refresh tokens rotate, what ends them. Pure. */

import type { Decider, Decision } from '../kernel/decider.ts';
import {
  type AccountState,
  evolveAccount,
  newAccount,
  nextEpoch,
  type RefreshFamily,
  type SessionState,
} from './account-state.ts';
import type {
  AccountCommand,
  ChangePassword,
  ChangeUserRoles,
  DisableUser,
  RefreshSession,
  StartSession,
  TerminateAllSessions,
  TerminateSession,
} from './commands.ts';
import {
  type AccountEvent,
  type EndedSession,
  type MassTerminationReason,
  outlivesSession,
  type SessionTerminated,
} from './events.ts';
import { sessionTerminated } from './session-terminated.ts';

/**
 * What came of a command. `rotated`: the successor is current. `repeated`: an honest retry of the parent, the successor
 * stands as it was. `refused`: unknown, ended or expired. `reused`: a token that had been used before; the family is dead.
 * `user-disabled`: nobody starts a session. `done`: the account is as it was asked to be, also where it was so before.
 */
export type AccountOutcome =
  | 'started'
  | 'user-disabled'
  | 'rotated'
  | 'repeated'
  | 'refused'
  | 'reused'
  | 'terminated'
  | 'already-ended'
  | 'done';

type AccountDecision = Decision<AccountEvent, AccountOutcome>;

function startSession(command: StartSession, state: AccountState): AccountDecision {
  if (state.sessions[command.sid] !== undefined) return { events: [], outcome: 'started' };
  if (state.disabled) return { events: [], outcome: 'user-disabled' };
  const { maximumSessions, ...start } = command;
  const ended = oneTooMany(command, maximumSessions, state);
  return {
    events: [...ended, { ...start, type: 'SessionStarted', roles: state.roles ?? command.roles }],
    outcome: 'started',
  };
}

/** Ends the oldest sessions of the same strategy, so that with the new one there are no more than the limit. */
function oneTooMany(command: StartSession, maximumSessions: number, state: AccountState): SessionTerminated[] {
  const { atMillis, sub, strategy } = command;
  const living = Object.entries(state.sessions)
    .filter(([, session]) => session.strategy === strategy && session.expiresAtMillis > atMillis)
    .toSorted(([, left], [, right]) => left.startedAtMillis - right.startedAtMillis);
  const excess = living.slice(0, Math.max(0, living.length + 1 - maximumSessions));
  return excess.map(([sid, session], index) => {
    const facts = { atMillis, sub, sid, reason: 'session-limit', session } as const;
    return sessionTerminated(facts, session.revocation, 0, nextEpoch(state, atMillis) + index);
  });
}

function refreshSession(command: RefreshSession, state: AccountState): AccountDecision {
  const session = state.sessions[command.sid];
  const family = session?.family;
  if (session === undefined || family === undefined || session.strategy !== command.strategy) return refused;
  if (session.expiresAtMillis <= command.atMillis) return refused;
  if (command.presentedDigest === family.current.digest) {
    if (family.current.expiresAtMillis <= command.atMillis) return refused;
    return { events: [refreshed(command, session)], outcome: 'rotated' };
  }
  if (isHonestRetry(command, family)) return { events: [], outcome: 'repeated' };
  const { atMillis, sub, sid } = command;
  const facts = { atMillis, sub, sid, reason: 'refresh-token-reuse', session } as const;
  return {
    events: [
      { type: 'RefreshTokenReuseDetected', atMillis, sub, sid },
      sessionTerminated(facts, session.revocation, command.acceptableUntilMillis ?? 0, nextEpoch(state, atMillis)),
    ],
    outcome: 'reused',
  };
}

/** The immediate parent, soon after its rotation, and its successor (derived, hence comparable) still unused. */
function isHonestRetry(command: RefreshSession, family: RefreshFamily): boolean {
  return (
    family.parent !== undefined &&
    family.parent.digest === command.presentedDigest &&
    family.current.digest === command.successor.digest &&
    command.graceMillis > 0 &&
    command.atMillis - family.parent.replacedAtMillis <= command.graceMillis
  );
}

/** Rotation extends nothing beyond the session's absolute lifetime. */
function refreshed(command: RefreshSession, session: SessionState): AccountEvent {
  const { record, successor } = command;
  const end = session.expiresAtMillis;
  return {
    type: 'SessionRefreshed',
    atMillis: command.atMillis,
    sub: command.sub,
    sid: command.sid,
    refresh: { ...successor, expiresAtMillis: Math.min(successor.expiresAtMillis, end) },
    ...(session.acceptableUntilMillis === undefined || command.acceptableUntilMillis === undefined
      ? {}
      : { acceptableUntilMillis: command.acceptableUntilMillis }),
    ...(record === undefined ? {} : { record: { ...record, expiresAtMillis: Math.min(record.expiresAtMillis, end) } }),
  };
}

function terminateSession(command: TerminateSession, state: AccountState): AccountDecision {
  const session = state.sessions[command.sid];
  const revocation = session?.revocation ?? command.revocation;
  if (session === undefined) {
    if (state.ended[command.sid] !== undefined) return { events: [], outcome: 'already-ended' };
    // The log has never heard of it, or has forgotten it. Where tokens verify without the log, they must be revoked
    // all the same: a logout that says "done" for a token that still opens doors would be a lie.
    if (!outlivesSession(revocation)) return { events: [], outcome: 'already-ended' };
  }
  const { atMillis, sub, sid, reason, acceptableUntilMillis } = command;
  const facts = { atMillis, sub, sid, reason, session };
  return {
    events: [sessionTerminated(facts, revocation, acceptableUntilMillis, nextEpoch(state, atMillis))],
    outcome: 'terminated',
  };
}

function terminateAll(command: TerminateAllSessions, state: AccountState): AccountDecision {
  const { presented } = command;
  const known = presented === undefined || isKnown(presented.sid, state) || !outlivesSession(presented.revocation);
  const ended = allSessions(command, command.reason, state, known ? [] : [presented]);
  return { events: ended, outcome: 'done' };
}

function isKnown(sid: string, { sessions, ended }: AccountState): boolean {
  return sessions[sid] !== undefined || ended[sid] !== undefined;
}

/** The one event that ends every session but the kept one, or none when there is nothing to end. */
function allSessions(
  command: TerminateAllSessions | ChangePassword | DisableUser,
  reason: MassTerminationReason,
  state: AccountState,
  forgotten: readonly EndedSession[],
): AccountEvent[] {
  const { atMillis, sub } = command;
  const keptSid = 'keptSid' in command ? command.keptSid : undefined;
  const ended: EndedSession[] = [...forgotten];
  for (const [sid, { revocation, acceptableUntilMillis = 0 }] of Object.entries(state.sessions)) {
    if (sid === keptSid) continue;
    const untilMillis = Math.max(acceptableUntilMillis, command.acceptableUntilMillis);
    ended.push({ sid, revocation, acceptableUntilMillis: untilMillis });
  }
  if (ended.length === 0) return [];
  const kept = keptSid === undefined ? {} : { keptSid };
  return [
    {
      type: 'AllSessionsTerminated',
      atMillis,
      sub,
      reason,
      epoch: nextEpoch(state, atMillis),
      sessions: ended,
      ...kept,
    },
  ];
}

function changePassword(command: ChangePassword, state: AccountState): AccountDecision {
  const { atMillis, sub } = command;
  const ended = allSessions(command, 'password-changed', state, []);
  return { events: [{ type: 'PasswordChanged', atMillis, sub }, ...ended], outcome: 'done' };
}

function disableUser(command: DisableUser, state: AccountState): AccountDecision {
  const { atMillis, sub } = command;
  const ended = allSessions(command, 'user-disabled', state, []);
  return {
    events: [...(state.disabled ? [] : [{ type: 'UserDisabled', atMillis, sub } as const]), ...ended],
    outcome: 'done',
  };
}

function changeRoles({ atMillis, sub, roles }: ChangeUserRoles, state: AccountState): AccountDecision {
  return {
    events: [{ type: 'UserRolesChanged', atMillis, sub, roles, epoch: nextEpoch(state, atMillis) }],
    outcome: 'done',
  };
}

const refused: AccountDecision = { events: [], outcome: 'refused' };

function decide(command: AccountCommand, state: AccountState): AccountDecision {
  switch (command.type) {
    case 'StartSession':
      return startSession(command, state);
    case 'RefreshSession':
      return refreshSession(command, state);
    case 'TerminateSession':
      return terminateSession(command, state);
    case 'TerminateAllSessions':
      return terminateAll(command, state);
    case 'ChangePassword':
      return changePassword(command, state);
    case 'DisableUser':
      return disableUser(command, state);
    case 'EnableUser': {
      const { atMillis, sub } = command;
      return { events: state.disabled ? [{ type: 'UserEnabled', atMillis, sub }] : [], outcome: 'done' };
    }
    case 'ChangeUserRoles':
      return changeRoles(command, state);
  }
}

export const account: Decider<AccountCommand, AccountEvent, AccountState, AccountOutcome> = {
  initial: newAccount,
  decide,
  evolve: evolveAccount,
};
