/** Every provider of users: who gets in, who does not, and what a refusal costs. */

import { hash } from '@node-rs/argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemRandomBytes } from '../kernel/random.ts';
import type { ChangedPasswords } from './changed-passwords.ts';
import { createDemoUsers } from './demo-users.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { createLabUsers, labPassword, labUser } from './lab-users.ts';
import {
  createPasswordUsers,
  hashPassword,
  isNewPassword,
  isRightPassword,
  isUsername,
  passwordHashFault,
} from './password-users.ts';

describe('users with passwords', () => {
  const long = 'x'.repeat(199);
  let users: IdentityProvider;

  beforeAll(async () => {
    users = createPasswordUsers([
      { username: 'carol', passwordHash: await hashPassword('correct horse'), roles: ['user', 'admin'] },
      { username: 'dave', passwordHash: await hashPassword(`${long}y`), roles: [] },
    ]);
  });

  it('gives the user for the right password', async () => {
    expect(await users.verify('carol', 'correct horse')).toEqual({ sub: 'carol', roles: ['user', 'admin'] });
    expect(await users.verify('dave', `${long}y`)).toEqual({ sub: 'dave', roles: [] });
  });

  it.each([
    ['a wrong password', 'carol', 'correct hors3'],
    ['other letter case', 'carol', 'Correct horse'],
    ['another user’s password', 'dave', 'correct horse'],
    ['a difference in the 200th character', 'dave', `${'x'.repeat(199)}z`],
    ['a name in other letter case', 'Carol', 'correct horse'],
    ['an unknown user', 'erin', 'correct horse'],
    ['the name of a property', '__proto__', 'correct horse'],
    ['an empty name', '', 'correct horse'],
    ['an empty password', 'carol', ''],
    ['a password that is too short', 'carol', 'correct'],
    ['a password that is too long', 'carol', 'x'.repeat(1_025)],
    ['a password with NUL', 'carol', 'correct horse\0'],
  ])('refuses %s', async (_, username, password) => {
    expect(await users.verify(username, password)).toBeNull();
  });

  it('hashes for an unknown user as for a wrong password', async () => {
    const cpuMicros = async (username: string) => {
      const before = process.cpuUsage();
      for (let round = 0; round < 4; round += 1) await users.verify(username, 'not the password');
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const known = await cpuMicros('carol');
    const unknown = await cpuMicros('nobody');
    // Without hashing the ratio is some hundreds; the margin is for a busy machine.
    expect(known / unknown).toBeLessThan(8);
  });
});

describe('password hashes', () => {
  it('are accepted at the cost that is used for new ones, and above', async () => {
    expect(passwordHashFault(await hashPassword('correct horse'))).toBeNull();
    expect(passwordHashFault(await hash('correct horse', { memoryCost: 7_168, timeCost: 5 }))).toBeNull();
  });

  it('are refused when they are weak, of another kind, or broken', async () => {
    expect(passwordHashFault(await hash('correct horse', { memoryCost: 4_096, timeCost: 2 }))).toMatch(/too weak/);
    expect(passwordHashFault(await hash('correct horse', { memoryCost: 8_192, timeCost: 1 }))).toMatch(/too weak/);
    expect(passwordHashFault(await hash('correct horse', { outputLen: 8 }))).toMatch(/too short/);
    expect(passwordHashFault('$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA')).toMatch(/costly/);
    expect(passwordHashFault('$2b$10$abcdefghijklmnopqrstuv')).toMatch(/must be an argon2id/);
    expect(passwordHashFault('$argon2id$v=19$nonsense')).toMatch(/not a well-formed/);
    expect(passwordHashFault('')).toMatch(/must be an argon2id/);
  });
});

describe('names', () => {
  it.each(['a', 'alice', 'alice@example.org', 'x'.repeat(128)])('%s may be one', (name) => {
    expect(isUsername(name)).toBe(true);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a\nb', 'a\0', 'ä', 'a\u007f'])('%j may not', (name) => {
    expect(isUsername(name)).toBe(false);
  });
});

describe('lab users', () => {
  it('are a million, with one password and as many roles as asked for', async () => {
    const users = createLabUsers(['user', 'role-01', 'role-02']);
    expect(await users.verify('user-000000', labPassword)).toEqual({
      sub: 'user-000000',
      roles: ['user', 'role-01', 'role-02'],
    });
    expect(await users.verify(labUser(999_999), labPassword)).toMatchObject({ sub: 'user-999999' });
    expect(await createLabUsers([]).verify(labUser(1), labPassword)).toEqual({ sub: 'user-000001', roles: [] });
  });

  it('are administered by others, who have one role more', async () => {
    const users = createLabUsers(['user', 'role-01']);
    expect(await users.verify('admin-000000', labPassword)).toEqual({
      sub: 'admin-000000',
      roles: ['user', 'role-01', 'admin'],
    });
    expect(await users.verify(labUser(1), labPassword)).toMatchObject({ roles: ['user', 'role-01'] });
  });

  it.each([
    ['user-000001', 'lab-passwore'],
    ['user-000001', ''],
    ['user-1', labPassword],
    ['user-0000001', labPassword],
    ['user-000001\n', labPassword],
    ['alice', labPassword],
    ['admin-000000', 'lab-passwore'],
    ['admin-1', labPassword],
    ['xadmin-000000', labPassword],
  ])('%j with %j are refused', async (username, password) => {
    expect(await createLabUsers(['user']).verify(username, password)).toBeNull();
  });
});

describe('demo users', () => {
  it('have other passwords at every start', async () => {
    const [first, second] = await Promise.all([createDemoUsers(systemRandomBytes), createDemoUsers(systemRandomBytes)]);
    expect(first.credentials.map(({ username }) => username)).toEqual(['alice', 'bob']);
    for (const { username, password } of first.credentials) {
      expect(await first.provider.verify(username, password)).toMatchObject({ sub: username });
      expect(await second.provider.verify(username, password)).toBeNull();
    }
  });
});

describe('a changed password', () => {
  /** As many changes as a test makes, and whose were asked for. */
  function changes(): ChangedPasswords & { readonly hashes: Map<string, string>; readonly asked: string[] } {
    const hashes = new Map<string, string>();
    const asked: string[] = [];
    return {
      hashes,
      asked,
      async read(sub) {
        asked.push(sub);
        return hashes.get(sub) ?? null;
      },
    };
  }

  it('counts in place of the list’s', async () => {
    const changed = changes();
    const listed = { username: 'carol', passwordHash: await hashPassword('correct horse'), roles: ['user'] };
    const users = createPasswordUsers([listed], changed);
    expect(await users.verify('carol', 'correct horse')).toMatchObject({ sub: 'carol' });
    changed.hashes.set('carol', await hashPassword('battery staple'));
    expect(await users.verify('carol', 'correct horse')).toBeNull();
    expect(await users.verify('carol', 'battery staple')).toEqual({ sub: 'carol', roles: ['user'] });
  });

  it('is asked for once, and for an unknown name as for a known one, whose hash it is judged by', async () => {
    const changed = changes();
    const listed = { username: 'carol', passwordHash: await hashPassword('correct horse'), roles: [] };
    const users = createPasswordUsers([listed], changed);
    changed.hashes.set('carol', await hashPassword('battery staple'));
    changed.hashes.set('mallory', await hashPassword('no user of ours'));
    for (const password of ['battery staple', 'no user of ours']) {
      expect(await users.verify('mallory', password)).toBeNull();
    }
    await users.verify('carol', 'correct horse');
    expect(changed.asked).toEqual(['carol', 'carol', 'carol']);
    for (const name of ['', 'a b', '{0}:\n', 'x'.repeat(129)])
      expect(await users.verify(name, 'x'.repeat(20))).toBeNull();
    expect(changed.asked.length).toBe(3);
  });

  it('counts for lab users', async () => {
    const changed = changes();
    const users = createLabUsers(['user'], changed);
    changed.hashes.set('user-000001', await hashPassword('battery staple'));
    expect(await users.verify('user-000001', labPassword)).toBeNull();
    expect(await users.verify('user-000001', 'battery staple')).toMatchObject({ sub: 'user-000001' });
    expect(await users.verify('user-000002', labPassword)).toMatchObject({ sub: 'user-000002' });
  });

  it('counts for demo users until the next start, which shows new ones', async () => {
    const changed = changes();
    const first = await createDemoUsers(systemRandomBytes, changed);
    changed.hashes.set('alice', await hashPassword('battery staple'));
    const [alice = { username: '', password: '' }] = first.credentials;
    expect(await first.provider.verify('alice', alice.password)).toBeNull();
    expect(await first.provider.verify('alice', 'battery staple')).toMatchObject({ sub: 'alice' });
    const second = await createDemoUsers(systemRandomBytes, changed);
    expect(await second.provider.verify('alice', 'battery staple')).toBeNull();
    expect(await second.provider.verify('alice', second.credentials[0]?.password ?? '')).toMatchObject({
      sub: 'alice',
    });
    changed.hashes.set('alice', await hashPassword('battery staple again'));
    expect(await second.provider.verify('alice', 'battery staple again')).toMatchObject({ sub: 'alice' });
  });

  it('keeps its every character', async () => {
    const long = 'ä'.repeat(500);
    const passwordHash = await hashPassword(`${long}x`);
    expect(await isRightPassword(passwordHash, `${long}x`)).toBe(true);
    expect(await isRightPassword(passwordHash, `${long}y`)).toBe(false);
    expect([isNewPassword('x'.repeat(15)), isNewPassword('x'.repeat(14))]).toEqual([true, false]);
  });
});
