/** Credentials as they arrive when something on the way has spoilt them: no strategy takes that for a fault of the server. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChecklistServers } from './checklist-server.contract.ts';
import { credentialsOf, everyTransport, sendRaw } from './raw-http.contract.ts';

const names = everyTransport();
const servers = new ChecklistServers({ settings: { STRATEGIES: names.join(',') } });
beforeAll(() => servers.start(), 30_000);
afterAll(() => servers.stop());

const routes = [
  'GET /profile',
  'POST /auth/refresh',
  'POST /auth/logout',
  'GET /auth/sessions',
  'DELETE /auth/sessions/%E0%A4%A',
  'POST /auth/logout-all',
  'POST /auth/password',
  'POST /admin/users/bob/roles',
  'GET /log?user=%E0%A4%A&sid=%',
];

/** Each value of a credential, in the header's whole line, as something else. */
const eachValue = (to: (value: string) => string) => (line: string) =>
  line.replace(/(?<==|Bearer )[^;=\s]+/g, (value) => to(value));
const spoilt: Readonly<Record<string, (line: string) => string>> = {
  'cut off': (line) => line.slice(0, -9),
  'percent-encoded badly': eachValue(() => '%E0%A4%A'),
  'of other bytes': eachValue(() => '\xe9\xff\x80'),
  'of JSON that is none': eachValue(() => 'eyJhIjp7fX0.eyJhIjp7fX0.eyJhIjp7fX0'),
  'of JSON that is null': eachValue(() => 'bnVsbA.bnVsbA.bnVsbA'),
  'of dots alone': eachValue(() => '..'),
  empty: eachValue(() => ''),
  'as long as headers may be': eachValue((value) => value.repeat(Math.floor(7_000 / value.length))),
  'named like what objects inherit': (line) => line.replace(/[^;: ]+=/g, '__proto__='),
};

/** Refused, not there, or already so; what a route says without looking at a credential is among them. */
const answers = new Set([200, 204, 400, 401, 403, 404, 415, 431]);

test.each(names)('%s', { timeout: 20_000 }, async (name) => {
  const client = await servers.loggedIn(name);
  const lines = Object.entries(credentialsOf(client, '/auth/x')).map(([field, value]) => `${field}: ${value}`);
  for (const [how, spoil] of Object.entries(spoilt)) {
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const spoiltLines = lines.map((line) => spoil(line));
      const headers = ['Host: a', 'Content-Type: application/json', ...spoiltLines];
      const { status } = await sendRaw(servers.port(), `${method} /${name}${path}`, headers, '{}');
      expect([how, route, status, answers.has(status)]).toEqual([how, route, status, true]);
      const isWhole = spoiltLines.some((line) => lines.includes(line) && line.startsWith('authorization'));
      if (path === '/profile') expect([how, status === 200]).toEqual([how, isWhole]);
    }
  }
  expect(servers.faults).toEqual([]);
});
