/** Guessing passwords over HTTP: who is stopped, who is not, and by which address a guess counts. */

import { afterEach, describe, expect, it } from 'vitest';
import { createLoginLimits } from '../identity/login-limits.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { post } from './http.contract.ts';
import { toyAccounts } from './toy-accounts.contract.ts';
import { alice, problem, startToyServer, stopToyServers, type ToyServerOptions } from './toy-server.contract.ts';

afterEach(stopToyServers);

const failuresPerUserAndAddress = 3;
const wrong = { ...alice, password: 'wrong horse' };

/** A server behind a proxy that writes `from` at the end of X-Forwarded-For; `judged` counts the passwords looked at. */
async function start({
  failuresPerAddress = 100,
  ...options
}: ToyServerOptions & { failuresPerAddress?: number } = {}) {
  const seen = { judged: 0, fails: false };
  const limits = createLoginLimits({ failuresPerUserAndAddress, failuresPerAddress, store: null });
  const server = await startToyServer({
    trustProxy: true,
    limits,
    ...toyAccounts(),
    identity: {
      async verify(sub, password) {
        seen.judged += 1;
        if (seen.fails) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'away');
        return sub === alice.username && password === alice.password ? { sub, roles: ['user'] } : null;
      },
    },
    ...options,
  });
  const login = (body: object, from = '203.0.113.7') =>
    post(server.port, '/auth/login', body, { 'x-forwarded-for': from, 'x-forwarded-proto': 'https' });
  return { ...server, seen, login };
}

describe('a login', () => {
  it('is refused after some failures, right or wrong, without a look at the password', async () => {
    const { login, seen } = await start();
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) expect((await login(wrong)).status).toBe(401);
    for (const body of [wrong, alice]) {
      const answer = await login(body);
      expect([answer.status, answer.json]).toEqual([429, problem('too-many-attempts', 429)]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(seen.judged).toBe(failuresPerUserAndAddress);
  });

  it('does not slip through among many at once', async () => {
    const { login, seen } = await start();
    const answers = await Promise.all(Array.from({ length: 30 }, () => login(wrong)));
    expect(answers.filter(({ status }) => status === 401).length).toBe(failuresPerUserAndAddress);
    expect(seen.judged).toBe(failuresPerUserAndAddress);
  });

  it('of the owner succeeds from elsewhere, after a thousand guesses', async () => {
    const { login } = await start();
    for (let guess = 0; guess < 1_000; guess += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => login(wrong, `198.51.100.${(guess + index) % 250}`)));
    }
    expect((await login(alice)).status).toBe(200);
  });

  it('that succeeds begins a new count', async () => {
    const { login } = await start();
    for (let round = 0; round < 4; round += 1) {
      for (const body of [wrong, wrong, alice]) expect((await login(body)).status).toBe(body === alice ? 200 : 401);
    }
  });

  it('tells nobody whether a user exists', async () => {
    const { login } = await start();
    const nobody = { ...wrong, username: 'nobody' };
    for (let guess = 0; guess < 6; guess += 1) {
      const [known, unknown] = [await login(wrong), await login(nobody)];
      expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    }
  });

  it('of a shut account counts as a failure: a right guess is worth no more than a wrong one', async () => {
    const { login, toy } = await start();
    toy.strategy.login = async () => ({ ok: false, refusal: 'user_disabled' });
    const statuses = [];
    for (let guess = 0; guess < 5; guess += 1) statuses.push((await login(alice)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('that met a fault does not count', async () => {
    const { login, seen, toy } = await start();
    seen.fails = true;
    for (let outage = 0; outage < 10; outage += 1) expect((await login(alice)).status).toBe(503);
    seen.fails = false;
    toy.failWith = new AuthlabError('ERR_LOG_OUTCOME_UNKNOWN', 'no answer');
    for (let outage = 0; outage < 10; outage += 1) expect((await login(alice)).status).toBe(503);
    toy.failWith = null;
    expect((await login(alice)).status).toBe(200);
  });

  it('that cannot be understood is none', async () => {
    const { login } = await start();
    for (let mistake = 0; mistake < 10; mistake += 1) expect((await login({ username: 'alice' })).status).toBe(400);
    expect((await login(alice)).status).toBe(200);
  });
});

describe('another password', () => {
  it('is a guess at the present one, counted with the logins', async () => {
    const { port, login, seen } = await start();
    const { access_token: token } = (await login(alice)).json as { access_token: string };
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' };
    const change = (current: string) =>
      post(port, '/auth/password', { current, next: 'another one of some length' }, headers);
    expect((await login(wrong)).status).toBe(401);
    expect([(await change('a')).status, (await change('b')).status]).toEqual([401, 401]);
    const judged = seen.judged;
    expect([(await change(alice.password)).status, (await login(alice)).status]).toEqual([429, 429]);
    expect(seen.judged).toBe(judged);
  });

  it('that succeeds begins a new count', async () => {
    const { port, login } = await start();
    const { access_token: token } = (await login(alice)).json as { access_token: string };
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' };
    for (let round = 0; round < 4; round += 1) {
      expect((await login(wrong)).status).toBe(401);
      const changed = await post(port, '/auth/password', { current: alice.password, next: 'x'.repeat(15) }, headers);
      expect(changed.status).toBe(204);
    }
  });
});

describe('the address that counts', () => {
  const exhaust = async (login: (body: object, from?: string) => Promise<{ status: number }>, from: string) => {
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await login(wrong, from);
    expect((await login(wrong, from)).status).toBe(429);
  };

  it('is what the proxy wrote, never what the client did', async () => {
    const { login } = await start();
    await exhaust(login, '203.0.113.7');
    for (const from of ['1.1.1.1, 203.0.113.7', '203.0.113.8, 10.0.0.1, 203.0.113.7', 'x,203.0.113.7:4711']) {
      expect((await login(alice, from)).status).toBe(429);
    }
    expect((await login(alice, '203.0.113.7, 203.0.113.8')).status).toBe(200);
  });

  it('is the peer’s where no proxy is trusted', async () => {
    const { login } = await start({ trustProxy: false });
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await login(wrong, `203.0.113.${guess}`);
    expect((await login(alice, '198.51.100.1')).status).toBe(429);
  });

  it('is a whole /64 of IPv6, and the peer’s where a proxy writes no address', async () => {
    const { login } = await start();
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await login(wrong, `2001:db8::${guess}:1`);
    expect((await login(alice, '2001:db8:0:0:1:2:3:4')).status).toBe(429);
    expect((await login(alice, '2001:db8:0:1::1')).status).toBe(200);
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await login(wrong, `unknown-${guess}`);
    expect((await login(alice, 'something-else')).status).toBe(429);
  });

  it('has only so many guesses at all users together', async () => {
    const { login } = await start({ failuresPerAddress: 5 });
    for (let guess = 0; guess < 5; guess += 1)
      expect((await login({ ...wrong, username: `u${guess}` })).status).toBe(401);
    expect((await login(alice)).status).toBe(429);
    expect((await login(alice, '203.0.113.8')).status).toBe(200);
  });
});
