/**
 * The users of a lab node: a million of them, all with one well-known password that is compared and not hashed, because
 * the lab measures what follows a login and makes thousands of logins to get there. Never for anything but the lab.
 */

import { equalInConstantTime } from '../kernel/digest.ts';
import type { IdentityProvider } from './identity-provider.ts';

export const labPassword = 'lab-password';

const labUsername = /^user-\d{6}$/;

/** Name of a lab user by number, 0 to 999,999. */
export function labUser(number: number): string {
  return `user-${String(number).padStart(6, '0')}`;
}

/** Every lab user has the same `roleCount` roles: `user`, `role-01`, `role-02` … */
export function createLabUsers(roleCount: number): IdentityProvider {
  const roles = Array.from({ length: roleCount }, (_, index) =>
    index === 0 ? 'user' : `role-${String(index).padStart(2, '0')}`,
  );
  return {
    async verify(username, password) {
      const matches = equalInConstantTime(password, labPassword);
      return matches && labUsername.test(username) ? { sub: username, roles } : null;
    },
  };
}
