/** The ports of the account routes with nothing behind them: what is asked of them is written down. */

import type { Accounts, Administration } from './accounts.ts';

export interface ToyAccounts {
  readonly accounts: Accounts;
  readonly administration: Required<Administration>;
  /** Every call, as `name` and what it was given. */
  readonly calls: readonly unknown[];
}

export function toyAccounts(): ToyAccounts {
  const calls: unknown[] = [];
  const note =
    (name: string) =>
    async (...given: readonly unknown[]): Promise<void> =>
      void calls.push([name, ...given]);
  const listed = { sid: '0.1', strategy: 'toy', startedAtMillis: 0, expiresAtMillis: 86_400_000 };
  return {
    calls,
    accounts: {
      async sessionsOf(sub) {
        calls.push(['sessionsOf', sub]);
        return [{ ...listed, sid: '0.2' }, listed];
      },
      endSession: note('endSession'),
      endAllSessions: note('endAllSessions'),
      changePassword: note('changePassword'),
    },
    administration: {
      endAllSessions: note('revoke'),
      disableUser: note('disable'),
      enableUser: note('enable'),
      changeRoles: note('roles'),
      async rotateKeys(...given) {
        calls.push(['rotateKeys', ...given]);
        return given[0] === 'hs256' ? { kid: 'k2', activateAtMillis: 1_000 } : null;
      },
      async queryLog(query) {
        calls.push(['queryLog', query]);
        if (query.at === 'never') return { ok: false, faults: [{ place: 'at', message: 'must be a time' }] };
        return { ok: true, value: { entries: [], next: null } };
      },
    },
  };
}
