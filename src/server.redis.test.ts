/** The whole server on a real Redis: every strategy over HTTP, starting, and stopping without a trace. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compose, type OperatorLog, type RunningServer } from './compose.ts';
import { type Config, loadConfig } from './config.ts';
import { type Answer, ask, post } from './http/http.contract.ts';
import { labPassword } from './identity/lab-users.ts';
import { environment } from './server-environment.contract.ts';
import { strategyNames, traitsOf } from './strategies/registry.ts';

const faults: unknown[] = [];
const operator: OperatorLog = { fault: (error) => void faults.push(error), diagnostic: () => {}, security: () => {} };

function config(more: Record<string, string> = {}): Config {
  const readFile = () => {
    throw new Error('no test reads files');
  };
  const loaded = loadConfig({ environment: environment(more), flags: {}, readFile });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.value;
}

async function untilReady(port: number): Promise<void> {
  await vi.waitFor(async () => expect((await ask(port, '/health/ready')).status).toBe(200), { timeout: 10_000 });
}

/** A cookie jar as simple as one host allows: names and values, paths, and cookies that are expired at once. */
class Jar {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  take({ headers }: Answer): void {
    for (const line of headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/';
      const expires = /; expires=([^;]+)/i.exec(line)?.[1];
      if (expires !== undefined && Date.parse(expires) < Date.now()) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path });
    }
  }

  header(path: string): Record<string, string> {
    const sent = [...this.#cookies].filter(([, cookie]) => path.startsWith(cookie.path));
    return sent.length === 0 ? {} : { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }
}

function bearer(answer: Answer): Record<string, string> {
  const body = answer.json as { token_type: string; access_token?: string };
  return body.access_token === undefined ? {} : { authorization: `Bearer ${body.access_token}` };
}

describe('a server with every strategy', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await compose(config(), operator);
    await untilReady(server.port);
  });
  afterAll(() => server.stop());

  const credentials = { username: 'user-000042', password: labPassword };
  const mounts = [...strategyNames().map((name) => ({ mount: `/${name}`, name })), { mount: '', name: 'hybrid-hs256' }];

  it.each(mounts)('"$mount": login, profile, refresh, logout', async ({ mount, name }) => {
    const traits = traitsOf(name);
    const { port } = server;
    const jar = new Jar();
    const login = await post(port, `${mount}/auth/login`, credentials);
    jar.take(login);
    expect(login.status).toBe(200);
    expect(login.json).toMatchObject({
      token_type: traits.transport === 'cookie' ? 'Cookie' : 'Bearer',
      expires_in: expect.any(Number),
    });

    const profile = (more: Record<string, string>) =>
      ask(port, `${mount}/profile`, { headers: { ...jar.header(`${mount}/profile`), ...more } });
    const first = await profile(bearer(login));
    expect(first.status).toBe(200);
    const sub = traits.transport === 'ignored' ? expect.any(String) : credentials.username;
    expect(first.json).toEqual({ sub, sid: expect.any(String), roles: ['user'] });
    if (traits.transport !== 'ignored') expect((await ask(port, `${mount}/profile`)).status).toBe(401);

    const authHeaders = () => jar.header(`${mount}/auth/refresh`);
    const refresh = await post(port, `${mount}/auth/refresh`, undefined, authHeaders());
    expect(refresh.status).toBe(traits.refresh ? 200 : 404);
    jar.take(refresh);
    const token = bearer(traits.refresh ? refresh : login);
    const second = await profile(token);
    expect(second.json).toEqual(first.json);

    const logout = await post(port, `${mount}/auth/logout`, undefined, { ...authHeaders(), ...token });
    expect(logout.status).toBe(204);
    if (traits.refresh) {
      const late = await post(port, `${mount}/auth/refresh`, undefined, authHeaders());
      expect(late.status).toBe(401);
      expect(late.json).toMatchObject({ error: 'invalid_grant' });
    }
    if (traits.bound === 'zero') expect((await profile({ ...authHeaders(), ...token })).status).toBe(401);
    if (traits.bound === 'staleness-limit') {
      await vi.waitFor(async () => expect((await profile(token)).status).toBe(401), { timeout: 2_000 });
    }
    jar.take(logout);
    expect(jar.header(`${mount}/auth/refresh`)).toEqual({});
    expect(faults).toEqual([]);
  });

  it('lists what is mounted and publishes the public keys alone', async () => {
    const listed = (await ask(server.port, '/strategies')).json as { default: string; strategies: { name: string }[] };
    expect(listed.default).toBe('hybrid-hs256');
    expect(listed.strategies.map(({ name }) => name)).toEqual(strategyNames());
    const { text } = await ask(server.port, '/.well-known/jwks.json');
    const { keys } = JSON.parse(text) as { keys: Record<string, string>[] };
    const members = ['alg', 'kid', 'kty', 'use'];
    const shown = keys.map((key) => [key.alg, key.use, Object.keys(key).filter((member) => !members.includes(member))]);
    expect(shown.toSorted()).toEqual([
      ['ES256', 'sig', ['crv', 'x', 'y']],
      ['Ed25519', 'sig', ['crv', 'x']],
      ['PS256', 'sig', ['e', 'n']],
      ['RS256', 'sig', ['e', 'n']],
    ]);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(4);
  });

  it('accepts no credential of one strategy at another', async () => {
    const bearers = strategyNames().filter((name) => traitsOf(name).transport === 'bearer');
    for (const issuing of bearers) {
      const token = bearer(await post(server.port, `/${issuing}/auth/login`, credentials));
      for (const asked of bearers) {
        const { status } = await ask(server.port, `/${asked}/profile`, { headers: token });
        expect([issuing, asked, status]).toEqual([issuing, asked, asked === issuing ? 200 : 401]);
      }
    }
  });
});

describe('starting and stopping', () => {
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));

  const untilOnly = (expected: readonly string[]) => vi.waitFor(() => expect(sockets()).toEqual(expected));

  it('leaves no handle behind', async () => {
    await untilOnly([]);
    const server = await compose(config(), operator);
    await untilReady(server.port);
    await post(server.port, '/auth/login', { username: 'user-000001', password: labPassword });
    await Promise.all([server.stop(), server.stop()]);
    await untilOnly([]);
    await expect(ask(server.port, '/health/live')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('refuses a port that is taken, and a Redis that is not there, and leaves no handle either', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await untilOnly(['TCPServerWrap']);
    await expect(compose(config({ AUTHLAB_PORT: String(port) }), operator)).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT_PORT',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await expect(compose(config({ AUTHLAB_REDIS_URL: 'redis://127.0.0.1:1' }), operator)).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT_REDIS',
    });
    await untilOnly(['TCPServerWrap']);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('invents keys for demo users, whose passwords are told once', async () => {
    const invented = config({
      AUTHLAB_LAB: '',
      AUTHLAB_DEMO_USERS: '1',
      AUTHLAB_SECRET: '',
      AUTHLAB_STRATEGIES: 'jwt-hs256',
    });
    const server = await compose(invented, operator);
    const [alice] = server.demoCredentials;
    const answer = await post(server.port, '/auth/login', alice);
    expect(answer.status).toBe(200);
    await server.stop();
  });
});
