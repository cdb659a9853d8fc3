/** Two users for trying authlab out: alice and bob, with new random passwords at every start. */

import type { RandomBytes } from '../kernel/random.ts';
import { type ChangedPasswords, nothingChanged } from './changed-passwords.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { createPasswordUsers, hashPassword } from './password-users.ts';

export interface DemoUsers {
  readonly provider: IdentityProvider;
  /** To be shown once, to the person who started the server. */
  readonly credentials: readonly { readonly username: string; readonly password: string }[];
}

const demoRoles = { alice: ['user'], bob: ['user', 'admin'] } as const;

/**
 * Makes the users and hashes their passwords, which takes some tens of milliseconds. What somebody changed before this
 * start went with the passwords of that start, and is left alone. Throws ERR_LOG_UNAVAILABLE.
 */
export async function createDemoUsers(
  random: RandomBytes,
  changed: ChangedPasswords = nothingChanged,
): Promise<DemoUsers> {
  const made = await Promise.all(
    Object.entries(demoRoles).map(async ([username, roles]) => {
      const password = random(16).toString('base64url');
      return { username, password, user: { username, passwordHash: await hashPassword(password), roles } };
    }),
  );
  return {
    provider: createPasswordUsers(
      made.map(({ user }) => user),
      await changedFromNowOn(changed),
    ),
    credentials: made.map(({ username, password }) => ({ username, password })),
  };
}

/** A hash is salted: the same one can only be the one that was there before. */
async function changedFromNowOn(changed: ChangedPasswords): Promise<ChangedPasswords> {
  const names = Object.keys(demoRoles);
  const before = new Map(await Promise.all(names.map(async (name) => [name, await changed.read(name)] as const)));
  return {
    async read(sub) {
      const passwordHash = await changed.read(sub);
      return passwordHash === before.get(sub) ? null : passwordHash;
    },
  };
}
