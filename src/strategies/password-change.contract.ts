/** Every strategy that checks: what a changed password ends, and what it takes to change one. */

import { describe, expect, test } from 'vitest';
import { eventsOf, expectAccepted, expectBoundKept, expectLivesOn, expectNoRefresh } from './expectations.contract.ts';
import { traitsOf } from './registry.ts';
import { loggedIn, neighbourOf, type OpenRealm, useLab } from './strategy-lab.contract.ts';

const nextPassword = 'a new one, fifteen characters and more';

export function describePasswordChange(openRealm: OpenRealm, name: string): void {
  describe('another password', () => {
    const beside = neighbourOf(name);
    const lab = useLab(openRealm, name, { beside: [beside] });

    test('counts at once everywhere, ends the other sessions, and lets this one go on', async () => {
      const client = await loggedIn(lab);
      const old = client.password;
      const other = await loggedIn(lab, client.username, 1);
      const foreign = await loggedIn(lab, client.username, 0, beside);
      expect((await client.changePassword(old, nextPassword)).status).toBe(204);
      await expectBoundKept(lab, other);
      await expectNoRefresh(lab, other);
      await expectBoundKept({ traits: traitsOf(beside) }, foreign);
      await expectLivesOn(lab, client);
      for (const node of [0, 1] as const) {
        const guess = lab.client(node, name, client.username);
        expect((await guess.login()).status).toBe(401);
        guess.password = nextPassword;
        expect((await guess.login()).status).toBe(200);
      }
      const written = JSON.stringify(await eventsOf(lab, client.username));
      expect(written).toContain('PasswordChanged');
      expect(written).not.toMatch(/argon2|fifteen characters/);
    });

    test('needs the present one, and one of some length', async () => {
      const client = await loggedIn(lab);
      const other = await loggedIn(lab, client.username);
      const wrong = await client.changePassword(`${client.password}!`, nextPassword);
      expect([wrong.status, wrong.body.type]).toEqual([401, 'urn:authlab:problem:wrong-password']);
      expect(wrong.headers.get('www-authenticate')).not.toContain('error');
      for (const short of ['', 'fourteen chars', 'ä'.repeat(14), 'x'.repeat(1_025)]) {
        const { status, body } = await client.changePassword(client.password, short);
        expect([status, body.type]).toEqual([422, 'urn:authlab:problem:unfit-password']);
      }
      for (const holder of [client, other]) expectAccepted(await holder.profile());
      expect((await lab.client(0, name, client.username).login()).status).toBe(200);
    });
  });
}
