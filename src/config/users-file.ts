/** The file of users: names, argon2id hashes and roles. */

import { z } from 'zod';
import { labClaims } from '../identity/lab-claims.ts';
import { isUsername, type PasswordUser, passwordHashFault } from '../identity/password-users.ts';
import { isRole, maximumRoles } from '../identity/roles.ts';
import { parseSettings } from '../kernel/settings-file.ts';
import type { Reading } from './reading.ts';

/** Who may log in, and how that is known. */
export type IdentitySource =
  | { readonly kind: 'users'; readonly users: readonly PasswordUser[] }
  | { readonly kind: 'demo' }
  | { readonly kind: 'lab'; readonly roles: readonly string[] };

const role = z.string().refine(isRole, 'must be 1 to 64 printable characters without blanks');

const user = z.strictObject({
  username: z.string().refine(isUsername, 'must be 1 to 128 printable characters without blanks'),
  passwordHash: z.string().superRefine((hash, context) => {
    const message = passwordHashFault(hash);
    if (message !== null) context.addIssue({ code: 'custom', message });
  }),
  roles: z.array(role).max(maximumRoles).default([]),
});

const usersFile = z.strictObject({
  users: z
    .array(user)
    .min(1)
    .superRefine((users, context) => {
      const seen = new Set<string>();
      for (const [index, { username }] of users.entries()) {
        if (seen.has(username))
          context.addIssue({ code: 'custom', message: 'is there twice', path: [index, 'username'] });
        seen.add(username);
      }
    }),
});

/** Exactly one source must be given: without one nobody could log in, with two it would be unclear who can. */
export function readIdentity({ values, complain, open, report }: Reading): IdentitySource {
  const given = (['usersFile', 'demoUsers', 'lab'] as const).filter(
    (name) => values[name] !== undefined && values[name] !== false,
  );
  if (given.length === 0)
    complain(['usersFile'], 'is missing: nobody could log in; name a file, or start with --demo-users');
  if (given.length > 1) complain(given, `${given.join(' and ')} exclude each other`);
  if (values.lab === true) return { kind: 'lab', roles: readLabRoles({ values, complain }) };
  if (values.usersFile === undefined) return { kind: 'demo' };
  const file = open('usersFile', values.usersFile);
  if (file === null) return { kind: 'users', users: [] };
  // `users: [{ username, passwordHash, roles }]`
  const parsed = parseSettings(usersFile, file.text, file.name);
  if (!parsed.ok) report(parsed.faults);
  return { kind: 'users', users: parsed.ok ? parsed.value.users : [] };
}

/** So many, or those of a profile; one unless told otherwise. */
function readLabRoles({ values, complain }: Pick<Reading, 'values' | 'complain'>): readonly string[] {
  const { labRoles, labClaims: profile } = values;
  if (labRoles !== undefined && profile !== undefined) {
    complain(['labRoles', 'labClaims'], 'labRoles and labClaims exclude each other');
  }
  return labClaims(profile ?? `roles-${labRoles ?? 1}`) ?? [];
}
