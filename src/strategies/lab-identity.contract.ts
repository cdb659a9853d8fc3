/** Who may log in at a strategy lab. */

import type { ChangedPasswords } from '../identity/changed-passwords.ts';
import type { IdentityProvider } from '../identity/identity-provider.ts';
import { isRightPassword } from '../identity/password-users.ts';
import { password } from './lab-client.contract.ts';

/** Everybody is who they say they are, given the one password or their own; `<name>+<n>` has n more roles. */
export function identityWith(changed: ChangedPasswords): IdentityProvider {
  return {
    async verify(username, given) {
      const passwordHash = await changed.read(username);
      const matches = passwordHash === null ? given === password : await isRightPassword(passwordHash, given);
      if (!matches) return null;
      const more = Number(username.split('+')[1] ?? 0);
      return {
        sub: username,
        roles: ['user', 'admin', ...Array.from({ length: more }, (_, index) => `role-${index}`)],
      };
    },
  };
}
