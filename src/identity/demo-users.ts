/** Two users for trying authlab out: alice and bob, with new random passwords at every start. */

import type { RandomBytes } from '../kernel/random.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { createPasswordUsers, hashPassword } from './password-users.ts';

export interface DemoUsers {
  readonly provider: IdentityProvider;
  /** To be shown once, to the person who started the server. */
  readonly credentials: readonly { readonly username: string; readonly password: string }[];
}

const demoRoles = { alice: ['user'], bob: ['user', 'admin'] } as const;

/** Makes the users and hashes their passwords, which takes some tens of milliseconds. */
export async function createDemoUsers(random: RandomBytes): Promise<DemoUsers> {
  const made = await Promise.all(
    Object.entries(demoRoles).map(async ([username, roles]) => {
      const password = random(16).toString('base64url');
      return { username, password, user: { username, passwordHash: await hashPassword(password), roles } };
    }),
  );
  return {
    provider: createPasswordUsers(made.map(({ user }) => user)),
    credentials: made.map(({ username, password }) => ({ username, password })),
  };
}
