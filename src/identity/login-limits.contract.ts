/** Login limits, whatever counts: how many guesses there are, whom they cost, and what gives them back. */

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type LoginAttempt, type LoginLimits, loginWindowsSeconds } from './login-limits.ts';

export const failuresPerUserAndAddress = 3;
export const failuresPerAddress = 8;

export function describeLoginLimits(open: () => Promise<LoginLimits>): void {
  test('one user can be guessed at from one address a few times, then for a while no more', async () => {
    const limits = await open();
    const { network, user } = names();
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await begun(limits, network, user);
    const refused = await limits.begin(network, user);
    expect(refused).toEqual({ ok: false, retryAfterSeconds: expect.any(Number) });
    expectWait(refused, loginWindowsSeconds.userAndAddress);
  });

  test('guesses that come all at once are no more than that', async () => {
    const limits = await open();
    const { network, user } = names();
    const attempts = await Promise.all(Array.from({ length: 40 }, () => limits.begin(network, user)));
    expect(attempts.filter(({ ok }) => ok).length).toBe(failuresPerUserAndAddress);
  });

  test('nobody locks a user out from elsewhere', async () => {
    const limits = await open();
    const { user } = names();
    for (let network = 0; network < 5; network += 1) {
      const attacker = names().network;
      for (let guess = 0; guess < 20; guess += 1) await limits.begin(attacker, user);
    }
    await begun(limits, names().network, user);
  });

  test('one address has only so many guesses at whatever users', async () => {
    const limits = await open();
    const { network } = names();
    for (let guess = 0; guess < failuresPerAddress; guess += 1) await begun(limits, network, names().user);
    const refused = await limits.begin(network, names().user);
    expect(refused.ok).toBe(false);
    expectWait(refused, loginWindowsSeconds.address);
  });

  test('going on after a refusal costs the neighbours behind the same address nothing', async () => {
    const limits = await open();
    const { network, user } = names();
    for (let guess = 0; guess < 30; guess += 1) await limits.begin(network, user);
    for (let neighbour = failuresPerUserAndAddress; neighbour < failuresPerAddress; neighbour += 1) {
      await begun(limits, network, names().user);
    }
    expect((await limits.begin(network, names().user)).ok).toBe(false);
  });

  test('a success forgets the failures of the user at that address, and was none of the address', async () => {
    const limits = await open();
    const { network, user } = names();
    for (let round = 0; round < 3; round += 1) {
      await begun(limits, network, user);
      const right = await begun(limits, network, user);
      await right.succeed();
    }
    // Three failures of three rounds are left at the address; the user's are forgotten.
    for (let guess = 0; guess < failuresPerUserAndAddress; guess += 1) await begun(limits, network, user);
    expect((await limits.begin(network, user)).ok).toBe(false);
    for (let left = 6; left < failuresPerAddress; left += 1) await begun(limits, network, names().user);
    expect((await limits.begin(network, names().user)).ok).toBe(false);
  });

  test('an attempt that judged nothing was none, and forgets nothing', async () => {
    const limits = await open();
    const { network, user } = names();
    await begun(limits, network, user);
    for (let outage = 0; outage < 20; outage += 1) await (await begun(limits, network, user)).withdraw();
    for (let guess = 1; guess < failuresPerUserAndAddress; guess += 1) await begun(limits, network, user);
    expect((await limits.begin(network, user)).ok).toBe(false);
  });

  test('names of any length and content are counted apart', async () => {
    const limits = await open();
    const { network } = names();
    for (const user of ['x'.repeat(16_000), `${'x'.repeat(16_000)}y`, '', '\0\n*{}']) {
      await begun(limits, network, user);
    }
  });
}

/** An address and a user that no other test knows. */
function names(): { network: string; user: string } {
  return { network: randomUUID(), user: randomUUID() };
}

async function begun(limits: LoginLimits, network: string, user: string): Promise<Extract<LoginAttempt, { ok: true }>> {
  const attempt = await limits.begin(network, user);
  if (!attempt.ok) throw new Error('the attempt was refused');
  return attempt;
}

function expectWait(attempt: LoginAttempt, windowSeconds: number): void {
  const seconds = attempt.ok ? 0 : attempt.retryAfterSeconds;
  expect(seconds).toBeGreaterThan(windowSeconds - 30);
  expect(seconds).toBeLessThanOrEqual(windowSeconds);
}
