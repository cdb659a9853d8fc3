/** Names, traits, and what is said when a name is wrong or a key is missing. */

import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { isFollowed } from '../domain/events.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { ManualClock } from '../kernel/clock.ts';
import { isAuthlabError } from '../kernel/errors.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { testRing } from '../keys/test-ring.contract.ts';
import type { StrategyDependencies } from './family.ts';
import { createStrategy, parseStrategyName, strategyNames, traitsOf, variantNames } from './registry.ts';

const ring = testRing();

function dependencies(keys: KeyRing = ring): StrategyDependencies {
  const clock = new ManualClock();
  const policy = {
    accessTokenMillis: 1,
    inactivityMillis: 1,
    absoluteMillis: 1,
    leewayMillis: 0,
    skewMillis: 0,
    refreshGraceMillis: 0,
    maximumSessions: 20,
  };
  const log = new MemoryEventLog({ partitions: 1, clock });
  return {
    context: { log, clock, random: systemRandomBytes, policy, deadlineMillis: 1 },
    keys,
    issuer: 'https://issuer.test',
    revocations: { isRevoked: () => false, birthOf: () => null, isFresh: () => true },
    records: { read: () => null },
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
    const algorithms = ['hs256', 'rs256', 'ps256', 'es256', 'ed25519'];
    const signed = ['jwt', 'denylist', 'epoch', 'hybrid'];
    const plain = [
      'session',
      'session+unsigned',
      'cached-session',
      'cached-session+unsigned',
      'cookie-session',
      'reference-token',
    ];
    const names = signed.flatMap((family) => algorithms.map((algorithm) => `${family}-${algorithm}`));
    expect(strategyNames()).toEqual(expect.arrayContaining([...plain, ...names]));
    expect(strategyNames()[0]).toBe('none');
    expect(new Set(strategyNames()).size).toBe(strategyNames().length);
  });

  test('lists every other library that knows the algorithm', () => {
    const libraries = ['jose', 'fast-jwt', 'cache', 'jose+cache', 'fast-jwt+cache', 'fast-jwt+own-cache'];
    const variants = ['hs256', 'rs256', 'ps256', 'es256'].flatMap((name) => libraries.map((way) => `${name}+${way}`));
    const listed = [...variants, 'ed25519+cache', 'hs256+string-secret', 'rs256+pem'];
    expect(variantNames().filter((name) => name.startsWith('jwt-'))).toEqual(
      expect.arrayContaining(listed.map((name) => `jwt-${name}`)),
    );
    expect(variantNames().filter((name) => name.startsWith('jwt-'))).toHaveLength(listed.length);
    expect(new Set(variantNames()).size).toBe(variantNames().length);
    expect(variantNames().filter((name) => strategyNames().includes(name))).toEqual([]);
  });

  test.each([...strategyNames(), ...variantNames()])(
    '%s is built with the name and traits it is listed with',
    (name) => {
      const listed = traitsOf(name);
      const parsed = parseStrategyName(name);
      expect(name.startsWith(listed.family)).toBe(true);
      expect(parsed).toMatchObject({ ok: true, value: { name, traits: listed } });
      const strategy = createStrategy(name, dependencies());
      expect(strategy.name).toBe(name);
      expect(strategy.refresh !== undefined).toBe(listed.refresh);
      const algorithm = parsed.ok ? parsed.value.algorithm : undefined;
      const signature = { ...listed.signature, keyBits: algorithm && ring.keysOf(algorithm).active().bits };
      expect(strategy.traits).toEqual(algorithm === undefined ? listed : { ...listed, signature });
    },
  );

  test.each(strategyNames())('the traits of %s agree with each other', (name) => {
    const { bound, revocation, withoutRedis, redisCommandsPerCheck, stateLocation } = traitsOf(name);
    expect(withoutRedis === 'refuses').toBe(redisCommandsPerCheck === 1);
    expect(bound === 'zero').toBe(redisCommandsPerCheck === 1 || revocation === 'followed-strict');
    expect(bound === 'staleness-limit').toBe(stateLocation.endsWith('node memory') && revocation !== 'followed-strict');
    expect(isFollowed(revocation)).toBe(stateLocation === 'token and node memory');
    expect(revocation === 'none').toBe(['nowhere', 'cookie', 'token'].includes(stateLocation));
  });

  test.each([
    ['jwt-rs256', 'RS256', 3072, 'jsonwebtoken'],
    ['jwt-rs256+jose', 'RS256', 3072, 'jose'],
    ['denylist-hs256+fast-jwt', 'HS256', 256, 'fast-jwt'],
    ['epoch-es256', 'ES256', 256, 'jsonwebtoken'],
    ['hybrid-ed25519', 'Ed25519', 256, 'jose'],
  ])('%s is signed %s with %i bits by %s, as it is installed', (name, algorithm, keyBits, library) => {
    const { version } = createRequire(import.meta.url)(`${library}/package.json`);
    expect(traitsOf(name).signature).toEqual({ algorithm, keyBits, library, libraryVersion: version });
  });

  test('another way of using a library is told in words, and is a matter of the name alone', () => {
    const { usage, ...signature } = traitsOf('jwt-hs256+string-secret').signature ?? {};
    expect(usage).toMatch(/imports its secret again/);
    expect(signature).toEqual(traitsOf('jwt-hs256').signature);
    expect(traitsOf('denylist-rs256+pem').signature).toMatchObject({ library: 'jsonwebtoken', algorithm: 'RS256' });
    expect(traitsOf('jwt-es256+jose+cache').signature?.usage).toMatch(/25,000 at most/);
    expect(traitsOf('jwt-es256+jose+cache-5000').signature?.usage).toMatch(/5,000 at most/);
  });

  test('signed cookies name their library, others have no signature', () => {
    expect(traitsOf('session').signature).toMatchObject({ library: 'keygrip', algorithm: 'HMAC-SHA256' });
    expect(traitsOf('session+unsigned').signature).toBeUndefined();
    expect(traitsOf('reference-token').signature).toBeUndefined();
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
    for (const name of [
      'jwt-es512',
      'jwt-eddsa',
      'jwt-rs256+',
      'jwt-rs256+jsonwebtoken',
      'jwt-ed25519+fast-jwt',
      'jwt-es256+cache+jose',
      'jwt-es256+cache-0',
      'jwt-es256+cache-007',
      'jwt-es256+cache-1000001',
      // It is the one without a number, and a strategy has one name.
      'jwt-es256+cache-25000',
      'session+cache-10',
      'jwt-hs256+fast-jwt+own-cache-10',
    ]) {
      expect(parseStrategyName(name)).toMatchObject({ ok: false });
    }
    expect(parseStrategyName('jwt-rs256+jsoe')).toMatchObject({
      fault: { message: expect.stringContaining('Did you mean jwt-rs256+jose?') },
    });
    expect(parseStrategyName('__proto__')).toMatchObject({ ok: false });
    expect(faultsOf(() => traitsOf('jwt'))).toMatchObject([{ place: 'strategy' }]);
  });

  test('a strategy whose key is missing says so at start', () => {
    const faultless = testRing(['hs256']);
    expect(() => createStrategy('jwt-hs256', dependencies(faultless))).not.toThrow();
    expect(() => createStrategy('jwt-rs256', dependencies(faultless))).toThrow('No RS256 key is active at this node.');
  });
});
