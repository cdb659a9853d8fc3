/** The table of routes: what stands before each handler, and that a request really passes it. */

import { afterEach, describe, expect, it } from 'vitest';
import { noLoginLimits } from '../identity/login-limits.ts';
import { ask, post } from './http.contract.ts';
import { strategyRoutes } from './strategy-routes.ts';
import { type ToyAccounts, toyAccounts } from './toy-accounts.contract.ts';
import { alice, problem, startToyServer, stopToyServers, toyIdentity } from './toy-server.contract.ts';
import { createToy, type ToyOptions } from './toy-strategy.contract.ts';

afterEach(stopToyServers);

/** What changes something passes these. */
const proven = ['proveSameSite', 'requireJson'];
const administering = ['authenticated', 'administrator'];

/** Every route, and by name what a request passes on its way. */
const expectedTable: Readonly<Record<string, readonly string[]>> = {
  'GET /profile': ['authenticated', 'profile'],
  'POST /auth/login': [...proven, 'readJson', 'login'],
  'POST /auth/refresh': [...proven, 'refresh'],
  'POST /auth/logout': [...proven, 'logout'],
  'GET /auth/sessions': ['authenticated', 'listSessions'],
  'DELETE /auth/sessions/:sid': [...proven, 'authenticated', 'endSession'],
  'POST /auth/logout-all': [...proven, 'authenticated', 'logoutAll'],
  'POST /auth/password': [...proven, 'readJson', 'authenticated', 'changePassword'],
  'POST /admin/users/:sub/revoke': [...proven, 'readJson', ...administering, 'commandUser'],
  'POST /admin/users/:sub/disable': [...proven, 'readJson', ...administering, 'commandUser'],
  'POST /admin/users/:sub/enable': [...proven, 'readJson', ...administering, 'commandUser'],
  'POST /admin/users/:sub/roles': [...proven, 'readJson', ...administering, 'changeRoles'],
  'POST /admin/keys/rotate': [...proven, 'readJson', ...administering, 'rotateKeys'],
  'GET /log': [...administering, 'queryLog'],
};

/** Routes for whoever has no credential yet, or one that is judged in another way. */
const open = ['POST /auth/login', 'POST /auth/refresh', 'POST /auth/logout'];
const routes = Object.keys(expectedTable).map((route) => {
  const [method = '', path = ''] = route.split(' ');
  const passes = expectedTable[route] ?? [];
  return { route, method, path: path.replace(':sid', '0.1').replace(':sub', 'bob'), passes };
});
const protectedRoutes = routes.filter(({ route }) => !open.includes(route));
const bodies: Readonly<Record<string, object>> = {
  '/auth/password': { current: alice.password, next: 'another one of some length' },
  '/admin/users/bob/roles': { roles: ['user'] },
  '/admin/keys/rotate': { algorithm: 'hs256' },
};

function tableOf(parts: Partial<ToyAccounts>, toy: ToyOptions = {}): Record<string, readonly string[]> {
  const { strategy } = createToy(toy);
  const { accounts, administration } = parts;
  const ports = { ...(accounts && { accounts }), ...(administration && { administration }) };
  const routers = strategyRoutes({ strategy, identity: toyIdentity, limits: noLoginLimits, ...ports });
  return Object.fromEntries(
    routers.flatMap(({ stack: layers }) =>
      layers.map(({ methods, path, stack }) => [
        `${methods.filter((method) => method !== 'HEAD').join()} ${path}`,
        stack.map(({ name }) => (name === 'bodyParser' ? 'readJson' : name)),
      ]),
    ),
  );
}

/** A server with all routes, a token of an administrator, and one of somebody else. */
async function start(options: ToyOptions = {}) {
  const ports = toyAccounts();
  const roles = { alice: ['user', 'admin'], bob: ['user', 'Admin', 'administrator'] };
  const server = await startToyServer({
    ...options,
    ...ports,
    identity: {
      verify: async (sub, password) =>
        (sub === 'alice' || sub === 'bob') && password === alice.password ? { sub, roles: roles[sub] } : null,
    },
  });
  const tokenOf = async (username: string) => {
    const { json } = await post(server.port, '/auth/login', { username, password: alice.password });
    return { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
  };
  const [administrator, user] = [await tokenOf('alice'), await tokenOf('bob')];
  const send = (method: string, path: string, headers: Record<string, string>) =>
    method === 'POST'
      ? post(server.port, path, bodies[path] ?? {}, headers)
      : ask(server.port, path, { method, headers });
  return { ...server, ...ports, administrator, user, send };
}

describe('the table of routes', () => {
  it('is this one', () => {
    expect(tableOf(toyAccounts())).toEqual(expectedTable);
  });

  it('has the measured path alone: no request for it looks at a route that another strategy may lack', () => {
    const { strategy } = createToy({});
    const [measured] = strategyRoutes({ strategy, identity: toyIdentity, limits: noLoginLimits, ...toyAccounts() });
    expect(measured.stack.map(({ path }) => path)).toEqual(['/profile']);
  });

  it('lacks what has nothing behind it', () => {
    const { accounts, administration } = toyAccounts();
    const { rotateKeys, queryLog, ...users } = administration;
    const bare = ['GET /profile', ...open];
    expect(Object.keys(tableOf({})).sort()).toEqual([...bare].sort());
    expect(Object.keys(tableOf({ accounts })).filter((route) => /admin|log$/.test(route))).toEqual([]);
    expect(Object.keys(tableOf({ accounts })).length).toBe(bare.length + 4);
    const named = Object.keys(tableOf({ administration: { ...users } as ToyAccounts['administration'] }));
    expect(named.filter((route) => /keys|\/log$/.test(route))).toEqual([]);
    expect([typeof rotateKeys, typeof queryLog]).toEqual(['function', 'function']);
  });

  it('has nothing that acts for a user where nothing is checked', () => {
    expect(Object.keys(tableOf(toyAccounts(), { bound: 'unbounded', refresh: false }))).toEqual([
      'GET /profile',
      'POST /auth/login',
      'POST /auth/logout',
    ]);
  });
});

describe('every protected route', () => {
  it.each(protectedRoutes)('$route asks who is there, before anything else', async ({ method, path }) => {
    const { send, calls } = await start();
    const without = await send(method, path, {});
    expect([without.status, without.json]).toEqual([401, problem('no-credential', 401)]);
    expect(without.headers['www-authenticate']).toBe('Bearer realm="toy"');
    const refused = await send(method, path, { authorization: 'Bearer stolen' });
    expect([refused.status, refused.json]).toEqual([401, problem('invalid-token', 401, { error: 'invalid_token' })]);
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="toy", error="invalid_token"');
    const unknown = await send(method, path, { authorization: 'Bearer who-knows' });
    expect([unknown.status, unknown.headers['retry-after']]).toEqual([503, '1']);
    const large = await send(method, path, { authorization: `Bearer ${'x'.repeat(9_000)}` });
    expect(large.status).toBe(431);
    for (const answer of [without, refused, unknown, large]) {
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(calls).toEqual([]);
  });

  it.each(protectedRoutes.filter(({ passes }) => passes.includes('administrator')))(
    '$route is for administrators',
    async ({ method, path }) => {
      const { send, calls, user, administrator } = await start();
      const refused = await send(method, path, user);
      expect([refused.status, refused.json]).toEqual([
        403,
        problem('insufficient-scope', 403, { error: 'insufficient_scope' }),
      ]);
      expect(refused.headers['www-authenticate']).toBe('Bearer realm="toy", error="insufficient_scope"');
      expect(calls).toEqual([]);
      expect((await send(method, path, administrator)).status).toBeLessThan(300);
      expect(calls.length).toBe(1);
    },
  );
});

describe('whatever changes something', () => {
  it.each(routes.filter(({ method, route }) => method !== 'GET' && !open.includes(route)))(
    '$route wants proof against other sites',
    async ({ method, path }) => {
      const { port, send, calls, administrator } = await start();
      const foreign = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ];
      for (const headers of foreign) {
        const answer = await send(method, path, { ...administrator, ...headers });
        expect([answer.status, answer.json]).toEqual([403, problem('cross-site-request', 403)]);
      }
      const type = 'application/x-www-form-urlencoded';
      const form = { ...administrator, 'content-type': type, 'content-length': '3' };
      const sent = await ask(port, path, { method, headers: form, body: 'a=b' });
      expect(sent.status).toBe(method === 'DELETE' ? 415 : 403);
      expect(calls).toEqual([]);
      expect((await send(method, path, administrator)).status).toBeLessThan(300);
      expect(calls.length).toBe(1);
    },
  );

  it('does not happen by a method that only asks, nor by one that no route has', async () => {
    const { port, send, calls, administrator } = await start();
    for (const path of new Set(routes.map((route) => route.path))) {
      const known = routes.filter((route) => route.path === path).map(({ method }) => method);
      const safe = known.includes('GET') ? [...known, 'HEAD'] : known;
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'POST', 'DELETE']) {
        if (safe.includes(method)) continue;
        const { status } = await send(method, path, administrator);
        expect([method, path, status]).toEqual([method, path, 405]);
      }
    }
    expect(calls).toEqual([]);
    expect((await ask(port, '/profile', { headers: administrator })).status).toBe(200);
  });
});
