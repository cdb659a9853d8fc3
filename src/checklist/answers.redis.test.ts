/** Rows 79 and 80: what errors say, and what the logs hold. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { KeyNames } from '../eventlog/key-names.ts';
import { type Answer, ask, post } from '../http/http.contract.ts';
import { labPassword } from '../identity/lab-users.ts';
import { sha256 } from '../kernel/digest.ts';
import { createOperatorLog } from '../operator-log.ts';
import { traitsOf } from '../strategies/registry.ts';
import { ChecklistServers, oneOfEachFamily } from './checklist-server.contract.ts';
import { type FailingLink, startFailingLink } from './failing-link.contract.ts';
import { administrator, newPeople, usersFile } from './people.contract.ts';
import { credentialsOf } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const nextPerson = newPeople();

const names = oneOfEachFamily();
/** So many roles that no cookie holds them. */
const laden = { username: 'croesus', roles: Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(60, 'x')) };

let written = '';
let link: FailingLink;
let servers: ChecklistServers;
beforeAll(async () => {
  link = await startFailingLink(inject('redisUrl'));
  const operator = createOperatorLog({
    level: 'debug',
    readable: false,
    write: (text) => {
      written += text;
    },
  });
  const settings = {
    STRATEGIES: names.join(','),
    REDIS_URL: link.url,
    REDIS_TIMEOUT_MILLIS: '700',
    METRICS: 'true',
    TRUST_PROXY: 'true',
    LOGIN_FAILURES_PER_USER_AND_ADDRESS: '3',
  };
  servers = new ChecklistServers({ settings, operator, users: await usersFile([laden]) });
  await servers.start();
}, 30_000);
afterAll(async () => {
  await servers.stop();
  link.close();
});

const json = { 'content-type': 'application/json' };

describeRow(79, () => {
  /** What the errors of libraries, runtimes and this server's own files look like. */
  const leaks =
    /node_modules|\bat \S+ \(|\.[jt]s\b|\/(?:src|dist|work|home)\/|koa|redis|jose|jsonwebtoken|argon|keygrip|stack|ECONN|ERR_|hunter2/i;

  function expectGeneral(what: string, status: number, { status: answered, text, headers, json: body }: Answer): void {
    expect([what, answered]).toEqual([what, status]);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(Object.keys(body as object).filter((name) => !['type', 'title', 'status', 'error'].includes(name))).toEqual(
      [],
    );
    const told = `${text} ${JSON.stringify({ ...headers, date: '', 'content-type': '' })}`;
    expect([what, leaks.exec(told)]).toEqual([what, null]);
    for (const header of ['server', 'x-powered-by', 'x-response-time', 'via']) expect(headers[header]).toBeUndefined();
  }

  test.each(names)('%s', async (name) => {
    const port = servers.port();
    const mount = `/${name}`;
    const client = await servers.loggedIn(name, 0, nextPerson());
    const right = { ...json, ...credentialsOf(client, '/auth/x') };
    const secret = 'hunter2-hunter2';
    const asked = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      ask(port, mount + path, { method, headers, ...(body === undefined ? {} : { body }) });
    expectGeneral('broken JSON', 400, await asked('POST', '/auth/login', json, `{"password":"${secret}",`));
    expectGeneral('members', 400, await asked('POST', '/auth/login', json, `{"username":["${secret}"]}`));
    expectGeneral('nothing sent', 401, await asked('GET', '/profile'));
    expectGeneral('nonsense', 401, await asked('GET', '/profile', { authorization: `Bearer ${secret}` }));
    expectGeneral(
      'wrong password',
      401,
      await post(port, `${mount}/auth/login`, { username: nextPerson(), password: secret }),
    );
    expectGeneral('cross-site', 403, await asked('POST', '/auth/logout', { origin: 'https://hunter2.example' }));
    expectGeneral('no administrator', 403, await asked('POST', '/admin/users/bob/disable', right, '{}'));
    expectGeneral('no such route', 404, await asked('GET', `/${secret}/../../etc/passwd%00`));
    expectGeneral('no such method', 405, await asked('DELETE', '/profile'));
    expectGeneral('long body', 413, await asked('POST', '/auth/login', json, `"${secret.repeat(2_000)}"`));
    const xml = { 'content-type': 'text/xml', 'sec-fetch-site': 'same-origin' };
    expectGeneral('XML', 415, await asked('POST', '/auth/login', xml, `<p>${secret}</p>`));
    expectGeneral(
      'a short password',
      422,
      await asked('POST', '/auth/password', right, `{"current":"${secret}","next":"x"}`),
    );
    expectGeneral(
      'a long token',
      431,
      await asked('GET', '/profile', { authorization: `Bearer ${secret.repeat(600)}` }),
    );
    const user = { username: nextPerson(), password: secret };
    for (let guess = 0; guess < 3; guess += 1) await post(port, `${mount}/auth/login`, user);
    expectGeneral('too many', 429, await post(port, `${mount}/auth/login`, user));
  });

  test('a fault of its own', async () => {
    const name = names.find((each) => traitsOf(each).stateLocation === 'cookie') ?? '';
    const login = { username: laden.username, password: labPassword };
    expectGeneral('too many roles', 500, await post(servers.port(), `/${name}/auth/login`, login));
    expect(servers.faults).toEqual([]);
    expect(written).toContain('ERR_INPUT_INVALID');
  });

  test('a Redis that does not answer', async () => {
    const login = { username: nextPerson(), password: labPassword };
    link.lose('replies');
    try {
      expectGeneral('login', 503, await post(servers.port(), `/${names[0]}/auth/login`, login));
    } finally {
      link.heal();
    }
    const client = servers.client(names[0] ?? '', 0, login.username);
    await vi.waitFor(async () => expect((await client.login()).status).toBe(200), { timeout: 10_000 });
  });
});

describeRow(80, () => {
  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name, 0, nextPerson());
    const sid = String((await client.profile()).body.sid);
    const shown = new Set([client.credential, client.refreshToken ?? client.credential]);
    const { refresh } = traitsOf(name);
    if (refresh) {
      const first = client.copy();
      for (let turn = 0; turn < 2; turn += 1) {
        expect((await client.refresh()).status).toBe(200);
        for (const text of [client.credential, client.refreshToken ?? '']) shown.add(text);
      }
      expect((await first.refresh()).status).toBe(401);
    } else expect((await client.logout()).status).toBe(204);
    const root = await servers.loggedIn(name, 0, administrator);
    expect((await root.administer(client.username, 'revoke')).status).toBe(204);

    const story = await root.send('GET', `/log?user=${client.username}`);
    const types = (story.body.entries as readonly { readonly type: string }[]).map(({ type }) => type);
    const end = refresh
      ? ['SessionRefreshed', 'SessionRefreshed', 'RefreshTokenReuseDetected', 'SessionTerminated']
      : ['SessionTerminated'];
    expect(types).toEqual(['SessionStarted', ...end]);
    if (refresh) expect(linesOf('RefreshTokenReuseDetected', sid)).toHaveLength(1);
    for (const text of shown) {
      for (const part of [text, text.split('.').at(-1) ?? '', sha256(text)]) {
        expect([name, written.includes(part), JSON.stringify(story.body).includes(part)]).toEqual([name, false, false]);
      }
    }
  });

  describe('failed logins', () => {
    const stream = (): string => new KeyNames(servers.realm).failedLogins();
    const fail = (username: string, from = '203.0.113.9') =>
      post(
        servers.port(),
        `/${names[0]}/auth/login`,
        { username, password: 'hunter2-hunter2' },
        { 'x-forwarded-for': from },
      );

    async function withRedis<Reply>(work: (redis: Redis) => Promise<Reply>): Promise<Reply> {
      const redis = new Redis(inject('redisUrl'), { replyMapping: 'legacy' });
      try {
        return await work(redis);
      } finally {
        redis.disconnect();
      }
    }

    test('are there to be read, by whom and from where, and hold nothing that was typed', async () => {
      const usernames = [nextPerson(), 'no\r\n{"level":"info","event":"forged"}', 'hunter2-by-mistake'];
      for (const username of usernames) expect((await fail(username)).status).toBe(401);
      const entries = await vi.waitFor(async () => {
        const all = await withRedis((redis) => redis.xrange(stream(), '-', '+'));
        const here = all.map(([, fields]) => fields).filter((fields) => fields[1] === '203.0.113.9');
        expect(here).toHaveLength(usernames.length);
        return here;
      });
      expect(entries).toEqual(usernames.map((name) => ['network', '203.0.113.9', 'user', sha256(name)]));
      expect(linesOf('LoginFailed', '').length).toBeGreaterThan(0);
      expect(written).not.toMatch(/hunter2|forged/);
    });

    test('push the oldest out, and not the log', async () => {
      const fill = "for n = 1, 12000 do redis.call('XADD', KEYS[1], '*', 'network', 'x', 'user', 'x') end";
      await withRedis((redis) => redis.eval(fill, 1, stream()));
      await fail(nextPerson(), '203.0.113.10');
      await vi.waitFor(async () => {
        const length = await withRedis((redis) => redis.xlen(stream()));
        expect(length).toBeGreaterThanOrEqual(10_000);
        // Redis drops whole blocks, of a hundred by default.
        expect(length).toBeLessThanOrEqual(10_200);
      });
    });
  });

  test('every line is one object, and refused requests are counted', async () => {
    for (const line of written.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
    expect((await ask(servers.port(), `/${names[0]}/profile`)).status).toBe(401);
    const { text } = await ask(servers.port(), '/metrics');
    expect(text).toMatch(new RegExp(`requests_total\\{strategy="${names[0]}",route="/profile",status="401"\\} [1-9]`));
  });

  /** What the operator was told of an event, of one session where one is named. */
  function linesOf(event: string, sid: string): readonly string[] {
    return written.split('\n').filter((line) => line.includes(`"event":"${event}"`) && line.includes(sid));
  }
});
