/** The routes about accounts and administration: what they hand to their ports, and how they answer. */

import { afterEach, describe, expect, it } from 'vitest';
import { isRightPassword } from '../identity/password-users.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { ask, post } from './http.contract.ts';
import { toyAccounts } from './toy-accounts.contract.ts';
import { problem, startToyServer, stopToyServers } from './toy-server.contract.ts';

afterEach(stopToyServers);

const password = 'correct horse';
const presented = { sub: 'alice', sid: '0.1', revocation: 'record' };

async function start(over: Partial<ReturnType<typeof toyAccounts>['accounts']> = {}) {
  const ports = toyAccounts();
  const server = await startToyServer({
    ...ports,
    accounts: { ...ports.accounts, ...over },
    identity: { verify: async (sub, given) => (given === password ? { sub, roles: ['admin'] } : null) },
  });
  const { json } = await post(server.port, '/auth/login', { username: 'alice', password });
  const headers = { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
  return {
    ...server,
    ...ports,
    headers,
    get: (path: string) => ask(server.port, path, { headers }),
    remove: (path: string) => ask(server.port, path, { method: 'DELETE', headers }),
    send: (path: string, body?: unknown) => post(server.port, path, body, headers),
  };
}

describe('one’s own sessions', () => {
  it('are listed with times as RFC 3339 has them', async () => {
    const { get, calls } = await start();
    const answer = await get('/auth/sessions');
    const facts = { strategy: 'toy', startedAt: '1970-01-01T00:00:00.000Z', expiresAt: '1970-01-02T00:00:00.000Z' };
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        sessions: [
          { sid: '0.2', current: false, ...facts },
          { sid: '0.1', current: true, ...facts },
        ],
      },
    ]);
    expect(calls).toEqual([['sessionsOf', 'alice']]);
  });

  it('end by name; with the current one its cookies go', async () => {
    const { remove, calls } = await start();
    const other = await remove('/auth/sessions/0.2');
    expect([other.status, other.text, other.headers['set-cookie']]).toEqual([204, '', undefined]);
    const current = await remove('/auth/sessions/0.1');
    expect([current.status, current.headers['set-cookie']?.length]).toEqual([204, 1]);
    expect((await remove('/auth/sessions/a%2Fb')).status).toBe(204);
    expect(calls).toEqual(['0.2', '0.1', 'a/b'].map((sid) => ['endSession', presented, sid]));
    expect((await remove('/auth/sessions/')).status).toBe(405);
  });

  it('end all at once, and the cookies go once that is durable', async () => {
    const { send, calls } = await start();
    const answer = await send('/auth/logout-all');
    expect([answer.status, answer.headers['set-cookie']?.length]).toEqual([204, 1]);
    expect(calls).toEqual([['endAllSessions', presented]]);
    const fault = async () => {
      throw new AuthlabError('ERR_LOG_OUTCOME_UNKNOWN', 'no answer');
    };
    const failing = await start({ endAllSessions: fault, endSession: fault });
    for (const failed of [await failing.send('/auth/logout-all'), await failing.remove('/auth/sessions/0.1')]) {
      expect([failed.status, failed.headers['set-cookie']]).toEqual([503, undefined]);
    }
  });
});

describe('another password', () => {
  const next = 'fifteen letters';

  it('is hashed before anybody else sees it; the present session is kept', async () => {
    const { send, calls } = await start();
    const answer = await send('/auth/password', { current: password, next });
    expect([answer.status, answer.text, answer.headers['set-cookie']]).toEqual([204, '', undefined]);
    const [[name, change]] = calls as [[string, { sub: string; keptSid: string; passwordHash: string }]];
    expect([name, change]).toEqual([
      'changePassword',
      { sub: 'alice', keptSid: '0.1', passwordHash: expect.stringMatching(/^\$argon2id\$/) },
    ]);
    expect(await isRightPassword(change.passwordHash, next)).toBe(true);
  });

  it.each([
    ['the present one is wrong', { current: 'wrong', next }, 401, 'wrong-password'],
    ['it has 14 characters', { current: password, next: 'fourteen chars' }, 422, 'unfit-password'],
    ['it has 14 of two bytes', { current: password, next: 'é'.repeat(14) }, 422, 'unfit-password'],
    ['it has 14 of two UTF-16 units', { current: password, next: '🐴'.repeat(14) }, 422, 'unfit-password'],
    ['it has more than 1024 bytes', { current: password, next: 'é'.repeat(513) }, 422, 'unfit-password'],
    ['it is no text', { current: password, next: 15 }, 400, 'malformed-request'],
    ['the present one is missing', { next }, 400, 'malformed-request'],
    ['there is no body', undefined, 400, 'malformed-request'],
  ] as const)('is refused when %s', async (_, body, status, name) => {
    const { send, calls } = await start();
    const answer = await send('/auth/password', body);
    expect([answer.status, answer.json]).toEqual([status, problem(name, status)]);
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="toy"' : undefined);
    expect(calls).toEqual([]);
  });

  it.each(['é'.repeat(15), '🐴'.repeat(15), 'é'.repeat(512), ' '.repeat(15)])(
    'may be any 15 characters: %s',
    async (text) => {
      const { send } = await start();
      expect((await send('/auth/password', { current: password, next: text })).status).toBe(204);
    },
  );
});

describe('administration', () => {
  it('hands over names that have the shape of one, decoded', async () => {
    const { send, calls } = await start();
    for (const what of ['revoke', 'disable', 'enable']) {
      expect((await send(`/admin/users/a%2Fb@example.org/${what}`)).status).toBe(204);
    }
    expect(calls).toEqual(['revoke', 'disable', 'enable'].map((what) => [what, 'a/b@example.org']));
    for (const sub of ['a%20b', 'a%0Ab', '%C3%A4', 'x'.repeat(129)]) {
      const answer = await send(`/admin/users/${sub}/disable`);
      expect([answer.status, answer.json]).toEqual([400, problem('malformed-request', 400)]);
    }
    expect(calls.length).toBe(3);
  });

  it('replaces roles', async () => {
    const { send, calls } = await start();
    expect((await send('/admin/users/bob/roles', { roles: ['user', 'auditor', 'user'] })).status).toBe(204);
    expect((await send('/admin/users/bob/roles', { roles: [] })).status).toBe(204);
    expect(calls).toEqual([
      ['roles', 'bob', ['user', 'auditor']],
      ['roles', 'bob', []],
    ]);
  });

  it('rotates keys, gently unless told otherwise', async () => {
    const { send, calls } = await start();
    const answer = await send('/admin/keys/rotate', { algorithm: 'hs256' });
    expect([answer.status, answer.json]).toEqual([202, { kid: 'k2', activatesAt: '1970-01-01T00:00:01.000Z' }]);
    await send('/admin/keys/rotate', { algorithm: 'hs256', retireOld: 'at-activation' });
    expect(calls).toEqual([
      ['rotateKeys', 'hs256', 'when-expired'],
      ['rotateKeys', 'hs256', 'at-activation'],
    ]);
    for (const body of [{}, { algorithm: 7 }, { algorithm: 'none' }, { algorithm: 'hs256', retireOld: 'now' }]) {
      expect((await send('/admin/keys/rotate', body)).status).toBe(400);
    }
  });

  it('asks the log what the client asks, and says what is wrong with a question', async () => {
    const { get, calls } = await start();
    const answer = await get('/log?user=bob&at=2026-01-01T00:00:00Z&after=1-0');
    expect([answer.status, answer.json]).toEqual([200, { entries: [], next: null }]);
    expect(calls).toEqual([['queryLog', { user: 'bob', at: '2026-01-01T00:00:00Z', after: '1-0' }]]);
    const faults = [{ place: 'at', message: 'must be a time' }];
    expect((await get('/log?at=never')).json).toEqual(problem('malformed-request', 400, { faults }));
    for (const query of ['user=a&user=b', 'limit=5', '__proto__=x']) {
      expect((await get(`/log?${query}`)).status).toBe(400);
    }
    expect(calls.length).toBe(2);
  });
});
