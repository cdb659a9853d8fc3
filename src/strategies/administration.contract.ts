/** Every strategy that checks: what administrators do to a user, what comes of roles that changed, and who may ask for it. */

import { describe, expect, test, vi } from 'vitest';
import { alike, eventsOf, expectAccepted, expectBoundKept, expectNoRefresh } from './expectations.contract.ts';
import type { Client } from './lab-client.contract.ts';
import { loggedIn, type OpenRealm, type StrategyLab, stalenessLimitMillis, useLab } from './strategy-lab.contract.ts';

export function describeAdministration(openRealm: OpenRealm, name: string): void {
  describe('administration', () => {
    const lab = useLab(openRealm, name);
    const { traits } = lab;

    test('an administrator ends all sessions of a user; the next login lives', async () => {
      const [administrator, victim] = [await loggedIn(lab), await loggedIn(lab)];
      const ended = victim.copy();
      expect((await administrator.administer(victim.username, 'revoke')).status).toBe(204);
      await expectBoundKept(lab, ended);
      await expectNoRefresh(lab, victim.copy());
      expect((await eventsOf(lab, victim.username)).at(-1)).toMatchObject({ reason: 'ended-by-admin' });
      await victim.login();
      expectAccepted(await victim.profile());
      expectAccepted(await administrator.profile());
    });

    test('a disabled user is out and stays out, and is told what a mistyped password is told', async () => {
      const [administrator, victim] = [await loggedIn(lab), await loggedIn(lab)];
      const ended = victim.copy();
      expect((await administrator.administer(victim.username, 'disable')).status).toBe(204);
      await expectBoundKept(lab, ended);
      await expectNoRefresh(lab, victim.copy());
      const stranger = lab.client(1, name, victim.username);
      const right = await stranger.login();
      stranger.password = 'mistyped';
      expect(alike(right)).toBe(alike(await stranger.login()));
      expect(right.status).toBe(401);
      expect((await administrator.administer(victim.username, 'enable')).status).toBe(204);
      await victim.login();
      expectAccepted(await victim.profile());
    });

    test('changed roles count when the trait says so, and at the next login at the latest', async () => {
      const [administrator, user] = [await loggedIn(lab), await loggedIn(lab)];
      const roles = ['user', 'auditor'];
      const before = (await user.profile()).body.roles;
      expect((await administrator.administer(user.username, 'roles', { roles })).status).toBe(204);
      for (const holder of [user.copy(0), user.copy(1)]) await expectRolesByTrait(lab, holder, before, roles);
      if (traits.refresh) {
        expect((await user.refresh()).status).toBe(200);
        expect((await user.profile()).body.roles).toEqual(roles);
      }
      await user.login();
      expect((await user.profile()).body.roles).toEqual(roles);
    });

    test('whoever is no administrator is turned away, and nothing happens', async () => {
      const [administrator, user] = [await loggedIn(lab), await loggedIn(lab)];
      await administrator.administer(user.username, 'roles', { roles: ['user', 'administrator', 'Admin'] });
      await user.login();
      const appendedBefore = lab.node(0).log.appended.length;
      const answers = [
        ...(await Promise.all(
          ['revoke', 'disable', 'enable', 'roles'].map((what) =>
            user.administer(administrator.username, what, { roles: [] }),
          ),
        )),
        await user.administer(user.username, 'roles', { roles: ['admin'] }),
        await user.send('GET', `/log?user=${user.username}`),
      ];
      for (const { status, body, headers } of answers) {
        expect([status, body.error]).toEqual([403, 'insufficient_scope']);
        const challenge = headers.get('www-authenticate') ?? '';
        expect(challenge.includes('error="insufficient_scope"')).toBe(traits.transport === 'bearer');
      }
      expect(lab.node(0).log.appended.length).toBe(appendedBefore);
      expectAccepted(await administrator.profile());
    });

    test('names and roles are checked before they get near the log', async () => {
      const administrator = await loggedIn(lab);
      await administrator.profile();
      const [callsBefore, appendedBefore] = [lab.node(0).log.calls, lab.node(0).log.appended.length];
      let requests = 0;
      const refuse = async (sub: string, what: string, body: object = {}) => {
        requests += 1;
        expect((await administrator.administer(sub, what, body)).status).toBe(400);
      };
      for (const sub of ['a b', 'a\nb', 'ä', '\0', 'x'.repeat(129)]) {
        for (const what of ['revoke', 'disable', 'enable']) await refuse(sub, what);
        await refuse(sub, 'roles', { roles: [] });
      }
      const many = Array.from({ length: 201 }, (_, index) => `role-${index}`);
      for (const roles of [undefined, null, 'admin', [7], ['a b'], [''], ['x'.repeat(65)], many]) {
        await refuse('somebody', 'roles', { roles });
      }
      expect(lab.node(0).log.appended.length).toBe(appendedBefore);
      expect(lab.node(0).log.calls - callsBefore).toBe(requests * traits.redisCommandsPerCheck);
    });

    test('the log answers for administrators', async () => {
      const [administrator, user] = [await loggedIn(lab), await loggedIn(lab)];
      const { sid } = (await user.profile()).body;
      await user.logout();
      const answer = await administrator.send('GET', `/log?user=${user.username}`);
      expect(answer.status).toBe(200);
      const entries = answer.body.entries as readonly object[];
      expect(entries.map((entry) => JSON.stringify(entry))).toEqual([
        expect.stringMatching(/SessionStarted/),
        expect.stringMatching(/SessionTerminated.*logout/),
      ]);
      for (const entry of entries) expect(JSON.stringify(entry)).toContain(String(sid));
      for (const query of ['user=a&user=b', 'limit=1', 'at=yesterday', 'sid=*']) {
        expect((await administrator.send('GET', `/log?${query}`)).status).toBe(400);
      }
    });

    test('while the log is away an administrator is never told that something was done', async () => {
      const [administrator, victim] = [await loggedIn(lab), await loggedIn(lab, undefined, 1)];
      lab.node(0).log.away = true;
      for (const what of ['revoke', 'disable', 'enable', 'roles']) {
        expect((await administrator.administer(victim.username, what, { roles: ['user'] })).status).toBe(503);
      }
      lab.node(0).log.away = false;
      expectAccepted(await victim.profile());
    });

    test('one who lost the role is no administrator any more, when the trait says so', async () => {
      const [administrator, fallen] = [await loggedIn(lab), await loggedIn(lab)];
      await administrator.administer(fallen.username, 'roles', { roles: ['user'] });
      if (traits.refresh) await fallen.refresh();
      else if (traits.rolesChange === 'at-the-next-login') await fallen.login();
      await vi.waitFor(
        async () => expect((await fallen.administer(administrator.username, 'revoke')).status).toBe(403),
        { timeout: stalenessLimitMillis },
      );
      expectAccepted(await administrator.profile());
    });
  });
}

/** Where nothing is checked nobody can be told from anybody: nothing that acts for a user is there. */
export function describeNoAccounts(openRealm: OpenRealm, name: string): void {
  describe('accounts', () => {
    const lab = useLab(openRealm, name);

    test('have no routes', async () => {
      const client = await loggedIn(lab);
      const answers = [
        await client.sessions(),
        await client.endSession('x'),
        await client.logoutAll(),
        await client.changePassword(client.password, 'another one of some length'),
        await client.administer(client.username, 'disable'),
        await client.send('POST', '/admin/keys/rotate', {}, '{"algorithm":"hs256"}'),
        await client.send('GET', '/log'),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
      expect(lab.node(0).log.appended).toEqual([]);
    });
  });
}

/** What a credential from before the change says after it, and, where that is all it can, after a refresh. */
async function expectRolesByTrait(lab: StrategyLab, holder: Client, before: unknown, after: unknown): Promise<void> {
  const rolesNow = async () => (await holder.profile()).body.roles;
  switch (lab.traits.rolesChange) {
    case 'at-once':
      expect(await rolesNow()).toEqual(after);
      return;
    case 'within-the-staleness-limit':
      await vi.waitFor(async () => expect(await rolesNow()).toEqual(after), { timeout: stalenessLimitMillis });
      return;
    case 'at-once-by-refresh':
      expect((await holder.profile()).status).toBe(401);
      return;
    case 'at-the-next-refresh':
    case 'at-the-next-login':
      expect(await rolesNow()).toEqual(before);
      return;
    case 'never':
      throw new Error('a strategy that checks has roles that change at some time');
  }
}
