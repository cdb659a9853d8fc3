/** Keys and users of a server: given, invented, refused. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../identity/password-users.ts';
import { strategyNames } from '../strategies/registry.ts';
import { configOf, faultsOf, lab, load, secret } from './load.contract.ts';

let usersYaml: string;
beforeAll(async () => {
  usersYaml = `users:\n  - username: carol\n    passwordHash: ${await hashPassword('correct horse')}\n    roles: [user]\n`;
});

describe('keys', () => {
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const users = { AUTHLAB_USERS_FILE: '/etc/users.yaml' };

  it('must be given, with the command that makes them, unless this is a trial', () => {
    expect(faultsOf({})).toEqual({
      'environment AUTHLAB_SECRET': expect.stringMatching(
        /^is missing; make one with: node -p .*--demo-users --plain-http loopback$/,
      ),
      'environment AUTHLAB_USERS_FILE': expect.stringContaining('nobody could log in'),
    });
    const trial = load({ flags: { demoUsers: true } });
    expect(trial).toMatchObject({ ok: true, value: { secret: null, identity: { kind: 'demo' } } });
    expect(trial.ok && trial.warnings[0]).toMatch(/^The secret of this server was made now/);
  });

  it('are read from file and environment, and make no warning', () => {
    const files = {
      '/etc/users.yaml': usersYaml,
      '/etc/keys/rs.pem': rsa(2048),
      '/etc/lab.yaml': 'rs256PrivateKeyFile: keys/rs.pem',
    };
    const environment = {
      ...users,
      AUTHLAB_SECRET: secret,
      AUTHLAB_CONFIG: '/etc/lab.yaml',
      AUTHLAB_PLAIN_HTTP: 'loopback',
    };
    const loaded = load({ files, environment });
    expect(loaded).toMatchObject({ ok: true, warnings: [], value: { strategies: strategyNames() } });
    if (!loaded.ok) return;
    expect(loaded.value.secret?.export().toString('base64url')).toBe(secret);
    expect(loaded.value.privateKeys.rs256?.asymmetricKeyType).toBe('rsa');
    expect(loaded.value.identity).toMatchObject({ kind: 'users', users: [{ username: 'carol', roles: ['user'] }] });
  });

  it('may stand in one line of the environment', () => {
    const oneLine = rsa(2048).replaceAll('\n', '\\n');
    const config = configOf({ environment: { ...lab, AUTHLAB_RS256_PRIVATE_KEY: oneLine } });
    expect(config.privateKeys.rs256?.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it('may be given for HS256 too, and not be a phrase or the secret', () => {
    const given = Buffer.from(Array.from({ length: 32 }, (_, index) => 7 * index)).toString('base64url');
    const config = configOf({ environment: { ...lab, AUTHLAB_HS256_KEY: given } });
    expect(config.privateKeys.hs256?.export().toString('base64url')).toBe(given);
    expect(faultsOf({ environment: { ...lab, AUTHLAB_HS256_KEY: 'c2VjcmV0' } })).toEqual({
      'environment AUTHLAB_HS256_KEY': expect.stringMatching(/^must be 32 random bytes or more in base64url/),
    });
    expect(faultsOf({ environment: { ...lab, AUTHLAB_SECRET: secret, AUTHLAB_HS256_KEY: secret } })).toEqual({
      'environment AUTHLAB_HS256_KEY': expect.stringContaining('is the secret itself'),
    });
  });

  it('may be given for every algorithm that has a private one', () => {
    const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const environment = {
      ...lab,
      AUTHLAB_RS256_PRIVATE_KEY: rsa(2048),
      AUTHLAB_PS256_PRIVATE_KEY: rsa(2048),
      AUTHLAB_ES256_PRIVATE_KEY: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      AUTHLAB_ED25519_PRIVATE_KEY: pem(generateKeyPairSync('ed25519').privateKey),
    };
    const { privateKeys } = configOf({ environment });
    expect(Object.keys(privateKeys)).toEqual(['rs256', 'ps256', 'es256', 'ed25519']);
  });

  it('are used with one algorithm each', () => {
    const pem = rsa(2048);
    const environment = { ...lab, AUTHLAB_RS256_PRIVATE_KEY: pem, AUTHLAB_PS256_PRIVATE_KEY: pem };
    expect(faultsOf({ environment })).toEqual({
      'environment AUTHLAB_PS256_PRIVATE_KEY': expect.stringMatching(
        /^is the key of rs256 too;.* make one with: openssl/,
      ),
    });
  });

  it('need not be given: what the realm lacks its nodes make', () => {
    const given = { files: { '/etc/users.yaml': usersYaml }, environment: { ...users, AUTHLAB_SECRET: secret } };
    expect(configOf(given)).toMatchObject({ strategies: strategyNames(), privateKeys: {} });
  });

  it('are refused when they are weak', () => {
    const environment = { ...lab, AUTHLAB_SECRET: 'A'.repeat(43), AUTHLAB_RS256_PRIVATE_KEY: rsa(1024) };
    expect(faultsOf({ environment })).toEqual({
      'environment AUTHLAB_SECRET': expect.stringContaining('is not random'),
      'environment AUTHLAB_RS256_PRIVATE_KEY': expect.stringMatching(
        /^has 1024 bits; RS256 needs 2048 or more; make one/,
      ),
    });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(faultsOf({ environment: { ...lab, AUTHLAB_RS256_PRIVATE_KEY: ec.toString() } })).toEqual({
      'environment AUTHLAB_RS256_PRIVATE_KEY': expect.stringContaining(
        'is not a key that signs RS256; make one with: openssl',
      ),
    });
  });

  it('may be followed by the secret that came before', () => {
    const previous = Buffer.from(secret, 'base64url').reverse().toString('base64url');
    const both = { ...lab, AUTHLAB_SECRET: secret, AUTHLAB_PREVIOUS_SECRET: previous };
    expect(configOf({ environment: both }).previousSecret?.export().toString('base64url')).toBe(previous);
    const place = 'environment AUTHLAB_PREVIOUS_SECRET';
    const wrong: readonly (readonly [Record<string, string>, unknown])[] = [
      [{ ...both, AUTHLAB_PREVIOUS_SECRET: 'A'.repeat(43) }, expect.stringContaining('is not random')],
      [{ ...both, AUTHLAB_PREVIOUS_SECRET: secret }, 'is the secret itself'],
      [{ ...both, AUTHLAB_SECRET: '' }, 'is given without a secret that came after it'],
    ];
    for (const [environment, message] of wrong) expect(faultsOf({ environment })).toEqual({ [place]: message });
  });

  it('never stand where others can read them', () => {
    const files = { 'lab.yaml': 'rs256PrivateKey: x\nlab: true\n' };
    const faults = faultsOf({ files, flags: { config: 'lab.yaml', secret } });
    expect(faults).toEqual({
      'lab.yaml:1:18': 'rs256PrivateKey may not be given here, where others can read it',
      'flag --secret': 'may not be given here, where others can read it',
    });
  });
});

describe('users of the lab', () => {
  const identityOf = (environment: Record<string, string>) =>
    configOf({ environment: { ...lab, ...environment } }).identity;

  it('have one role, as many as are asked for, or what a profile says', () => {
    expect(identityOf({})).toEqual({ kind: 'lab', roles: ['user'] });
    expect(identityOf({ AUTHLAB_LAB_ROLES: '2' })).toEqual({ kind: 'lab', roles: ['user', 'role-01'] });
    expect(identityOf({ AUTHLAB_LAB_CLAIMS: 'minimal' })).toEqual({ kind: 'lab', roles: [] });
    expect(identityOf({ AUTHLAB_LAB_CLAIMS: 'permissions-1' })).toEqual({ kind: 'lab', roles: ['invoices:read'] });
  });

  it('have one or the other, and a profile that there is', () => {
    expect(faultsOf({ environment: { ...lab, AUTHLAB_LAB_CLAIMS: 'permissions-201' } })).toEqual({
      'environment AUTHLAB_LAB_CLAIMS': expect.stringContaining('is no claim profile'),
    });
    expect(
      Object.values(faultsOf({ environment: { ...lab, AUTHLAB_LAB_CLAIMS: 'typical', AUTHLAB_LAB_ROLES: '1' } })),
    ).toContainEqual('labRoles and labClaims exclude each other');
  });
});

describe('users', () => {
  const environment = { AUTHLAB_SECRET: secret, AUTHLAB_USERS_FILE: 'users.yaml' };

  it('are checked with their places', () => {
    const yaml = `${usersYaml}  - username: carol\n    passwordHash: "$2b$10$abc"\n    role: [x]\n`;
    expect(faultsOf({ environment, files: { 'users.yaml': yaml } })).toEqual({
      'users.yaml:5:15': 'users[1].username is there twice',
      'users.yaml:6:19': expect.stringContaining('users[1].passwordHash must be an argon2id hash'),
      'users.yaml:7:5': 'unknown key users[1].role; did you mean users[1].roles?',
    });
    const twice = `${usersYaml}${usersYaml.replace('users:\n', '')}`;
    expect(faultsOf({ environment, files: { 'users.yaml': twice } })).toEqual({
      'users.yaml:5:15': 'users[1].username is there twice',
    });
  });
});
