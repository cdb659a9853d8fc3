/** The account's state as the log keeps it beside the events, so that deciding needs one read and no replay. */

import { account } from '../../domain/account.ts';
import type { AccountState } from '../../domain/account-state.ts';
import type { UserRecord } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

export function writeUserState(state: AccountState): string {
  return JSON.stringify(state);
}

/** Throws ERR_LOG_CORRUPT when the record is not what `writeUserState` wrote. */
export function readUserState(record: UserRecord): AccountState {
  if (record.state === null) return account.initial;
  try {
    const state: unknown = JSON.parse(record.state);
    if (isAccountState(state)) return { ...account.initial, ...state };
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'A user record in the log is not JSON.', { cause: error });
  }
  throw new AuthlabError('ERR_LOG_CORRUPT', 'A user record in the log has another shape than this version writes.');
}

function isAccountState(value: unknown): value is AccountState {
  return typeof value === 'object' && value !== null && 'sessions' in value && 'ended' in value;
}
