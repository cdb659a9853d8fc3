/** Rows 41 and 46, before anything listens: which keys a server starts with, and which it does not. */

import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { HeldKeys } from '../compose/held-keys.ts';
import { configOf, faultsOf, lab, load } from '../config/load.contract.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { algorithms } from '../keys/algorithms.ts';
import { KeyRing, type SignatureKey, signatureKey } from '../keys/key-ring.ts';
import { sealingPurpose, sealKey } from '../keys/sealed-key.ts';
import { testKey } from '../keys/test-ring.contract.ts';
import { catchOutput } from '../program-output.contract.ts';
import { runServer } from '../server.ts';
import { describeRow } from './row.contract.ts';

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const good = rsa(2048);

/** Faults of a server that is given this key, by what they say. */
function faultsWith(variable: string, key: string): readonly string[] {
  return Object.values(faultsOf({ environment: { ...lab, [variable]: key } }));
}

describeRow(41, () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test('what is made by itself: 32 bytes, RSA of 3072 bits, P-256, Ed25519', () => {
    const { rsaKeyBits, hmacKeyBits } = configOf({ environment: lab });
    expect([rsaKeyBits, hmacKeyBits]).toEqual([3072, 256]);
    expect(testKey('es256').signing.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(testKey('ed25519').signing.asymmetricKeyType).toBe('ed25519');
    expect(testKey('hs256').signing.symmetricKeySize).toBe(32);
  });

  test.each([
    ['16 bytes', { AUTHLAB_SECRET: randomBytes(16).toString('base64url') }, /32 random bytes or more/],
    ['31 bytes', { AUTHLAB_SECRET: randomBytes(31).toString('base64url') }, /32 random bytes or more/],
    ['a word', { AUTHLAB_SECRET: 'secret' }, /32 random bytes or more/],
    ['a word over and over', { AUTHLAB_SECRET: 'secretsecretsecretsecretsecretsecretsecretsecret' }, /is not random/],
    ['RSA of 1024 bits', { AUTHLAB_RS256_PRIVATE_KEY: pem(rsa(1024)) }, /has 1024 bits; RS256 needs 2048 or more/],
    ['smaller keys by setting', { AUTHLAB_RSA_KEY_BITS: '1024' }, /must be at least 2048/],
    ['shorter secrets by setting', { AUTHLAB_HMAC_KEY_BITS: '128' }, /must be at least 256/],
  ])('%s: the program ends with 2, and says why', async (_, variables, reason) => {
    for (const [name, value] of Object.entries({ AUTHLAB_LAB: 'true', ...variables })) vi.stubEnv(name, value);
    const written = catchOutput();
    expect(await runServer([])).toBe(2);
    expect(written.stderr).toMatch(reason);
    for (const value of Object.values(variables)) {
      if (value.length > 6) expect(written.stderr).not.toContain(value);
    }
    expect(written.stdout).toBe('');
  });

  test.each([
    ['RS256', 'an elliptic curve', pem(curve('P-256'))],
    ['RS256', 'Ed25519', pem(generateKeyPairSync('ed25519').privateKey)],
    ['RS256', 'a key for PSS alone', pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey)],
    ['RS256', 'DSA', pem(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey)],
    ['PS256', 'Ed25519', pem(generateKeyPairSync('ed25519').privateKey)],
    ['ES256', 'P-384', pem(curve('P-384'))],
    ['ES256', 'secp256k1', pem(curve('secp256k1'))],
    ['ES256', 'RSA', pem(good)],
    ['ED25519', 'Ed448', pem(generateKeyPairSync('ed448').privateKey)],
    ['ED25519', 'X25519', pem(generateKeyPairSync('x25519').privateKey)],
    ['RS256', 'a public key', createPublicKey(good).export({ type: 'spki', format: 'pem' }).toString()],
  ])('%s is not signed with %s', (algorithm, _, text) => {
    const [fault, ...more] = faultsWith(`AUTHLAB_${algorithm}_PRIVATE_KEY`, text);
    expect(more).toEqual([]);
    expect(fault).toMatch(/^is not a (key that signs|private key in PEM)/);
  });

  test('a secret is a text: no list, and no object that would make itself one', () => {
    for (const value of ['[1, 2]', '{ toString: x }', '0', 'true']) {
      const files = { 'lab.yaml': `lab: true\nsecret: ${value}\n` };
      expect(load({ files, flags: { config: 'lab.yaml' } }).ok).toBe(false);
    }
  });
});

describeRow(46, () => {
  test('a key that is given twice, in another form, or for two uses', () => {
    const encrypted = good.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
    const jwk = JSON.stringify(good.export({ format: 'jwk' }));
    for (const text of [
      encrypted,
      jwk,
      JSON.stringify({ keys: [JSON.parse(jwk)] }),
      'not a key',
      `${pem(good)}`.slice(40),
    ]) {
      expect(faultsWith('AUTHLAB_RS256_PRIVATE_KEY', text)).toHaveLength(1);
    }
    const twice = { ...lab, AUTHLAB_RS256_PRIVATE_KEY: pem(good), AUTHLAB_PS256_PRIVATE_KEY: pem(good) };
    expect(Object.values(faultsOf({ environment: twice }))).toEqual([
      expect.stringMatching(/^is the key of rs256 too/),
    ]);
  });

  test('one kid for two keys, and one key for two algorithms', () => {
    const ring = new KeyRing({ secret: randomBytes(32) });
    const [rs256, ps256] = [signatureKey(algorithms.rs256, good), signatureKey(algorithms.ps256, good)];
    ring.add(rs256);
    expect(() => ring.add(ps256)).toThrow(AuthlabError);
    ring.add({ ...testKey('rs256'), kid: rs256.kid });
    expect(ring.accepted).toEqual([rs256]);
  });

  test('keys in the log under another name, algorithm or secret than they were sealed with', () => {
    const ring = new KeyRing({ secret: randomBytes(32) });
    const stateWith = (key: SignatureKey, changed: object, by = ring) => {
      const sealedKey = sealKey(by.secretFor(sealingPurpose), key, systemRandomBytes);
      const listed = { kid: key.kid, algorithm: key.algorithm.name, sealedKey, phase: 'active', ...changed };
      return { keys: [listed], retiredKids: [] } as unknown as Parameters<HeldKeys['takeOver']>[0];
    };
    const key = signatureKey(algorithms.rs256, good);
    const wrong = [
      stateWith(key, { algorithm: 'ps256' }),
      stateWith(key, { algorithm: 'hs256' }),
      stateWith(key, { algorithm: 'none' }),
      stateWith(key, { kid: 'A'.repeat(43) }),
      stateWith(key, { sealedKey: '' }),
      stateWith(key, {}, new KeyRing({ secret: randomBytes(32) })),
    ];
    for (const state of wrong) expect(new HeldKeys('signing-keys', ring).takeOver(state)).toBe(false);
    expect(ring.accepted).toEqual([]);
    expect(new HeldKeys('signing-keys', ring).takeOver(stateWith(key, {}))).toBe(true);
    expect(ring.accepted.map(({ kid }) => kid)).toEqual([key.kid]);
  });
});
