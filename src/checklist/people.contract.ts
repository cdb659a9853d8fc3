/** Users with hashed passwords, for servers that are no lab: a hundred of them, and an administrator. */

import { labPassword } from '../identity/lab-users.ts';
import { hashPassword } from '../identity/password-users.ts';

export const administrator = 'grace';

const numbers = Array.from({ length: 100 }, (_, number) => number);

/** Gives people whom the caller's servers have not met; each file of tests has servers, and people, of its own. */
export function newPeople(): () => string {
  let taken = 0;
  return () => {
    if (taken === numbers.length) throw new Error('there are no more people');
    taken += 1;
    return personName(taken - 1);
  };
}

function personName(number: number): string {
  return `person-${number}`;
}

export interface Person {
  readonly username: string;
  readonly roles: readonly string[];
}

/** A users file; all have the password that clients of the checklist's servers show. */
export async function usersFile(more: readonly Person[] = []): Promise<string> {
  const passwordHash = await hashPassword(labPassword);
  const users = [
    { username: administrator, passwordHash, roles: ['user', 'admin'] },
    ...numbers.map((number) => ({ username: personName(number), passwordHash, roles: ['user'] })),
    ...more.map((person) => ({ ...person, passwordHash })),
  ];
  return JSON.stringify({ users });
}
