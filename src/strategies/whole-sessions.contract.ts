/** Every strategy that checks: all of a user's sessions at once, one from another, and what a changed password ends. */

import { describe, expect, test } from 'vitest';
import {
  alike,
  eventsOf,
  expectAccepted,
  expectBoundKept,
  expectLives,
  expectNoRefresh,
  expectRefused,
} from './expectations.contract.ts';
import type { Answer, Client } from './lab-client.contract.ts';
import { traitsOf } from './registry.ts';
import { loggedIn, neighbourOf, type OpenRealm, useLab } from './strategy-lab.contract.ts';

const nextPassword = 'a new one, fifteen characters and more';

export function describeWholeSessions(openRealm: OpenRealm, name: string): void {
  describe('whole sessions', () => {
    const beside = neighbourOf(name);
    const lab = useLab(openRealm, name, { beside: [beside] });

    test('logout-all ends every session of the user, of other strategies too, and nobody else', async () => {
      const [client, bystander] = [await loggedIn(lab), await loggedIn(lab)];
      const second = await loggedIn(lab, client.username, 1);
      const foreign = await loggedIn(lab, client.username, 1, beside);
      const captured = client.copy();
      expect((await client.logoutAll()).status).toBe(204);
      expect(client.cookieNames).toEqual([]);
      for (const ended of [captured, second]) {
        await expectBoundKept(lab, ended);
        await expectNoRefresh(lab, ended);
      }
      await expectBoundKept({ traits: traitsOf(beside) }, foreign);
      expectAccepted(await bystander.profile());
      expect((await eventsOf(lab, client.username)).at(-1)).toMatchObject({
        type: 'AllSessionsTerminated',
        reason: 'logout-all',
      });
    });

    test('what began before a logout-all is over and what began after it lives, in the same millisecond too', async () => {
      const client = lab.client();
      const [other, begun] = [lab.client(1, name, client.username), lab.client(1, name, client.username)];
      const ended: Client[] = [other];
      await lab.clock.inOneMillisecond(async () => {
        for (const each of [client, other]) expect((await each.login()).status).toBe(200);
        ended.push(client.copy());
        expect((await client.logoutAll()).status).toBe(204);
        expect((await begun.login()).status).toBe(200);
        expectAccepted(await begun.profile());
      });
      for (const each of ended) await expectBoundKept(lab, each);
      for (const holder of [begun.copy(0), begun.copy(1)]) expectAccepted(await holder.profile());
      if (lab.traits.refresh) expect((await begun.refresh()).status).toBe(200);
      expect(await sidsOf(begun)).toEqual([(await begun.profile()).body.sid]);
    });

    test('logins that race a logout-all are over or live, at both nodes alike', async () => {
      const client = await loggedIn(lab);
      const racing = Array.from({ length: 6 }, (_, index) =>
        lab.client(index % 2 === 0 ? 0 : 1, name, client.username),
      );
      await Promise.all([client.logoutAll(), ...racing.map((each) => each.login())]);
      const last = await loggedIn(lab, client.username);
      const living = new Set(await sidsOf(last));
      let lived = 1;
      for (const each of racing) {
        const { body, status } = await each.profile();
        if (status === 200 && living.has(String(body.sid))) {
          await expectLives(lab, each);
          lived += 1;
        } else await expectBoundKept(lab, each);
      }
      expect(lived).toBe(living.size);
    });

    test('the list shows the own sessions, newest first, with the current one marked', async () => {
      const first = await loggedIn(lab);
      lab.clock.advance(10);
      const foreign = await loggedIn(lab, first.username, 1, beside);
      lab.clock.advance(10);
      const client = await loggedIn(lab, first.username);
      await loggedIn(lab);
      const sid = async (holder: Client) => (await holder.profile()).body.sid;
      const answer = await client.sessions();
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const facts = { startedAt: time, expiresAt: time };
      expect(answer.body).toEqual({
        sessions: [
          { sid: await sid(client), strategy: name, current: true, ...facts },
          { sid: await sid(foreign), strategy: beside, current: false, ...facts },
          { sid: await sid(first), strategy: name, current: false, ...facts },
        ],
      });
      const [{ startedAt, expiresAt }] = answer.body.sessions as [{ startedAt: string; expiresAt: string }];
      expect(Date.parse(expiresAt) - Date.parse(startedAt)).toBe(lab.policy.absoluteMillis);
    });

    test('one session ends another, and only that', async () => {
      const client = await loggedIn(lab);
      const other = await loggedIn(lab, client.username, 1);
      const foreign = await loggedIn(lab, client.username, 1, beside);
      const sid = String((await other.profile()).body.sid);
      const ended = await client.endSession(sid);
      expect([ended.status, ended.setCookies]).toEqual([204, []]);
      await expectBoundKept(lab, other);
      await expectNoRefresh(lab, other);
      await expectLives(lab, client);
      expectAccepted(await foreign.profile());
      expect(await sidsOf(client)).not.toContain(sid);
      expect((await client.endSession(sid)).status).toBe(204);
      const ends = (await eventsOf(lab, client.username)).filter(({ type }) => type === 'SessionTerminated');
      expect(ends).toMatchObject([{ sid, reason: 'ended-by-user' }]);
    });

    test('ending the current session is a logout', async () => {
      const client = await loggedIn(lab);
      const captured = client.copy();
      const sid = String((await client.profile()).body.sid);
      expect((await client.endSession(sid)).status).toBe(204);
      expect(client.cookieNames).toEqual([]);
      await expectBoundKept(lab, captured);
      await expectNoRefresh(lab, captured);
    });

    test('somebody else’s session, an unknown one and no session are answered alike, and nothing ends', async () => {
      const [client, victim] = [await loggedIn(lab), await loggedIn(lab, undefined, 1)];
      const foreign = String((await victim.profile()).body.sid);
      const appendedBefore = lab.node(0).log.appended.length;
      const answers: Answer[] = [];
      for (const sid of [foreign, `0.${'A'.repeat(22)}`, '*', '__proto__', 'constructor', '{0}:x', 'x'.repeat(2_000)]) {
        answers.push(await client.endSession(sid));
      }
      expect(new Set(answers.map(alike)).size).toBe(1);
      expect(answers[0]?.status).toBe(204);
      expect(lab.node(0).log.appended.length).toBe(appendedBefore);
      for (const holder of [victim, client]) expectAccepted(await holder.profile());
    });

    test('while the log is away nothing is said to be done, and what failed can be tried again', async () => {
      const client = await loggedIn(lab);
      const other = await loggedIn(lab, client.username);
      const sid = String((await other.profile()).body.sid);
      const tried = [
        () => client.logoutAll(),
        () => client.endSession(sid),
        () => client.changePassword(client.password, nextPassword),
        () => client.sessions(),
      ];
      lab.node(0).log.away = true;
      for (const request of tried) {
        const { status, setCookies } = await request();
        expect([status, setCookies]).toEqual([503, []]);
      }
      lab.node(0).log.away = false;
      for (const holder of [client, other]) expectAccepted(await holder.profile());
      const captured = client.copy();
      expect((await client.logoutAll()).status).toBe(204);
      await expectBoundKept(lab, captured);
    });

    test('without a good credential there is no account', async () => {
      const nobody = lab.client();
      const requests = [
        () => nobody.sessions(),
        () => nobody.logoutAll(),
        () => nobody.endSession('x'),
        () => nobody.changePassword(nobody.password, nextPassword),
      ];
      for (const request of requests) expectRefused(lab, await request(), 'nothing sent');
      nobody.credential = 'garbage';
      for (const request of requests) expectRefused(lab, await request());
    });
  });

  describeSessionLimit(openRealm, name);
}

function describeSessionLimit(openRealm: OpenRealm, name: string): void {
  describe('the limit of sessions', () => {
    const maximumSessions = 3;
    const lab = useLab(openRealm, name, { policy: { maximumSessions } });

    test('one more ends the oldest, again and again', async () => {
      const oldest = await loggedIn(lab);
      const clients = [oldest];
      for (let login = 1; login < 7; login += 1) {
        lab.clock.advance(10);
        clients.push(await loggedIn(lab, oldest.username, login % 2 === 0 ? 0 : 1));
        const listed = (await (clients.at(-1) as Client).sessions()).body.sessions as readonly unknown[];
        expect(listed.length).toBe(Math.min(clients.length, maximumSessions));
      }
      for (const ended of clients.slice(0, -maximumSessions)) {
        await expectBoundKept(lab, ended);
        await expectNoRefresh(lab, ended);
      }
      for (const living of clients.slice(-maximumSessions)) await expectLives(lab, living);
      const reasons = (await eventsOf(lab, oldest.username)).map(({ reason }) => reason).filter(Boolean);
      expect(reasons).toEqual(clients.slice(maximumSessions).map(() => 'session-limit'));
    });
  });
}

async function sidsOf(client: Client): Promise<readonly string[]> {
  const { sessions } = (await client.sessions()).body as { sessions: readonly { sid: string }[] };
  return sessions.map(({ sid }) => sid);
}
