/** Rows 6 to 9: what a credential holds, how large it grows, where it stands, and how many there are. */

import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { hashPassword } from '../identity/password-users.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import { refreshCookieName, sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted } from '../strategies/expectations.contract.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { ChecklistServers, useServers } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness } from './ended.contract.ts';
import { everyTransport } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const checking = strategyNames().filter((name) => traitsOf(name).bound !== 'unbounded');

describeRow(6, () => {
  const password = 'of a user with many roles';
  const largestCookieBytes = 4_096;
  /** By user: the roles of each are that many times 32 bytes. */
  const roleCounts: Readonly<Record<string, number>> = { few: 10, many: 120, 'very-many': 200 };
  /** What the algorithms add is the same in every family. */
  const withEveryAlgorithm = checking.filter((name) => everyTransport().includes(name) || name.startsWith('jwt-'));
  /** Each with one byte more of roles than the one before. */
  const edgeUsers = 120;
  const edgeUser = (more: number) => `edge-${`${more}`.padStart(3, '0')}`;
  let servers: ChecklistServers;
  beforeAll(async () => {
    const passwordHash = await hashPassword(password);
    const rolesOf = (count: number) => Array.from({ length: count }, (_, index) => `${index}`.padStart(29, 'r'));
    const users = [
      ...Object.entries(roleCounts).map(([username, count]) => ({ username, passwordHash, roles: rolesOf(count) })),
      ...Array.from({ length: edgeUsers }, (_, more) => {
        const filled = rolesOf(180).map(
          (role, index) => role + 'x'.repeat(Math.min(30, Math.max(0, more - index * 30))),
        );
        return { username: edgeUser(more), passwordHash, roles: filled };
      }),
    ];
    servers = new ChecklistServers({ users: JSON.stringify({ users }) });
    await servers.start();
    return () => servers.stop();
  });

  test.each(withEveryAlgorithm)('%s', async (name) => {
    for (const username of Object.keys(roleCounts)) {
      const client = servers.client(name, 0, username);
      client.password = password;
      const login = await client.login();
      for (const line of login.setCookies) {
        // What counts is the name and the value (RFC 6265bis 5.6).
        expect((line.split(';')[0] ?? '').length - 1).toBeLessThanOrEqual(largestCookieBytes);
      }
      if (login.status === 200) {
        // Nor is anything issued that the server itself would find too large.
        expectAccepted(await client.profile());
      } else {
        expect([username, login.status]).not.toEqual(['few', 500]);
        expect(login.setCookies).toEqual([]);
        expect(login.body.access_token).toBeUndefined();
        expect(servers.faults.pop()).toMatchObject({ code: 'ERR_INPUT_INVALID', faults: [{ place: 'roles' }] });
      }
    }
  });

  test('the largest token that is issued still fits into a request', async () => {
    const lengthOf = async (more: number) => {
      const client = servers.client('jwt-hs256', 0, edgeUser(more));
      client.password = password;
      expect((await client.login()).status).toBe(200);
      return { client, length: client.credential.length };
    };
    const { length } = await lengthOf(0);
    // Three bytes make four characters.
    const { client, length: largest } = await lengthOf(Math.floor(((8_192 - length) * 3) / 4));
    expect(largest).toBeGreaterThan(8_188);
    expectAccepted(await client.profile());
  });
});

describe('credentials', () => {
  const told: unknown[] = [];
  const note = (what: unknown) => void told.push(what);
  const servers = useServers({
    settings: { ...shortStaleness, MAXIMUM_SESSIONS_PER_USER: '3', METRICS: 'true', RSA_KEY_BITS: '2048' },
    operator: { security: note, diagnostic: note },
  });

  describeRow(7, () => {
    test.each(everyTransport())('%s', async (name) => {
      const client = await servers.loggedIn(name);
      const { credential } = client;
      for (const parameter of ['access_token', 'token', 'jwt', 'authorization', 'sid', sessionCookieName(name)]) {
        const answer = await ask(servers.port(), `/${name}/profile?${parameter}=${encodeURIComponent(credential)}`);
        expect([answer.status, answer.json]).toMatchObject([401, { type: 'urn:authlab:problem:no-credential' }]);
      }
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
      const inBody = await ask(servers.port(), `/${name}/auth/logout-all`, {
        method: 'POST',
        headers: form,
        body: `access_token=${credential}`,
      });
      expect([401, 415]).toContain(inBody.status);
      if (traitsOf(name).refresh) {
        const query = `refresh_token=${client.refreshToken}&${refreshCookieName(name)}=${client.refreshToken}`;
        const headers = { 'content-type': 'application/json' };
        const answer = await ask(servers.port(), `/${name}/auth/refresh?${query}`, { method: 'POST', headers });
        expect(answer.status).toBe(401);
      }
      expectAccepted(await client.profile());
    });

    test.each(everyTransport())('%s sends nobody anywhere, and shows no credential to its operator', async (name) => {
      const client = servers.client(name);
      const answers = [await client.login(), await client.profile(), await client.sessions()];
      const secrets = [client.credential, client.refreshToken ?? client.credential];
      const listed = JSON.stringify((await client.sessions()).body);
      if (traitsOf(name).refresh) answers.push(await client.refresh());
      secrets.push(client.credential, client.refreshToken ?? client.credential);
      answers.push(await client.logout());
      for (const { status, headers } of answers) {
        expect([200, 204]).toContain(status);
        for (const field of ['location', 'refresh', 'link', 'content-location']) expect(headers.get(field)).toBeNull();
      }
      const metrics = await ask(servers.port(), '/metrics');
      expect(metrics.status).toBe(200);
      const shown = listed + metrics.text + JSON.stringify(told);
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    });
  });

  describeRow(8, () => {
    const header = ['alg', 'kid', 'typ'];
    const claims = ['aud', 'client_id', 'epoch', 'exp', 'iat', 'iss', 'jti', 'log', 'roles', 'sid', 'sub'];
    const cookieMembers = ['_expire', '_maxAge', 'endMillis', 'roles', 'sid', 'sub', 'untilMillis'];

    test.each(checking)('%s', async (name) => {
      const client = await servers.loggedIn(name);
      const { transport, stateLocation } = traitsOf(name);
      if (stateLocation === 'cookie') {
        expect(Object.keys(decoded(client.credential)).sort()).toEqual(cookieMembers);
      } else if (transport === 'cookie' || !client.credential.includes('eyJ')) {
        expect(client.credential).toMatch(/^0\.[\w-]{43}$/);
      } else {
        const [first = '', second = ''] = client.credential.split('.');
        expect(Object.keys(decoded(first)).sort()).toEqual(header);
        expect(Object.keys(decoded(second)).filter((claim) => !claims.includes(claim))).toEqual([]);
        expect(decoded(second).sub).toBe(client.username);
      }
      // Partition and name of the session, then noise: the user is not in it.
      if (traitsOf(name).refresh) expect(client.refreshToken).toMatch(/^0\.[\w-]{22}\.[\w-]{43}$/);
    });
  });

  describeRow(9, () => {
    test.each(everyTransport())('%s', async (name) => {
      const clients: Client[] = [];
      const { username } = servers.client(name);
      for (let login = 0; login < 3; login += 1) clients.push(await servers.loggedIn(name, 0, username));
      const [oldest, ...others] = clients;
      if (oldest === undefined) throw new Error('nobody has logged in');
      expectAccepted(await oldest.profile());
      const newest = await servers.loggedIn(name, 0, username);
      await expectEnded(name, 9, oldest);
      if (traitsOf(name).refresh) expect((await oldest.refresh()).status).toBe(401);
      for (const client of [...others, newest]) {
        if (traitsOf(name).logoutRefuses === 'all-of-the-user') await client.refresh();
        expectAccepted(await client.profile());
      }
      const listed = (await newest.sessions()).body.sessions;
      expect(listed).toHaveLength(3);
      expect(failsByDesign(traitsOf(name), 9)).toBe(traitsOf(name).bound === 'remaining-lifetime');
    });

    test('a session more of one strategy ends none of another', async () => {
      const [first = '', second = ''] = everyTransport();
      const kept = await servers.loggedIn(first);
      for (let login = 0; login < 4; login += 1) await servers.loggedIn(second, 0, kept.username);
      expectAccepted(await kept.profile());
    });
  });
});

function decoded(base64url: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(base64url, 'base64url').toString()) as Readonly<Record<string, unknown>>;
}
