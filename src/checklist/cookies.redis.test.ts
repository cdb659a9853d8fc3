/** Rows 10 to 13, 21 and 22: how cookies are set, which of them count, and when they go. */

import { describe, expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { refreshCookieName, sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import type { Answer, Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { useServers } from './checklist-server.contract.ts';
import { sidOf } from './ended.contract.ts';
import { everyTransport, isTakenBack, parseSetCookie, type SetCookie } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const checking = everyTransport();
const servers = useServers({ settings: { STRATEGIES: checking.join(), STRATEGY: 'hybrid-hs256' } });
const withRefresh = checking.filter((name) => traitsOf(name).refresh);
const withSession = checking.filter((name) => traitsOf(name).transport === 'cookie');

function cookiesOf({ setCookies }: Answer): readonly SetCookie[] {
  return setCookies.map(parseSetCookie);
}

/** Every cookie that a life from login to logout sets and takes back; at the root as well, where a strategy is mounted twice. */
async function cookiesOfALife(name: string): Promise<readonly SetCookie[]> {
  const client = servers.client(name);
  const answers = [await client.login()];
  if (traitsOf(name).refresh) answers.push(await client.refresh());
  answers.push(await client.login(), await client.logout());
  await client.login();
  answers.push(await client.logoutAll());
  return answers.flatMap(cookiesOf);
}

/** Names of the cookies that a strategy may set. */
function namesOf(name: string): readonly string[] {
  const { transport, signature } = traitsOf(name);
  if (transport !== 'cookie') return [refreshCookieName(name)];
  const cookieName = sessionCookieName(name);
  return signature === undefined ? [cookieName] : [cookieName, `${cookieName}.sig`];
}

describeRow(10, () => {
  test.each(checking)('%s', async (name) => {
    const cookies = await cookiesOfALife(name);
    expect([...new Set(cookies.map((cookie) => cookie.name))].sort()).toEqual([...namesOf(name)].sort());
    for (const { name: cookieName, attributes } of cookies) {
      expect(attributes.has('secure')).toBe(true);
      expect(attributes.has('domain')).toBe(false);
      const forRefresh = cookieName === refreshCookieName(name);
      // `__Host-` allows no path but `/`, and a refresh token has no business on other routes.
      expect([cookieName.slice(0, 7), attributes.get('path')]).toEqual(
        forRefresh ? ['__Secur', `/${name}/auth`] : ['__Host-', '/'],
      );
    }
  });

  test('the strategy at the root sends its refresh token to /auth alone', async () => {
    const client = servers.client('hybrid-hs256');
    const login = await ask(servers.port(), '/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: client.username, password: client.password }),
    });
    const [cookie] = (login.headers['set-cookie'] ?? []).map(parseSetCookie);
    expect([cookie?.name, cookie?.attributes.get('path')]).toEqual([refreshCookieName('hybrid-hs256'), '/auth']);
  });
});

describeRow(11, () => {
  test.each(checking)('%s', async (name) => {
    for (const { attributes } of await cookiesOfALife(name)) expect(attributes.has('httponly')).toBe(true);
    const client = servers.client(name);
    const answers = [await client.login(), await client.profile(), await client.sessions()];
    if (traitsOf(name).refresh) answers.push(await client.refresh());
    const values = client.cookieNames.map((cookieName) => client.cookie(cookieName) ?? '');
    expect(values.length).toBeGreaterThan(0);
    for (const { headers, body } of answers) {
      const readable = [...headers].filter(([field]) => field !== 'set-cookie');
      const text = JSON.stringify([readable, body]);
      expect(values.filter((value) => text.includes(value))).toEqual([]);
    }
  });
});

describeRow(12, () => {
  test.each(checking)('%s', async (name) => {
    for (const { name: cookieName, attributes } of await cookiesOfALife(name)) {
      // A link from elsewhere may open a page; nothing that comes from elsewhere may refresh.
      const expected = cookieName === refreshCookieName(name) ? 'strict' : 'lax';
      expect(attributes.get('samesite')).toBe(expected);
    }
  });
});

describeRow(13, () => {
  test.each(withSession)('%s', async (name) => {
    const [own, foreign] = [await servers.loggedIn(name), await servers.loggedIn(name)];
    const [good = '', other = ''] = [own.cookieHeader('/profile'), foreign.cookieHeader('/profile')];
    const pair = `${sessionCookieName(name)}=${own.credential}`;
    const cookies = [
      `${good}; ${other}`,
      `${other}; ${good}`,
      `${good}; ${pair}`,
      `${pair};${good}`,
      `${pair}x; ${good}`,
    ];
    for (const cookie of cookies) {
      const answer = await servers.client(name).profile({ cookie });
      expectRefused({ traits: traitsOf(name) }, answer);
    }
    for (const prefix of ['__host-', '__HOST-', '__Secure-', '']) {
      const cookie = good.replaceAll('__Host-', prefix);
      expectRefused({ traits: traitsOf(name) }, await servers.client(name).profile({ cookie }), 'nothing sent');
      // Nor does such a cookie get into the way of a good one.
      expectAccepted(await servers.client(name).profile({ cookie: `${cookie}; ${good}` }));
    }
    expectAccepted(await own.profile());
  });

  test.each(withRefresh)('%s', async (name) => {
    const [own, foreign] = [await servers.loggedIn(name), await servers.loggedIn(name)];
    const [good = '', other = ''] = [own.cookieHeader('/auth/refresh'), foreign.cookieHeader('/auth/refresh')];
    const refused = [
      `${good}; ${other}`,
      `${other}; ${good}`,
      `${good}; ${good}`,
      good.replace('__Secure-', '__secure-'),
    ];
    for (const cookie of refused) {
      const answer = await servers.client(name).send('POST', '/auth/refresh', { cookie });
      expect(answer.status).toBe(401);
    }
    // None of these used up a token, and no session was taken for stolen.
    for (const client of [own, foreign]) expect((await client.refresh()).status).toBe(200);
  });
});

/** Ways to end the session that a client came with. */
const endings: Readonly<Record<string, (client: Client) => Promise<Answer>>> = {
  logout: (client) => client.logout(),
  'logout-all': (client) => client.logoutAll(),
  'its end by name': async (client) => client.endSession(await sidOf(client)),
};

describeRow(21, () => {
  describe.each(checking)('%s', (name) => {
    test.each(Object.entries(endings))('by %s', async (_, end) => {
      const client = servers.client(name);
      const set = new Map(cookiesOf(await client.login()).map((cookie) => [cookie.name, cookie]));
      expect([...set.keys()].sort()).toEqual([...namesOf(name)].sort());
      const ended = await end(client);
      expect(ended.status).toBe(204);
      const takenBack = cookiesOf(ended);
      expect(takenBack.map((cookie) => cookie.name).sort()).toEqual([...set.keys()].sort());
      for (const cookie of takenBack) {
        expect(isTakenBack(cookie)).toBe(true);
        expect(scopeOf(cookie)).toEqual(scopeOf(set.get(cookie.name)));
      }
      expect(client.cookieNames).toEqual([]);
    });
  });
});

/** What tells a browser which cookie is meant, and how it was guarded. */
function scopeOf(cookie: SetCookie | undefined): readonly (readonly [string, string])[] {
  return [...(cookie?.attributes ?? [])].filter(([attribute]) => attribute !== 'expires').sort();
}

describeRow(22, () => {
  test.each(checking)('%s', async (name) => {
    const stranger = servers.client(name);
    const [right, wrong] = [stranger.password, 'not the password'];
    const answers = [
      ...(await Promise.all(
        ['/profile', '/', '/nowhere', '/auth/sessions', '/log'].map((path) => stranger.send('GET', path)),
      )),
      await stranger.send('POST', '/auth/logout-all'),
      await stranger.send('POST', '/auth/refresh'),
      await stranger.send('POST', '/auth/password', {}, JSON.stringify({ current: right, next: `${right}!` })),
      await stranger.send('POST', '/auth/login', {}, JSON.stringify({ username: stranger.username, password: wrong })),
      await stranger.send('POST', '/auth/login', {}, '{}'),
      await stranger.send('POST', '/auth/login', {}, '{'),
      await stranger.send(
        'POST',
        '/auth/login',
        { 'sec-fetch-site': 'cross-site' },
        JSON.stringify({ username: stranger.username, password: right }),
      ),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(cookiesOf(answer).filter((cookie) => !isTakenBack(cookie))).toEqual([]);
    }
    expect(stranger.cookieNames).toEqual([]);
    // That nothing began stands in the user's own list, too: it holds the one session that is needed to ask.
    expect((await stranger.login()).status).toBe(200);
    expect((await stranger.sessions()).body.sessions).toHaveLength(1);
  });

  test.each([
    '/public',
    '/strategies',
    '/.well-known/jwks.json',
    '/health/live',
    '/health/ready',
    '/lab/usage',
    '/nowhere',
  ])('%s', async (path) => {
    expect((await ask(servers.port(), path)).headers['set-cookie']).toBeUndefined();
  });
});
