/** What the routes about accounts ask for, kept by the commands and queries of src/application. */

import { changeUserRoles, disableUser, enableUser } from '../application/administer-user.ts';
import { changePassword } from '../application/change-password.ts';
import type { CommandContext } from '../application/context.ts';
import { listSessions } from '../application/list-sessions.ts';
import { queryLog } from '../application/log-queries.ts';
import type { LogQueryContext } from '../application/log-stories.ts';
import { terminateAllSessions } from '../application/terminate-all-sessions.ts';
import { terminateSession } from '../application/terminate-session.ts';
import type { Accounts, Administration } from '../http/accounts.ts';
import type { ChangedPasswords } from '../identity/changed-passwords.ts';
import { readPasswordRecord } from '../projections/inline/password-record.ts';
import type { NodeSigningKeys } from './signing-keys.ts';

/** Round trips: one to list, two to end all or change the password, two or three to end one. */
export function createAccounts(context: CommandContext): Accounts {
  return {
    sessionsOf: (sub) => listSessions(context, sub),
    async endSession({ sub, sid, revocation }, named) {
      // Only what the log calls a session of this user is ended, so nobody's name for it gets near a key.
      const isCurrent = named === sid;
      const isOwn = isCurrent || (await listSessions(context, sub)).some((session) => session.sid === named);
      const reason = isCurrent ? 'logout' : 'ended-by-user';
      if (isOwn) await terminateSession(context, { sub, sid: named, reason, revocation });
    },
    async endAllSessions({ sub, ...presented }) {
      await terminateAllSessions(context, { sub, reason: 'logout-all', presented });
    },
    changePassword: (change) => changePassword(context, change),
  };
}

/** @param facts what a session's strategy and this realm's limits mean for it
 */
export function createAdministration(
  context: CommandContext,
  signing: NodeSigningKeys | null,
  facts: Pick<LogQueryContext, 'stalenessLimitMillis' | 'factsOf'>,
): Administration {
  return {
    ...(signing === null ? {} : { rotateKeys: (algorithm, retireOld) => signing.rotate(algorithm, retireOld) }),
    queryLog: (query) => queryLog({ ...context, ...facts }, query),
    endAllSessions: (sub) => terminateAllSessions(context, { sub, reason: 'ended-by-admin' }),
    disableUser: (sub) => disableUser(context, sub),
    enableUser: (sub) => enableUser(context, sub),
    changeRoles: (sub, roles) => changeUserRoles(context, sub, roles),
  };
}

/** Passwords that were changed through the log. */
export function changedPasswordsOf({ log }: CommandContext): ChangedPasswords {
  return { read: (sub) => readPasswordRecord(log, sub) };
}
