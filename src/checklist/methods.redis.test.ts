/** Row 81: methods that a route does not have. */

import { expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { expectAccepted } from '../strategies/expectations.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { oneOfEachFamily, useServers } from './checklist-server.contract.ts';
import { credentialsOf } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const names = oneOfEachFamily();
const servers = useServers({ settings: { STRATEGIES: names.join(','), METRICS: 'true' } });
const json = { 'content-type': 'application/json' };

describeRow(81, () => {
  const nowhere = ['TRACE', 'OPTIONS', 'PUT', 'PATCH'];
  const exotic = ['PROPFIND', 'PURGE', 'LINK', 'MKCOL', 'SEARCH'];

  test('at the server', async () => {
    for (const path of [
      '/',
      '/public',
      '/strategies',
      '/health/ready',
      '/.well-known/jwks.json',
      '/metrics',
      '/nowhere',
    ]) {
      for (const method of [...nowhere, ...exotic]) {
        const { status, text } = await ask(servers.port(), path, { method, headers: { 'x-echo': 'hunter2' } });
        expect([path, method, status, text.includes('hunter2')]).toEqual([path, method, 405, false]);
      }
    }
  });

  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name);
    const routes: readonly (readonly [path: string, had: readonly string[]])[] = [
      ['/profile', ['GET', 'HEAD']],
      ['/auth/login', ['POST']],
      ['/auth/logout', ['POST']],
      ['/auth/logout-all', ['POST']],
      ['/auth/sessions', ['GET', 'HEAD']],
      ['/auth/password', ['POST']],
      ['/admin/users/bob/disable', ['POST']],
      ...(traitsOf(name).refresh ? [['/auth/refresh', ['POST']] as const] : []),
    ];
    for (const [path, had] of routes) {
      for (const method of [...nowhere, 'GET', 'HEAD', 'POST', 'DELETE'].filter((each) => !had.includes(each))) {
        const headers = { ...json, ...credentialsOf(client, path), 'x-echo': 'hunter2' };
        const { status, text } = await ask(servers.port(), `/${name}${path}`, { method, headers });
        expect([path, method, status, text.includes('hunter2')]).toEqual([path, method, 405, false]);
      }
    }
    expectAccepted(await client.profile());
  });
});
