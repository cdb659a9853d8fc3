/**
 * The users of a lab node: a million of them and as many administrators, all with one well-known password that is
 * compared and not hashed, because the lab measures what follows a login and makes thousands of logins to get there. Only
 * one that was changed is hashed. Never for anything but the lab.
 */

import { equalInConstantTime } from '../kernel/digest.ts';
import { type ChangedPasswords, nothingChanged } from './changed-passwords.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { isRightPassword } from './password-users.ts';

export const labPassword = 'lab-password';

const labUsername = /^(?<kind>user|admin)-\d{6}$/;

/** Name of a lab user by number, 0 to 999,999. */
export function labUser(number: number): string {
  return `user-${String(number).padStart(6, '0')}`;
}

/** Every lab user has these same roles. As many administrators, `admin-000000` and so on, have the role `admin` besides. */
export function createLabUsers(roles: readonly string[], changed: ChangedPasswords = nothingChanged): IdentityProvider {
  return {
    async verify(username, password) {
      const kind = labUsername.exec(username)?.groups?.kind;
      if (kind === undefined) return null;
      const passwordHash = await changed.read(username);
      const matches =
        passwordHash === null
          ? equalInConstantTime(password, labPassword)
          : await isRightPassword(passwordHash, password);
      return matches ? { sub: username, roles: kind === 'admin' ? [...roles, 'admin'] : roles } : null;
    },
  };
}
