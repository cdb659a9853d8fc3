/** Logins over HTTP against a toy server. */

import { afterEach, describe, expect, it } from 'vitest';
import { boundMillisOf, contestantOf } from './contestant.ts';
import { attemptLogIn, logIn, logInUser, revoke } from './log-in.ts';
import { startToy, type Toy, type ToyOptions } from './toy-contestant.ts';

const toys: Toy[] = [];

async function toy(options?: ToyOptions): Promise<Toy> {
  const started = await startToy(options);
  toys.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(toys.splice(0).map((started) => started.close()));
});

describe('logging in', () => {
  it('gives as many distinct credentials as asked for, in the order of the users, and tells how far it is', async () => {
    const { contestant } = await toy();
    const progress: number[] = [];
    const loggedIn = await logIn(contestant, 100, { firstUser: 7, onProgress: (done) => progress.push(done) });
    expect(loggedIn.map(({ credential }) => credential.user).slice(0, 2)).toEqual(['user-000007', 'user-000008']);
    const tokens = loggedIn.map(({ credential }) => credential.headersFor('/profile').authorization);
    expect(new Set(tokens).size).toBe(100);
    expect(tokens[99]).toMatch(/^Bearer user-000106\./);
    expect(progress).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('gives headers for each path as a client would send them', async () => {
    const { contestant } = await toy();
    const { credential, answer } = await logInUser(contestant, 3);
    expect(credential.headersFor('/profile')).toEqual({ authorization: expect.stringMatching(/^Bearer user-000003/) });
    expect(credential.headersFor('/auth/logout')).toEqual({
      authorization: expect.stringMatching(/^Bearer /),
      cookie: `__Secure-refresh=r; note=${'n'.repeat(20)}`,
    });
    expect(credential.headersFor('/auth/refresh')).toEqual({ cookie: `__Secure-refresh=r; note=${'n'.repeat(20)}` });
    expect(answer.setCookies).toHaveLength(2);
  });

  it('fails with the status and the contestant when a login is not answered with 200', async () => {
    const { contestant } = await toy({ loginStatus: 503 });
    await expect(logIn(contestant, 50)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'toy answered a login with 503',
    });
  });

  it('hands out the status of a refusal where one is reckoned with', async () => {
    const { contestant } = await toy({ loginStatus: 500 });
    expect(await attemptLogIn(contestant, 0)).toEqual({ ok: false, status: 500 });
    const accepting = await toy();
    expect(await attemptLogIn(accepting.contestant, 4)).toMatchObject({
      ok: true,
      value: { credential: { user: 'user-000004' } },
    });
    await expect(attemptLogIn({ ...contestant, nodes: ['http://127.0.0.1:1'] }, 0)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
    });
  });

  it('fails when the answer has no token', async () => {
    const { contestant } = await toy();
    await expect(logIn({ ...contestant, bearerTokenField: 'elsewhere' }, 1)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringContaining('no bearer token'),
    });
  });

  it('fails when nobody listens', async () => {
    const { contestant, close } = await startToy();
    await close();
    await expect(logIn(contestant, 3)).rejects.toMatchObject({ code: 'ERR_PART_CRASHED' });
  });

  it('stops when it is told to', async () => {
    const { contestant } = await toy();
    const controller = new AbortController();
    const progress: number[] = [];
    const onProgress = (done: number): void => {
      progress.push(done);
      if (done === 20) controller.abort();
    };
    await expect(logIn(contestant, 1_000, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'ERR_INTERRUPTED',
    });
    expect(progress.length).toBeLessThan(100);
  });
});

describe('revoking', () => {
  it('ends the session of that credential, and tells the status', async () => {
    const { contestant } = await toy();
    const [one, other] = await logIn(contestant, 2);
    if (!one || !other) throw new Error('two logins were asked for');
    expect(await revoke(contestant, one.credential, 1)).toBe(204);
    const statusOf = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`${contestant.nodes[0]}/profile`, { headers })).status;
    expect(await statusOf(one.credential.headersFor('/profile'))).toBe(401);
    expect(await statusOf(other.credential.headersFor('/profile'))).toBe(200);
  });

  it('is 0 when there is no answer', async () => {
    const { contestant, close } = await startToy();
    const { credential } = await logInUser(contestant, 1);
    await close();
    expect(await revoke(contestant, credential)).toBe(0);
  });
});

describe('a built-in contestant', () => {
  it('is described by its name and traits', async () => {
    const { traits } = (await toy()).contestant;
    expect(contestantOf('jwt-hs256', ['http://127.0.0.1:1'], traits)).toMatchObject({
      login: { path: '/jwt-hs256/auth/login' },
      bearerTokenField: 'access_token',
      protectedPath: '/jwt-hs256/profile',
      refreshPath: '/jwt-hs256/auth/refresh',
      revokePath: '/jwt-hs256/auth/logout',
    });
    expect(contestantOf('session', [], { ...traits, transport: 'cookie', refresh: false })).toMatchObject({
      bearerTokenField: null,
      refreshPath: null,
    });
  });

  it('is held to the bound of its traits', async () => {
    const { traits } = (await toy()).contestant;
    expect(boundMillisOf({ ...traits, bound: 'zero' }, 2_000)).toBe(0);
    expect(boundMillisOf({ ...traits, bound: 'staleness-limit' }, 2_000)).toBe(2_000);
    expect(boundMillisOf({ ...traits, bound: 'remaining-lifetime' }, 2_000)).toBeNull();
    expect(boundMillisOf({ ...traits, bound: 'unbounded' }, 2_000)).toBeNull();
  });
});
