/** Keys and users of a server: given, invented, refused. */

import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../identity/password-users.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { configOf, faultsOf, lab, load, secret } from './load.contract.ts';

const signedWithRsa = strategyNames().filter((name) => traitsOf(name).signature?.algorithm === 'RS256');

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
    expect(trial.ok && trial.warnings[0]).toMatch(/secret and the RSA key of this server were made now/);
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
    expect(loaded.value.rs256PrivateKey?.asymmetricKeyType).toBe('rsa');
    expect(loaded.value.identity).toMatchObject({ kind: 'users', users: [{ username: 'carol', roles: ['user'] }] });
  });

  it('may stand in one line of the environment', () => {
    const oneLine = rsa(2048).replaceAll('\n', '\\n');
    const config = configOf({ environment: { ...lab, AUTHLAB_RS256_PRIVATE_KEY: oneLine } });
    expect(config.rs256PrivateKey?.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it('decide what is mounted: without an RSA key nothing that needs one', () => {
    const given = { files: { '/etc/users.yaml': usersYaml }, environment: { ...users, AUTHLAB_SECRET: secret } };
    expect(signedWithRsa.length).toBeGreaterThan(0);
    expect(configOf(given).strategies).toEqual(strategyNames().filter((name) => !signedWithRsa.includes(name)));
    const faults = faultsOf({ ...given, flags: { strategy: signedWithRsa[0] ?? '' } });
    expect(faults).toEqual({
      'flag --strategy': expect.stringMatching(/needs an RSA private key; make one with: openssl/),
    });
  });

  it('are refused when they are weak', () => {
    const environment = { ...lab, AUTHLAB_SECRET: 'A'.repeat(43), AUTHLAB_RS256_PRIVATE_KEY: rsa(1024) };
    expect(faultsOf({ environment })).toEqual({
      'environment AUTHLAB_SECRET': expect.stringContaining('is not random'),
      'environment AUTHLAB_RS256_PRIVATE_KEY': expect.stringContaining('has 1024 bits and needs 2048'),
    });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(faultsOf({ environment: { ...lab, AUTHLAB_RS256_PRIVATE_KEY: ec.toString() } })).toEqual({
      'environment AUTHLAB_RS256_PRIVATE_KEY': expect.stringContaining('is not an RSA key'),
    });
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
