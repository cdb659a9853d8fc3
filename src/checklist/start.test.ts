/** Rows 75 and 77: what a server has without being told, and what made-up tokens cost it. No Redis is needed to see it. */

import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { createDemoUsers } from '../identity/demo-users.ts';
import { labPassword } from '../identity/lab-users.ts';
import { createPasswordUsers, hashPassword } from '../identity/password-users.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { expectAccepted, expectNoRefresh } from '../strategies/expectations.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { loggedIn, useLab } from '../strategies/strategy-lab.contract.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';

describeRow(75, () => {
  const [name = '', beside = ''] = oneOfEachFamily().filter((each) => traitsOf(each).refresh);
  const lab = useLab(
    (clock) => {
      const server = new MemoryServer(clock);
      return { connect: () => new MemoryEventLog({ partitions: 2, clock, server }) };
    },
    name,
    { beside: [beside] },
  );

  test('a flood of refresh tokens and logouts that nobody was given', async () => {
    const victim = await loggedIn(lab);
    const sid = String((await victim.profile()).body.sid);
    const { log } = lab.node(0);
    const [calls, appended] = [log.calls, log.appended.length];
    for (const mount of [name, beside]) {
      for (let turn = 0; turn < 100; turn += 1) {
        const thief = lab.client(0, mount);
        thief.refreshToken = `${sid}.${systemRandomBytes(32).toString('base64url')}`;
        if (turn % 2 === 0) await expectNoRefresh({ traits: traitsOf(mount) }, thief);
        else expect((await thief.logout()).status).toBe(204);
      }
    }
    expect([log.calls, log.appended.length]).toEqual([calls, appended]);
    expectAccepted(await victim.profile());
    expect((await victim.refresh()).status).toBe(200);
  });
});

describeRow(77, () => {
  const readFile = (): never => {
    throw new Error('there is no file');
  };
  const secret = systemRandomBytes(32).toString('base64url');
  const load = (environment: Record<string, string>) => loadConfig({ environment, flags: {}, readFile });
  const faultsOf = (environment: Record<string, string>): string => {
    const loaded = load(environment);
    return loaded.ok ? '' : loaded.faults.map(({ message }) => message).join('\n');
  };

  test('without users, or without a secret, no server starts', () => {
    expect(faultsOf({ AUTHLAB_SECRET: secret })).toContain('nobody could log in');
    expect(faultsOf({ AUTHLAB_USERS_FILE: 'users.yaml' })).toContain('make one with');
    for (const fault of ['nobody could log in', 'make one with']) expect(faultsOf({})).toContain(fault);
  });

  test.each(['secret', 'changeme', 'authlab', 'x'.repeat(64), 'password'.repeat(8), '0'.repeat(43)])(
    'a secret that others could guess is none: %s',
    (guessed) => {
      const faults = faultsOf({ AUTHLAB_DEMO_USERS: 'true', AUTHLAB_SECRET: guessed });
      expect(faults).toMatch(/32 random bytes|is not random/);
      expect(faults).not.toContain(guessed);
    },
  );

  test('the users of the lab and of the demo come by their settings alone', () => {
    for (const [setting, kind] of [
      ['AUTHLAB_LAB', 'lab'],
      ['AUTHLAB_DEMO_USERS', 'demo'],
    ] as const) {
      const loaded = load({ [setting]: 'true' });
      expect(loaded.ok && [loaded.value.identity.kind, loaded.value.secret]).toEqual([kind, null]);
    }
  });

  test('users of a file are the only ones', async () => {
    const passwordHash = await hashPassword('of fifteen characters');
    const users = createPasswordUsers([{ username: 'ada', passwordHash, roles: [] }]);
    for (const [username, password] of [
      ['user-000000', labPassword],
      ['admin', 'admin-admin'],
      ['root', 'changeme'],
      ['alice', 'alice-alice'],
      ['ada', labPassword],
    ] as const)
      expect(await users.verify(username, password)).toBeNull();
    expect(await users.verify('ada', 'of fifteen characters')).toMatchObject({ sub: 'ada' });
  });

  test('passwords of the demo are random, and others at every start', async () => {
    const [first, second] = [await createDemoUsers(systemRandomBytes), await createDemoUsers(systemRandomBytes)];
    const passwords = [...first.credentials, ...second.credentials].map(({ password }) => password);
    expect(new Set(passwords).size).toBe(4);
    // 128 bits.
    for (const password of passwords) expect(Buffer.from(password, 'base64url')).toHaveLength(16);
  });
});
