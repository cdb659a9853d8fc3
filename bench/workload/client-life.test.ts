/** The client's life with real strategies, and with servers that get in its way. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../../src/eventlog/memory-event-log.ts';
import { MemoryServer } from '../../src/eventlog/memory-server.ts';
import { password } from '../../src/strategies/lab-client.contract.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import { useLab } from '../../src/strategies/strategy-lab.contract.ts';
import { clientFault } from './client-life.ts';
import { type Contestant, contestantOf } from './contestant.ts';

describe.each(['jwt-hs256', 'reference-token', 'session', 'none'])('%s', (name) => {
  const lab = useLab((clock) => {
    const server = new MemoryServer(clock);
    return { connect: () => new MemoryEventLog({ partitions: 1, clock, server }) };
  }, name);

  test('lets a client log in, refresh once for all its requests, and log out', async () => {
    const contestant = contestantOf(name, [lab.node(0).url], traitsOf(name));
    const { path } = contestant.login;
    const login = { path, body: { username: '{user}', password } };
    expect(await clientFault({ ...contestant, login }, 7)).toBeNull();
    expect(
      await clientFault({ ...contestant, login: { path, body: { ...login.body, password: 'wrong' } } }, 7),
    ).toContain('fails the client');
  });
});

describe('a server', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function contestantServedBy(listener: RequestListener): Promise<Contestant> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return contestantOf('toy', [url], traitsOf('jwt-hs256'));
  }

  const grant = { token_type: 'Bearer', expires_in: 900, access_token: 'good' };
  const challenge = 'Bearer realm="toy", error="invalid_token"';

  test('whose refreshed token is refused again is found out', async () => {
    const contestant = await contestantServedBy(({ url }, response) => {
      const isGrant = url === '/toy/auth/login' || url === '/toy/auth/refresh';
      response.setHeader('content-type', isGrant ? 'application/json' : 'application/problem+json');
      response.writeHead(isGrant ? 200 : 401, { 'www-authenticate': challenge });
      response.end(JSON.stringify(isGrant ? grant : { status: 401, title: 'no', error: 'invalid_token' }));
    });
    expect(await clientFault(contestant, 7)).toContain('fails the client');
  });

  test('that accepts damaged tokens lets no refresh come of them', async () => {
    const contestant = await contestantServedBy(({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      if (url === '/toy/auth/logout') response.writeHead(204).end();
      else response.end(JSON.stringify(url === '/toy/profile' ? { sub: 'u', sid: '0.x', roles: [] } : grant));
    });
    expect(await clientFault(contestant, 7)).toBe('let 0 refreshes come of one refused token');
  });

  test('with other routes than ours is not asked', async () => {
    const contestant = contestantOf('toy', ['http://127.0.0.1:1'], traitsOf('jwt-hs256'));
    expect(await clientFault({ ...contestant, login: { path: '/sign-in', body: {} } }, 7)).toBeNull();
  });
});
