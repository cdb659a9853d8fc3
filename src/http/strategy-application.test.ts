/** The HTTP contract of a strategy, over real sockets, with a toy in the strategy's place. */

import { afterEach, describe, expect, it } from 'vitest';
import { AuthlabError } from '../kernel/errors.ts';
import { ask, post } from './http.contract.ts';
import { alice, problem, startToyServer, stopToyServers } from './toy-server.contract.ts';

afterEach(stopToyServers);

describe('POST /auth/login', () => {
  it('answers with the grant, sets the cookie, and is for no cache', async () => {
    const { port } = await startToyServer();
    const answer = await post(port, '/auth/login', alice);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ token_type: 'Bearer', expires_in: 900, access_token: 'toy-token-1' });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^__Host-toy=toy-token-1; path=\/; samesite=strict; secure; httponly$/,
    );
  });

  it('does not tell a wrong password from an unknown user', async () => {
    const { port } = await startToyServer();
    const wrong = await post(port, '/auth/login', { ...alice, password: 'wrong horse' });
    const unknown = await post(port, '/auth/login', { ...alice, username: 'nobody' });
    expect(wrong.status).toBe(401);
    expect(wrong.json).toEqual(problem('wrong-password', 401));
    expect(wrong.headers['content-type']).toBe('application/problem+json');
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="toy"');
    expect(wrong.headers['cache-control']).toBe('no-store');
    expect({ ...unknown.headers, date: '' }).toEqual({ ...wrong.headers, date: '' });
    expect(unknown.text).toBe(wrong.text);
  });

  it.each([
    ['broken JSON', '{"username":'],
    ['a list', '[]'],
    ['no JSON object', '"alice"'],
    ['a missing password', { username: 'alice' }],
    ['a password that is no text', { username: 'alice', password: 7 }],
    ['a username that is no text', { username: ['alice'], password: 'correct horse' }],
    ['a poisoned prototype', '{"__proto__":{"username":"alice","password":"correct horse"}}'],
    ['no body', undefined],
  ])('refuses %s', async (_, body) => {
    const { port, reported } = await startToyServer();
    const answer = await post(port, '/auth/login', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual(problem('malformed-request', 400));
    expect(reported).toEqual([]);
  });

  it('refuses a body over 16 KiB and every media type but JSON', async () => {
    const { port } = await startToyServer();
    const large = await post(port, '/auth/login', { ...alice, more: 'x'.repeat(17_000) });
    expect([large.status, large.json]).toEqual([413, problem('body-too-large', 413)]);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/scim+json']) {
      const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' };
      const answer = await post(port, '/auth/login', alice, headers);
      expect([answer.status, answer.json]).toEqual([415, problem('json-expected', 415)]);
    }
  });
});

describe('GET /profile', () => {
  it('answers who the request speaks for', async () => {
    const { port } = await startToyServer();
    await post(port, '/auth/login', alice);
    const answer = await ask(port, '/profile', { headers: { authorization: 'Bearer toy-token-1' } });
    expect([answer.status, answer.json]).toEqual([200, { sub: 'alice', sid: '0.1', roles: ['user'] }]);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('names an error in the challenge only when a token was sent (RFC 6750 3.1)', async () => {
    const { port } = await startToyServer();
    const without = await ask(port, '/profile');
    expect([without.status, without.json]).toEqual([401, problem('no-credential', 401)]);
    expect(without.headers['www-authenticate']).toBe('Bearer realm="toy"');
    const refused = await ask(port, '/profile', { headers: { authorization: 'Bearer stolen' } });
    expect([refused.status, refused.json]).toEqual([401, problem('invalid-token', 401, { error: 'invalid_token' })]);
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="toy", error="invalid_token"');
    expect(refused.headers['cache-control']).toBe('no-store');
  });

  it('challenges for a cookie where the credential is one', async () => {
    const { port } = await startToyServer({ transport: 'cookie' });
    const answer = await ask(port, '/profile', { headers: { authorization: 'Bearer stolen' } });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Cookie realm="toy"']);
  });

  it('is 503 when it cannot be known', async () => {
    const { port } = await startToyServer();
    const answer = await ask(port, '/profile', { headers: { authorization: 'Bearer who-knows' } });
    expect([answer.status, answer.json]).toEqual([503, problem('unavailable', 503)]);
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('ignores a token in the URL, and refuses one that is too long unread', async () => {
    const { port, toy } = await startToyServer();
    expect((await ask(port, '/profile?access_token=toy-token-1')).status).toBe(401);
    const seen = toy.mountPaths.length;
    const answer = await ask(port, '/profile', { headers: { authorization: `Bearer ${'x'.repeat(9_000)}` } });
    expect([answer.status, answer.json]).toEqual([431, problem('credential-too-large', 431)]);
    expect(toy.mountPaths).toHaveLength(seen);
  });
});

describe('refresh and logout', () => {
  it('refreshes with the cookie alone', async () => {
    const { port } = await startToyServer();
    await post(port, '/auth/login', alice);
    const answer = await post(port, '/auth/refresh', undefined, { cookie: '__Host-toy=toy-token-1' });
    expect([answer.status, answer.json]).toEqual([
      200,
      { token_type: 'Bearer', expires_in: 900, access_token: 'toy-token-1' },
    ]);
    const refused = await post(port, '/auth/refresh');
    expect([refused.status, refused.json]).toEqual([401, problem('invalid-grant', 401, { error: 'invalid_grant' })]);
  });

  it('has no refresh where the strategy has none', async () => {
    const { port } = await startToyServer({ refresh: false });
    const answer = await post(port, '/auth/refresh');
    expect([answer.status, answer.json]).toEqual([404, problem('not-found', 404)]);
  });

  it('logs out with 204, again and again, and expires the cookie', async () => {
    const { port } = await startToyServer();
    await post(port, '/auth/login', alice);
    for (const _ of [1, 2]) {
      const answer = await post(port, '/auth/logout', undefined, { authorization: 'Bearer toy-token-1' });
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-toy=; path=\/; expires=Thu, 01 Jan 1970/);
    }
    expect((await ask(port, '/profile', { headers: { authorization: 'Bearer toy-token-1' } })).status).toBe(401);
  });
});

describe('methods and paths', () => {
  it.each([
    ['GET', '/auth/login', 'POST'],
    ['GET', '/auth/logout', 'POST'],
    ['HEAD', '/auth/refresh', 'POST'],
    ['OPTIONS', '/auth/logout', 'POST'],
    ['POST', '/profile', 'HEAD, GET'],
    ['DELETE', '/profile', 'HEAD, GET'],
    ['TRACE', '/profile', 'HEAD, GET'],
    ['TRACE', '/', ''],
  ])('%s %s is 405', async (method, path, allow) => {
    const { port, toy } = await startToyServer();
    const answer = await ask(port, path, { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(answer.json).toEqual(problem('method-not-allowed', 405));
    expect(toy.mountPaths).toEqual([]);
  });

  it.each(['/', '/auth', '/auth/login/more', '/nowhere', '//profile', '/%2e%2e/profile', '/%zz', '/profile%00'])(
    'GET %s is 404 and sets nothing',
    async (path) => {
      const { port } = await startToyServer();
      const answer = await ask(port, path);
      expect([answer.status, answer.json]).toEqual([404, problem('not-found', 404)]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('answers HEAD /profile like GET, without the body', async () => {
    const { port } = await startToyServer();
    const answer = await ask(port, '/profile', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([401, '']);
  });
});

describe('faults', () => {
  it('of the log are 503 with a time to come back, and take back half-set cookies', async () => {
    const { port, toy, reported } = await startToyServer();
    for (const code of [
      'ERR_LOG_UNAVAILABLE',
      'ERR_LOG_OUTCOME_UNKNOWN',
      'ERR_LOG_CONTENDED',
      'ERR_LOG_REFUSED',
    ] as const) {
      toy.failWith = new AuthlabError(code, 'redis://user:hunter2@10.0.0.1 is away');
      for (const answer of [
        await post(port, '/auth/login', alice),
        await post(port, '/auth/refresh'),
        await post(port, '/auth/logout'),
        await ask(port, '/profile'),
      ]) {
        expect([answer.status, answer.json]).toEqual([503, problem('unavailable', 503)]);
        expect(answer.headers['retry-after']).toBe('1');
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.text).not.toContain('hunter2');
      }
    }
    expect(reported).toEqual([]);
  });

  it('of a log that holds what cannot be read are 503 too, and told to the operator', async () => {
    const { port, toy, reported } = await startToyServer();
    toy.failWith = new AuthlabError('ERR_LOG_CORRUPT', 'a record cannot be read');
    expect((await ask(port, '/profile')).status).toBe(503);
    expect(reported).toEqual([toy.failWith]);
  });

  it('that nobody expected are 500, told to the operator and not to the client', async () => {
    const { port, toy, reported } = await startToyServer();
    toy.failWith = new TypeError('secret detail');
    const answer = await ask(port, '/profile');
    expect([answer.status, answer.json]).toEqual([500, problem('internal-error', 500)]);
    expect(answer.text).not.toMatch(/secret detail|at .*\.ts/);
    expect(reported).toEqual([toy.failWith]);
  });
});
