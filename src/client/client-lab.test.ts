/** The client against real servers: a session that outlives its access tokens, and the requests that meet the change. */

import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import type { Clock } from '../kernel/clock.ts';
import { password } from '../strategies/lab-client.contract.ts';
import { useLab } from '../strategies/strategy-lab.contract.ts';
import { type Client, createClient } from './client.ts';
import { cookieFetch } from './cookie-fetch.ts';

function openRealm(clock: Clock) {
  const server = new MemoryServer(clock);
  return { connect: () => new MemoryEventLog({ partitions: 3, clock, server }) };
}

describe.each(['jwt-hs256', 'reference-token', 'session'])('%s', (strategy) => {
  const lab = useLab(openRealm, strategy);
  /** `METHOD path` under the mount, in the order sent. */
  let sent: string[];
  let losses = 0;
  let client: Client;

  function clientFor(fetchWithJar: typeof fetch): Client {
    return createClient({
      baseUrl: lab.node(0).url,
      pause: async () => {},
      strategy,
      onLoggedOut: () => {
        losses += 1;
      },
      fetch: (url, init) => {
        sent.push(`${init?.method ?? 'GET'} ${String(url).split(`/${strategy}`)[1]}`);
        return fetchWithJar(url, init);
      },
    });
  }

  const refreshes = () => sent.filter((line) => line === 'POST /auth/refresh').length;

  beforeEach(() => {
    sent = [];
    losses = 0;
    client = clientFor(cookieFetch(fetch));
  });

  test('logs in, asks, logs out, and is nobody afterwards', async () => {
    const username = 'user-of-the-client';
    await expect(client.login(username, 'wrong')).rejects.toMatchObject({ status: 401 });
    expect(await client.login(username, password)).toEqual({
      tokenType: lab.traits.transport === 'cookie' ? 'Cookie' : 'Bearer',
      expiresInSeconds: expect.any(Number),
    });
    expect(await client.profile()).toMatchObject({ sub: username, sid: expect.any(String), roles: ['user', 'admin'] });
    await client.logout();
    await client.logout();
    await expect(client.profile()).rejects.toMatchObject({ status: 401 });
    expect([refreshes(), losses]).toEqual([0, 0]);
  });

  test('lists the sessions of the user, ends one, changes the password and ends them all', async () => {
    const username = 'user-of-many-devices';
    const [phone, desk] = [clientFor(cookieFetch(fetch)), clientFor(cookieFetch(fetch))];
    for (const each of [phone, desk, client]) await each.login(username, password);
    const { sid } = await client.profile();
    const listed = await client.sessions();
    expect(listed).toHaveLength(3);
    expect(listed.filter(({ current }) => current)).toEqual([expect.objectContaining({ sid, strategy })]);
    for (const { startedAt, expiresAt } of listed) expect(Date.parse(startedAt)).toBeLessThan(Date.parse(expiresAt));

    const { sid: phoneSid = '' } = await phone.profile();
    await client.endSession(phoneSid);
    expect((await client.sessions()).map((session) => session.sid)).not.toContain(phoneSid);

    await expect(client.changePassword('wrong', 'another long password')).rejects.toMatchObject({ status: 401 });
    await client.changePassword(password, 'another long password');
    expect(await client.sessions()).toHaveLength(1);
    await expect(desk.login(username, password)).rejects.toMatchObject({ status: 401 });

    await client.logoutAll();
    await expect(client.profile()).rejects.toMatchObject({ status: 401 });
    expect([refreshes(), losses]).toEqual([0, 0]);
  });

  if (lab.traits.refresh) {
    test('past the expiry of its access token: fifty requests at once, one refresh', async () => {
      await client.login('fifty', password);
      const { sid } = await client.profile();
      for (let round = 1; round <= 3; round += 1) {
        lab.clock.advance(lab.policy.accessTokenMillis + lab.policy.leewayMillis + 1_000);
        sent.length = 0;
        const answers = await Promise.all(Array.from({ length: 50 }, () => client.request('/profile')));
        const bodies = await Promise.all(answers.map((answer) => answer.json()));
        expect(bodies).toEqual(bodies.map(() => expect.objectContaining({ sub: 'fifty', sid })));
        expect(refreshes()).toBe(1);
        expect(sent).toHaveLength(101);
      }
      expect(losses).toBe(0);
    });

    test('a page that starts anew has its session back by the cookie alone', async () => {
      const jar = cookieFetch(fetch);
      const page = clientFor(jar);
      await page.login('reloader', password);
      const { sid } = await page.profile();
      expect((await clientFor(jar).profile()).sid).toBe(sid);
      expect(refreshes()).toBe(1);
    });

    test('after the refresh token has expired the session is lost: told once, nothing more is refreshed', async () => {
      await client.login('sleeper', password);
      lab.clock.advance(lab.policy.inactivityMillis + 1_000);
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.request('/profile')));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
      await expect(client.profile()).rejects.toMatchObject({ status: 401 });
      expect([refreshes(), losses]).toEqual([1, 1]);
      await client.login('sleeper', password);
      await expect(client.profile()).resolves.toMatchObject({ sub: 'sleeper' });
    });

    test('while the log is away a refresh is repeated, then the fault is told; afterwards the session lives on', async () => {
      await client.login('patient', password);
      lab.clock.advance(lab.policy.accessTokenMillis + lab.policy.leewayMillis + 1_000);
      lab.node(0).log.away = true;
      try {
        await expect(client.profile()).rejects.toMatchObject({ status: 503 });
      } finally {
        lab.node(0).log.away = false;
      }
      await expect(client.profile()).resolves.toMatchObject({ sub: 'patient' });
      expect(losses).toBe(0);
    });
  }
});
