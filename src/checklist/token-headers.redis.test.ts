/** Rows 29, 31, 42 over HTTP: what a token's header may ask for, which is nothing. */

import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { compactJws, encode, type Forgery, type Signer } from '../tokens/forged-signatures.contract.ts';
import { describeRow } from './row.contract.ts';
import { signedNames, signedVariously, useTokenServer, withHeader } from './token-server.contract.ts';

const byEd25519 = signedNames.filter((name) => traitsOf(name).signature?.algorithm === 'Ed25519');
const server = useTokenServer([...new Set([...signedVariously, ...byEd25519])]);

describeRow(29, () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'mine', alg: 'ES256', use: 'sig' };
  const certificate = stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const sign: Signer = (input) =>
    signBytes('sha256', Buffer.from(input), { key: stranger.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );

  /** Would hand out the stranger's key to whoever asks. */
  let connections = 0;
  const host = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  host.on('connection', () => {
    connections += 1;
  });
  beforeAll(() => once(host.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => void host.close());

  test('jwk, jku, x5u, x5c, x5t, iss and kid as addresses: refused, and nobody is asked', async () => {
    const { port } = host.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/keys.json`;
    const brought = [
      { jwk },
      { jku: url },
      { x5u: url },
      { x5c: [certificate] },
      { x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      { jwk, jku: url, x5u: url, x5c: [certificate] },
      { kid: url },
      { iss: url, jku: url },
      {},
    ];
    await server.expectAllRefused(({ header, payload }) =>
      brought.flatMap((more): Forgery[] =>
        [
          { ...header, ...more },
          { ...header, alg: 'ES256', ...more },
          { kid: 'mine', alg: 'ES256', ...more },
        ].map((head) => ({
          name: JSON.stringify(head).slice(0, 60),
          token: compactJws(head, payload, sign),
        })),
      ),
    );
    await server.expectAllRefused((genuine) =>
      brought
        .filter((more) => Object.keys(more).length > 0)
        .map((more) => withHeader(genuine, Object.keys(more).join(), { ...genuine.header, ...more })),
    );
    expect(connections).toBe(0);
    // The host was there all the time: whoever had asked would have been counted.
    await ask(port, '/keys.json');
    expect(connections).toBe(1);
  });
});

describeRow(31, () => {
  test('crit in every form, b64 and zip, under the right signature', () =>
    server.expectAllRefused((genuine) => {
      const { header, payload, sign } = genuine;
      const crits: readonly unknown[] = [
        [],
        ['exp'],
        ['b64'],
        ['crit'],
        ['unknown', 'unknown'],
        ['kid'],
        '',
        'exp',
        null,
        {},
      ];
      const members = [
        ...crits.map((crit) => ({ crit })),
        { crit: ['http://example.invalid/x'], 'http://example.invalid/x': true },
        { crit: ['b64'], b64: false },
        { b64: false },
        { b64: true },
        { zip: 'DEF' },
        { cty: 'JWT' },
      ];
      const head = JSON.stringify(header).slice(0, -1);
      const twice = [`${head},"crit":[],"crit":["exp"]}`, `${head},"crit":["exp"],"crit":[]}`];
      const unencoded = `${encode({ ...header, b64: false, crit: ['b64'] })}.`;
      return [
        ...members.map((more) => withHeader(genuine, JSON.stringify(more), { ...header, ...more })),
        ...twice.map((text) => withHeader(genuine, text, text)),
        { name: 'unencoded', token: `${unencoded}payload.${sign(`${unencoded}payload`)}` },
        {
          name: 'unencoded, encoded',
          token: `${unencoded}${encode(payload)}.${sign(unencoded + JSON.stringify(payload))}`,
        },
      ];
    }));
});

describeRow(42, () => {
  test('EdDSA over a signature that Ed25519 made', () => {
    expect(byEd25519.length).toBeGreaterThan(2);
    return server.expectAllRefused(
      (genuine) =>
        ['EdDSA', 'eddsa', 'Ed448', 'ED25519', 'ed25519', 'Ed25519ph'].map((alg) =>
          withHeader(genuine, alg, { ...genuine.header, alg }),
        ),
      byEd25519,
    );
  });

  test('the name is documented where the key is', async () => {
    const { text } = await server.pool.send('GET', '/.well-known/jwks.json');
    const { keys } = JSON.parse(text) as { keys: readonly Record<string, string>[] };
    expect(keys.filter(({ kty }) => kty === 'OKP')).toMatchObject([{ crv: 'Ed25519', alg: 'Ed25519' }]);
  });
});
