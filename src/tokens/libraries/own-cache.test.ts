/** What a library with a cache of its own asks again and what it does not, and that no token is ever taken for another. */

import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.ts';
import { countTokenLookups } from '../../kernel/token-lookups.ts';
import { algorithmNames } from '../../keys/algorithms.ts';
import { testRing } from '../../keys/test-ring.contract.ts';
import { librariesOf } from './by-algorithm.ts';
import { badSignature, type Verdict } from './library.ts';

const ring = testRing();
const cached = algorithmNames.flatMap((name) =>
  librariesOf[name]
    .filter(({ variant }) => variant?.name === 'own-cache')
    .map((library) => ({ name, library, label: `${library.name} with ${name}` })),
);

describe.each(cached)('$label, with its own cache', ({ name, library }) => {
  const key = ring.keysOf(name).active();
  const clock = new ManualClock();
  const nowSeconds = clock.wallMillis() / 1000;
  const header = { alg: key.algorithm.jws, typ: 'at+jwt', kid: key.kid };
  const signed = (sub: string) =>
    library.signerOf(key, header)({ sub, roles: ['user'], exp: nowSeconds + 60, nbf: nowSeconds - 10 });

  test('hands out what it found the first time, which nobody can change', async () => {
    const verify = library.verifierOf(key, { clock, leewayMillis: 5_000 });
    const token = await signed('alice');
    const first = await verify(token);
    const second = await verify(token);
    expect(first).toMatchObject({ ok: true, payload: { sub: 'alice' } });
    const payload = (verdict: Verdict) => (verdict.ok ? (verdict.payload as { roles: string[] }) : { roles: [] });
    expect(payload(second)).toBe(payload(first));
    expect(() => payload(second).roles.push('admin')).toThrow(TypeError);
    expect(() => Object.assign(payload(second), { sub: 'bob' })).toThrow(TypeError);
  });

  test('asks each time whether the token is in force', async () => {
    const moving = new ManualClock();
    const verify = library.verifierOf(key, { clock: moving, leewayMillis: 5_000 });
    const token = await signed('alice');
    expect(await verify(token)).toMatchObject({ ok: true });
    moving.advance(64_999);
    expect(await verify(token)).toMatchObject({ ok: true });
    moving.advance(1);
    expect(await verify(token)).toEqual({ ok: false, reason: 'expired' });
    expect(await verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  test('takes no token for another, whichever was there before', async () => {
    const verify = library.verifierOf(key, { clock, leewayMillis: 5_000 });
    const [alice, bob] = [await signed('alice'), await signed('bob')];
    const mixed = `${alice.slice(0, alice.lastIndexOf('.'))}${bob.slice(bob.lastIndexOf('.'))}`;
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await verify(alice)).toMatchObject({ payload: { sub: 'alice' } });
      expect(await verify(mixed)).toEqual(badSignature);
      expect(await verify(bob)).toMatchObject({ payload: { sub: 'bob' } });
    }
  });

  test('tells each lookup, and what came of it, to whoever counts', async () => {
    const verify = library.verifierOf(key, { clock, leewayMillis: 5_000 });
    const [alice, bob] = [await signed('alice'), await signed('bob')];
    const counts = countTokenLookups();
    for (const token of [alice, bob, alice, alice]) await verify(token);
    expect(counts()).toEqual({ lookups: 4, hits: 2 });
  });

  test('remembers nothing beyond its key', async () => {
    const times = { clock, leewayMillis: 5_000 };
    const token = await signed('alice');
    expect(await library.verifierOf(key, times)(token)).toMatchObject({ ok: true });
    expect(await library.verifierOf(testRing().keysOf(name).active(), times)(token)).toEqual(badSignature);
  });
});
