/** Row 50: every byte of every secret of a running server, looked for wherever it must not be. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ask, type Question } from '../http/http.contract.ts';
import { KeyRing, type SignatureKey } from '../keys/key-ring.ts';
import { sealingPurpose } from '../keys/sealed-key.ts';
import { createOperatorLog } from '../operator-log.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { ChecklistServers } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';
import { readKeys } from './token-server.contract.ts';

const project = join(import.meta.dirname, '../..');
const secret = randomBytes(48).toString('base64url');
let written = '';
const { fault, diagnostic, security } = createOperatorLog({
  level: 'debug',
  readable: false,
  write: (text) => {
    written += text;
  },
});
const servers = new ChecklistServers({
  settings: { SECRET: secret, RSA_KEY_BITS: '2048', METRICS: 'true' },
  operator: { fault, diagnostic, security },
});

/** Texts by which a secret would be recognised, with what it is. */
const secrets = new Map<string, string>();

function remember(what: string, bytes: Buffer): void {
  for (const text of [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('latin1')]) {
    secrets.set(text, what);
  }
  for (const encoding of ['base64', 'base64url'] as const) {
    // Also amid other bytes, which move it by one or two and share its first and last character.
    for (const shift of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .replaceAll('=', '');
      secrets.set(text.slice(shift === 0 ? 0 : shift + 1, -1), what);
    }
  }
}

function rememberKey({ algorithm, signing }: SignatureKey): void {
  if (signing.type === 'secret') {
    remember(`${algorithm.jws} secret`, signing.export());
    return;
  }
  const jwk: Readonly<Record<string, unknown>> = { ...signing.export({ format: 'jwk' }) };
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) {
    if (member in jwk) remember(`${algorithm.jws} ${member}`, Buffer.from(String(jwk[member]), 'base64url'));
  }
  const der = signing.export({ format: 'der', type: 'pkcs8' });
  remember(`${algorithm.jws} key`, der);
  // A PEM breaks its lines.
  secrets.set(der.toString('base64').slice(-88, -24), `${algorithm.jws} PEM`);
}

function found(text: string): readonly string[] {
  return [...secrets].flatMap(([known, what]) => (text.includes(known) ? [what] : []));
}

beforeAll(async () => {
  await servers.start();
  const keys = await readKeys(servers.realm, secret);
  expect(keys).toHaveLength(5);
  keys.forEach(rememberKey);
  remember('root secret', Buffer.from(secret, 'base64url'));
  const ring = new KeyRing({ secret: Buffer.from(secret, 'base64url') });
  const purposes = strategyNames().flatMap((name) => [`refresh-token/${name}`, `cookie/${name}`]);
  for (const purpose of [sealingPurpose, ...purposes]) remember(purpose, ring.secretFor(purpose));
  expect(secrets.size).toBeGreaterThan(100);
}, 60_000);
afterAll(() => servers.stop());

describeRow(50, () => {
  test('answers of every kind, their headers, and everything that is written meanwhile', async () => {
    const port = servers.port();
    const told: string[] = [];
    const tell = async (path: string, question: Question = {}) => {
      const { text, headers, status } = await ask(port, path, question);
      told.push(`${status} ${text} ${JSON.stringify(headers)}`);
    };
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/strategies',
      '/.well-known/jwks.json',
      '/public',
    ]) {
      await tell(path);
    }
    const json = { 'content-type': 'application/json' };
    for (const name of strategyNames()) {
      if (traitsOf(name).bound === 'unbounded') continue;
      const client = await servers.loggedIn(name);
      const authorization = `Bearer ${traitsOf(name).transport === 'bearer' ? client.credential : 'x'}`;
      for (const path of [
        '/profile',
        '/log',
        '/nowhere',
        '/auth/sessions',
        '/admin/keys/rotate',
        '/../config',
        '/.env',
      ]) {
        await tell(`/${name}${path}`);
        await tell(`/${name}${path}`, { headers: { authorization } });
        await tell(`/${name}${path}`, { method: 'POST', headers: { ...json, authorization }, body: '{"algorithm":' });
      }
      await tell(`/${name}/auth/login`, { method: 'POST', headers: json, body: '{"username":"x","password":"y"}' });
      await tell(`/${name}/auth/refresh`, { method: 'POST', headers: { ...json, cookie: 'x=y' } });
    }
    expect(found(told.join('\n'))).toEqual([]);
    expect(found(written)).toEqual([]);
    expect(written).toContain('SigningKeyAdded');
    expect(servers.faults).toEqual([]);
  });

  test('all that the log and its records hold: keys stand there sealed', async () => {
    const redis = new Redis(inject('redisUrl'));
    try {
      const names = (await redis.keys(`*${servers.realm}*`)).toSorted();
      const texts = await Promise.all(names.map((name) => contentOf(redis, name)));
      expect(texts.join('\n')).toContain('sealedKey');
      expect(found(names.join('\n') + texts.join('\n'))).toEqual([]);
    } finally {
      redis.disconnect();
    }
  });

  test('files of the repository, and with them of the image', () => {
    const files = filesIn(project);
    expect(files.length).toBeGreaterThan(200);
    const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{40}/;
    const assigned =
      /^\s*(?:ARG|ENV)?\s*(?:AUTHLAB_SECRET|AUTHLAB_[A-Z0-9]+_PRIVATE_KEY)\s*[=:]\s*["']?[A-Za-z0-9+/_-]{24}/m;
    const guilty = files.filter((file) => {
      const text = readFileSync(file, 'utf8');
      return keyBlock.test(text) || assigned.test(text);
    });
    expect(guilty).toEqual([]);
    expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).not.toMatch(/SECRET|PRIVATE_KEY|COPY \. /);
    // Nothing gets to the image but what is named, and no file of secrets is.
    const [first, ...named] = readFileSync(join(project, '.dockerignore'), 'utf8').split('\n').filter(isPattern);
    expect(first).toBe('*');
    expect(
      named.filter((pattern) => !/^!(package|package-lock|tsconfig)\.json$|^!(src|bench|scenarios)$/.test(pattern)),
    ).toEqual([]);
  });

  test('results: what records, reports and prints them never sees a secret', () => {
    const writers = ['record', 'report', 'statistics', 'commands', 'load', 'probes'].map((folder) =>
      join(project, 'bench', folder),
    );
    const text = writers
      .flatMap(filesIn)
      .filter((file) => !/\.(test|contract)\.ts$/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect(text).toContain('run-events');
    expect(text).not.toMatch(/LabSecrets|PrivateKeyPem|AUTHLAB_SECRET|environment\/secrets/);
  });
});

async function contentOf(redis: Redis, name: string): Promise<string> {
  const type = await redis.type(name);
  switch (type) {
    case 'string':
      return (await redis.get(name)) ?? '';
    case 'hash':
      return JSON.stringify(await redis.hgetall(name));
    case 'stream':
      return JSON.stringify(await redis.xrange(name, '-', '+'));
    case 'zset':
      return JSON.stringify(await redis.zrange(name, '0', '-1'));
    case 'set':
      return JSON.stringify(await redis.smembers(name));
    case 'none':
      return '';
    default:
      throw new Error(`the log has a key of type ${type}, which no test looks into`);
  }
}

const isPattern = (line: string): boolean => line !== '' && !line.startsWith('#');
const notOurs = new Set(['node_modules', 'dist', 'runs', '.git', 'coverage']);

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    if (notOurs.has(name)) return [];
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}
