/** An attack proves nothing unless the server does its ordinary work: then it says so, whatever it saw. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Mistake } from './broken/parts.ts';
import { BrokenServer } from './broken-server.contract.ts';
import { openToken, unsigned } from './token.ts';

// Each test makes RSA keys, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 30_000 });

let server: BrokenServer | null = null;
afterEach(() => server?.close());

const unproven = (evidence: string) => ({ outcome: { kind: 'unproven' }, evidence: expect.stringContaining(evidence) });

async function attack(mistake: Mistake) {
  server = await BrokenServer.start(() => mistake);
  return server.attack('algorithm-list-too-wide', 'algorithm-list-too-wide');
}

describe('an attack is unproven', () => {
  it('when the server refuses everybody', async () => {
    expect(await attack(() => ({ read: () => null }))).toEqual(
      unproven('before the attack a genuine request was answered 401 invalid_token'),
    );
  });

  it('when it accepts everybody', async () => {
    const credulous: Mistake = ({ sessions }) => {
      const { session } = sessions.start('user-000000', []);
      return { read: () => session };
    };
    expect(await attack(credulous)).toEqual(
      unproven('before the attack a request with a spoilt token was answered 200'),
    );
  });

  it('when it takes a user for another', async () => {
    const blurred: Mistake = (careful) => ({
      issue: (session) => careful.issue({ ...session, sub: 'user-999999' }),
      isLive: () => true,
    });
    expect(await attack(blurred)).toEqual(unproven('before the attack a genuine request was taken for another user'));
  });

  it('when the login does not work', async () => {
    server = await BrokenServer.start();
    const login = { path: '/broken-no-expiry/auth/login', body: { username: '{user}', password: 'wrong' } };
    expect(await server.attack('no-expiry', 'no-expiry', { login })).toEqual(
      unproven('before the attack a genuine login was answered 401'),
    );
  });

  it('when the server is spoilt by the attack', async () => {
    const fragile: Mistake = (careful) => {
      let broken = false;
      return {
        read(token) {
          // Only what the attack sends begins with another header than the genuine tokens.
          if (!token.startsWith('eyJhbGciOiJIUzI1NiI')) broken = true;
          return broken ? null : careful.read(token);
        },
      };
    };
    expect(await attack(fragile)).toEqual(unproven('; after the attack a genuine request was answered 401'));
  });

  it('when the server is not able to judge', async () => {
    const ailing = await startAiling();
    try {
      server = await BrokenServer.start();
      const nodes = [`http://127.0.0.1:${(ailing.address() as AddressInfo).port}`];
      expect(await server.attack('algorithm-list-too-wide', 'algorithm-list-too-wide', { nodes })).toEqual(
        unproven('GET /profile 503 (16 of 17 forgeries), 401 (1 of 17 forgeries)'),
      );
    } finally {
      ailing.closeAllConnections();
      ailing.close();
    }
  });
});

/** Knows what it has issued, refuses what looks alike, and stumbles over everything else. */
async function startAiling(): Promise<Server> {
  const subjects = new Map<string, string>();
  const ailing = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    };
    if (request.method === 'POST') {
      request.once('data', (body: Buffer) => {
        const sub = JSON.parse(body.toString()).username;
        const token = unsigned({ alg: 'HS256' }, { sub }, 'x'.repeat(43));
        subjects.set(token, sub);
        answer(200, { access_token: token });
      });
      return;
    }
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const sub = subjects.get(token);
    if (sub !== undefined) answer(200, { sub });
    else answer(token === '' || openToken(token)?.header.alg === 'HS256' ? 401 : 503, {});
  });
  await new Promise<void>((resolve) => ailing.listen(0, '127.0.0.1', resolve));
  return ailing;
}

describe('an attack throws', () => {
  it('when the server does not answer', async () => {
    server = await BrokenServer.start();
    const nodes = ['http://127.0.0.1:1'];
    await expect(server.attack('no-expiry', 'no-expiry', { nodes })).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'http://127.0.0.1:1/broken-no-expiry/auth/login did not answer',
    });
  });

  it('when it is interrupted', async () => {
    server = await BrokenServer.start();
    const interruption = new AbortController();
    const attacked = server.attack(
      'no-expiry',
      'no-expiry',
      { accessTokenLifetimeMillis: 60_000 },
      interruption.signal,
    );
    interruption.abort();
    await expect(attacked).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });
});
