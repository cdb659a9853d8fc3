/** What a client can get wrong: each mistake is answered as the client's own, on every route, and troubles no operator. */

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from './http.contract.ts';
import { toyAccounts } from './toy-accounts.contract.ts';
import { alice, problem, startToyServer, stopToyServers } from './toy-server.contract.ts';

afterEach(stopToyServers);

const withBody = [
  '/auth/login',
  '/auth/password',
  '/admin/users/bob/revoke',
  '/admin/users/bob/disable',
  '/admin/users/bob/enable',
  '/admin/users/bob/roles',
  '/admin/keys/rotate',
];
const withoutBody = ['/auth/refresh', '/auth/logout', '/auth/logout-all'];
const json = { 'content-type': 'application/json' };
const good = JSON.stringify(alice);

/** Everything that may stand in a body, and what it is answered with before anybody asks who sent it. */
const bodies: Readonly<Record<string, readonly [number, string, Record<string, string>, string | Buffer]>> = {
  'too large a body': [413, 'body-too-large', json, JSON.stringify({ ...alice, more: 'x'.repeat(17_000) })],
  'JSON that ends too soon': [400, 'malformed-request', json, '{"username":'],
  'JSON of one word': [400, 'malformed-request', json, '7'],
  'a poisoned prototype': [400, 'malformed-request', json, '{"__proto__":{}}'],
  'another media type': [415, 'json-expected', { 'content-type': 'text/xml' }, '<a/>'],
  'a media type that is none': [415, 'json-expected', { 'content-type': ';;;' }, good],
  'no media type': [415, 'json-expected', {}, good],
  'a body that is no gzip': [415, 'json-expected', { ...json, 'content-encoding': 'gzip' }, 'nonsense'],
  'a body that is no brotli': [415, 'json-expected', { ...json, 'content-encoding': 'BR' }, 'nonsense'],
  'a compressed body': [415, 'json-expected', { ...json, 'content-encoding': 'gzip' }, gzipSync(good)],
  'a body compressed twice': [
    415,
    'json-expected',
    { ...json, 'content-encoding': 'br, gzip' },
    gzipSync(brotliCompressSync(good)),
  ],
  'an unknown coding': [415, 'json-expected', { ...json, 'content-encoding': 'zip' }, good],
};

async function start() {
  const ports = toyAccounts();
  const server = await startToyServer(ports);
  const send = (path: string, headers: Record<string, string>, body: string | Buffer) =>
    ask(server.port, path, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin', ...headers }, body });
  return { ...server, ...ports, send };
}

describe.each(withBody)('POST %s', (path) => {
  it.each(Object.entries(bodies))('with %s', async (_, [status, name, headers, body]) => {
    const { send, calls, reported } = await start();
    const answer = await send(path, headers, body);
    expect([answer.status, answer.json]).toEqual([status, problem(name, status)]);
    const isEncoded = headers['content-encoding'] !== undefined;
    expect(answer.headers['accept-encoding']).toBe(isEncoded ? 'identity' : undefined);
    expect(reported).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe.each(withoutBody)('POST %s', (path) => {
  it.each(Object.entries(bodies))('reads no body: %s', async (_, [status, name, headers, body]) => {
    const { send, reported } = await start();
    const answer = await send(path, headers, body);
    if (status === 415) expect([answer.status, answer.json]).toEqual([415, problem(name, 415)]);
    else expect([204, 401]).toContain(answer.status);
    expect(reported).toEqual([]);
  });
});

describe('a path', () => {
  it.each(['/%', '/%E0%A4%A', '/profile%', '/admin/users/%/revoke', '/auth/sessions/%E0%A4%A', '//', '/nothing'])(
    '%s is no fault of the server, by whatever method',
    async (path) => {
      const { port, reported } = await start();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const { status, headers } = await ask(port, path, { method, headers: json });
        expect([method, status, [400, 401, 404, 405].includes(status)]).toEqual([method, status, true]);
        expect([method, headers.allow === undefined]).toEqual([method, status !== 405]);
      }
      expect(reported).toEqual([]);
    },
  );

  it('that is asked by a wrong method is 405, and says by which it would not be', async () => {
    const { port } = await start();
    const allowed = { '/profile': 'HEAD, GET', '/auth/login': 'POST', '/auth/sessions/0.1': 'DELETE' };
    for (const [path, methods] of Object.entries(allowed)) {
      for (const method of ['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const answer = await ask(port, path, { method });
        expect([path, method, answer.status, answer.headers.allow]).toEqual([path, method, 405, methods]);
        expect(answer.json).toEqual(problem('method-not-allowed', 405));
      }
    }
  });
});

describe('headers', () => {
  it('that are larger than a server takes are 431', async () => {
    const { port } = await start();
    expect((await ask(port, '/profile', { headers: { cookie: `a=${'x'.repeat(20_000)}` } })).status).toBe(431);
  });
});
