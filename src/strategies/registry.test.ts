/** Names, traits, and what is said when a name is wrong or a key is missing. */

import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { ManualClock } from '../kernel/clock.ts';
import { isAuthlabError } from '../kernel/errors.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { KeyRing } from '../keys/key-ring.ts';
import type { StrategyDependencies } from './family.ts';
import { createStrategy, parseStrategyName, strategyNames, traitsOf } from './registry.ts';

function dependencies(): StrategyDependencies {
  const clock = new ManualClock();
  const policy = {
    accessTokenMillis: 1,
    inactivityMillis: 1,
    absoluteMillis: 1,
    leewayMillis: 0,
    skewMillis: 0,
    refreshGraceMillis: 0,
  };
  const log = new MemoryEventLog({ partitions: 1, clock });
  return {
    context: { log, clock, random: systemRandomBytes, policy, deadlineMillis: 1 },
    keys: new KeyRing({ secret: randomBytes(32) }),
    issuer: 'https://issuer.test',
    revocations: { isRevoked: () => false, isFresh: () => true },
  };
}

function faultsOf(run: () => unknown): readonly unknown[] {
  try {
    run();
  } catch (error) {
    if (isAuthlabError(error, 'ERR_INPUT_INVALID')) return error.faults;
    throw error;
  }
  return [];
}

describe('registry', () => {
  test('lists every family with every algorithm it takes, the reference first', () => {
    expect(strategyNames()).toEqual([
      'none',
      'session',
      'cookie-session',
      'reference-token',
      'jwt-hs256',
      'jwt-rs256',
      'denylist-hs256',
      'denylist-rs256',
      'hybrid-hs256',
      'hybrid-rs256',
    ]);
  });

  test.each(strategyNames())('%s is built with the name and traits it is listed with', (name) => {
    const { family, signature, refresh } = traitsOf(name);
    expect(name.startsWith(family)).toBe(true);
    expect(parseStrategyName(name)).toMatchObject({ ok: true, value: { name, traits: traitsOf(name) } });
    if (signature?.algorithm === 'RS256') return;
    const strategy = createStrategy(name, dependencies());
    expect(strategy.name).toBe(name);
    expect(strategy.traits).toEqual(traitsOf(name));
    expect(strategy.refresh !== undefined).toBe(refresh);
  });

  test.each(strategyNames())('the traits of %s agree with each other', (name) => {
    const { bound, revocation, withoutRedis, redisCommandsPerCheck, stateLocation } = traitsOf(name);
    expect(withoutRedis === 'refuses').toBe(redisCommandsPerCheck === 1);
    expect(bound === 'zero').toBe(redisCommandsPerCheck === 1);
    expect(bound === 'staleness-limit').toBe(revocation === 'followed');
    expect(revocation === 'none').toBe(['nowhere', 'cookie', 'token'].includes(stateLocation));
  });

  test('signatures name the installed library', () => {
    const { version } = createRequire(import.meta.url)('jsonwebtoken/package.json');
    const facts = { algorithm: 'RS256', keyBits: 3072, library: 'jsonwebtoken', libraryVersion: version };
    expect(traitsOf('jwt-rs256').signature).toEqual(facts);
    expect(traitsOf('session').signature).toMatchObject({ library: 'keygrip', algorithm: 'HMAC-SHA256' });
  });

  test('a wrong name is answered with the one that was meant, and with all of them', () => {
    const parsed = parseStrategyName('hybird-hs256', 'lab.yaml:3:5');
    expect(parsed).toEqual({
      ok: false,
      fault: {
        place: 'lab.yaml:3:5',
        message: expect.stringMatching(/^"hybird-hs256" is no strategy\. Did you mean hybrid-hs256\?/),
      },
    });
    expect(JSON.stringify(parsed)).toContain(strategyNames().join(', '));
    expect(parseStrategyName('')).toMatchObject({ ok: false });
    expect(parseStrategyName('jwt-es512')).toMatchObject({ ok: false });
    expect(parseStrategyName('__proto__')).toMatchObject({ ok: false });
    expect(faultsOf(() => traitsOf('jwt'))).toMatchObject([{ place: 'strategy' }]);
  });

  test('a strategy whose key is missing says so at start', () => {
    expect(faultsOf(() => createStrategy('jwt-rs256', dependencies()))).toEqual([
      { place: 'rs256PrivateKey', message: 'is needed by every strategy whose name ends in -rs256' },
    ]);
  });
});
