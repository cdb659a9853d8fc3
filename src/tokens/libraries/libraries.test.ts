/** Each library by itself: it holds to one key and one algorithm even where nothing stands before it. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../kernel/clock.ts';
import { algorithmNames } from '../../keys/algorithms.ts';
import { testRing } from '../../keys/test-ring.contract.ts';
import { compactJws, foreignKeys, genuineSigner, otherAlgorithms } from '../forged-signatures.contract.ts';
import { librariesOf } from './by-algorithm.ts';

const every = algorithmNames.flatMap((name) =>
  librariesOf[name].map((library) => {
    const way = library.variant === undefined ? library.name : `${library.name}+${library.variant.name}`;
    return { name, library, label: `${way} with ${name}` };
  }),
);

const [ring, strangers] = [testRing(), testRing()];

describe.each(every)('$label', ({ name, library }) => {
  const clock = new ManualClock();
  const key = ring.keysOf(name).active();
  const nowSeconds = clock.wallMillis() / 1000;
  const header = { alg: key.algorithm.jws, typ: 'at+jwt', kid: key.kid };
  const payload = { sub: 'alice', exp: nowSeconds + 60 };
  const verify = library.verifierOf(key, { clock, leewayMillis: 5_000 });
  const signed = (head: object, body: unknown) => compactJws(head, body, genuineSigner(key));

  test('signs what it and others verify, under this very header', async () => {
    const token = await library.signerOf(key, header)(payload);
    expect(token.split('.')[0]).toBe(Buffer.from(JSON.stringify(header)).toString('base64url'));
    expect(await verify(token)).toMatchObject({ ok: true, payload });
    expect(await verify(signed(header, payload))).toMatchObject({ ok: true, payload });
  });

  test('accepts no other algorithm and no other key', async () => {
    const forgeries = [...otherAlgorithms(header, payload, key), ...foreignKeys(header, payload, key)];
    const accepted: string[] = [];
    for (const forgery of forgeries) if ((await verify(forgery.token)).ok) accepted.push(forgery.name);
    expect(accepted).toEqual([]);
    expect(forgeries.length).toBeGreaterThan(100);
  });

  test('demands an expiry, and reads the clock that it was given', async () => {
    const refused = { ok: false, reason: 'signature' };
    expect(await verify(signed(header, { sub: 'alice' }))).toEqual(refused);
    expect(await verify(signed(header, { ...payload, nbf: nowSeconds + 6 }))).toEqual(refused);
    expect(await verify(signed(header, { ...payload, nbf: nowSeconds + 5 }))).toMatchObject({ ok: true });
    expect(await verify(signed(header, { exp: nowSeconds - 4 }))).toMatchObject({ ok: true });
    expect(await verify(signed(header, { exp: nowSeconds - 5 }))).toEqual({ ok: false, reason: 'expired' });
  });

  test('asks nobody for a key', async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const stranger = genuineSigner(strangers.keysOf(name).active());
    for (const member of ['jku', 'x5u', 'kid', 'iss']) {
      expect(await verify(compactJws({ ...header, [member]: url }, payload, stranger))).toMatchObject({ ok: false });
    }
    // Whoever had been asked for it would have been heard by now: this connection comes after all of them.
    const last = connect(port);
    await once(server, 'connection');
    expect(connections).toBe(1);
    last.destroy();
    server.close();
  });
});
