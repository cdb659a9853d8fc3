/** Rows 1 and 3 to 5: where sessions and tokens come from, and what is not taken for one. */

import { createHmac, randomBytes } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { HeldKeys } from '../compose/held-keys.ts';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { ask } from '../http/http.contract.ts';
import { labPassword } from '../identity/lab-users.ts';
import { sha256 } from '../kernel/digest.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { readSigningKeys, sharedSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { refreshCookieName, sessionCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { createRefreshTokens } from '../tokens/refresh-token.ts';
import { randomUser, useServers } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness, sidOf } from './ended.contract.ts';
import { everyTransport, isTakenBack, parseSetCookie, sendRaw } from './raw-http.contract.ts';
import { describeRow } from './row.contract.ts';

const secret = randomBytes(32);
const ring = new KeyRing({ secret });
/** Beside one of each kind, one with a key in two halves. */
const names = [...everyTransport(), 'jwt-ed25519'];
const settings = {
  ...shortStaleness,
  SECRET: secret.toString('base64url'),
  STRATEGIES: names.join(),
  STRATEGY: 'hybrid-hs256',
};
const servers = useServers({ settings });
const refreshing = everyTransport().filter((name) => traitsOf(name).refresh);

/** The realm's signing keys, as whoever had stolen the secret could read them. */
async function stolenKeys(): Promise<readonly string[]> {
  const log = connectRedisEventLog({
    url: inject('redisUrl'),
    realm: servers.realm,
    partitions: 1,
    commandTimeoutMillis: 5_000,
  });
  try {
    const { state } = await readSigningKeys(log, sharedSigningKeys);
    const held = new HeldKeys(sharedSigningKeys, new KeyRing({ secret }));
    expect(held.takeOver(state)).toBe(true);
    return held.ring.accepted.flatMap(({ kid, signing }) => {
      const jwk = signing.export({ format: 'jwk' });
      return [kid, JSON.stringify(jwk), ...Object.values(jwk).map(String)];
    });
  } finally {
    await log.close();
  }
}

describeRow(1, () => {
  test('secrets, keys, names and published facts are no credentials, in whichever place', async () => {
    const victim = await servers.loggedIn('session');
    const keySet = await ask(servers.port(), '/.well-known/jwks.json');
    const texts = [
      secret.toString('base64url'),
      secret.toString('hex'),
      ...['signing-keys', 'cookie/session', 'refresh-token/jwt-hs256'].map((purpose) =>
        ring.secretFor(purpose).toString('base64url'),
      ),
      ...(await stolenKeys()),
      keySet.text,
      ...Object.values((keySet.json as { keys: Record<string, string>[] }).keys[0] ?? {}).map(String),
      inject('redisUrl'),
      servers.realm,
      'https://authlab.invalid',
      labPassword,
      Buffer.from(`${victim.username}:${labPassword}`).toString('base64'),
      victim.username,
      await sidOf(victim),
      'admin',
    ];
    expect(texts.length).toBeGreaterThan(20);
    for (const name of names) {
      for (const text of texts) {
        const stranger = servers.client(name);
        expect((await stranger.profile({ authorization: `Bearer ${text}` })).status).toBe(401);
        const cookie = encodeURIComponent(text);
        expect((await stranger.profile({ cookie: `${sessionCookieName(name)}=${cookie}` })).status).toBe(401);
        expect((await stranger.profile({ authorization: text })).status).toBe(401);
        if (!traitsOf(name).refresh) continue;
        stranger.refreshToken = cookie;
        expect((await stranger.refresh()).status).toBe(401);
      }
    }
    expect(servers.faults).toEqual([]);
  });
});

describeRow(3, () => {
  test.each(everyTransport())('%s', async (name) => {
    const client = servers.client(name);
    expect((await client.profile()).setCookies).toEqual([]);
    await client.login();
    const before = client.copy();
    const sid = await sidOf(client);
    expect((await client.login()).status).toBe(200);
    expect(client.credential).not.toBe(before.credential);
    expect(await sidOf(client)).not.toBe(sid);
    await expectEnded(name, 3, before);
    if (traitsOf(name).refresh) expect((await before.refresh()).status).toBe(401);
    expectAccepted(await client.profile());
  });

  test.each(everyTransport())('%s, when somebody else logs in at the same browser', async (name) => {
    const client = await servers.loggedIn(name);
    const before = client.copy();
    expect((await client.login(randomUser())).status).toBe(200);
    await expectEnded(name, 3, before);
    const profile = await client.profile();
    expectAccepted(profile);
    expect(profile.body.sub).not.toBe(before.username);
  });
});

describeRow(4, () => {
  const withStore = everyTransport().filter((name) => {
    const { transport, stateLocation } = traitsOf(name);
    return transport === 'cookie' && stateLocation !== 'cookie';
  });

  test.each(withStore)('%s: a handle made up, under a right signature', async (name) => {
    const cookieName = sessionCookieName(name);
    const planted = `0.${randomBytes(32).toString('base64url')}`;
    const key = ring.secretFor(`cookie/${name}`).toString('base64url');
    const signature = createHmac('sha256', key).update(`${cookieName}=${planted}`).digest('base64url');
    const victim = servers.client(name);
    victim.setCookie(cookieName, planted);
    victim.setCookie(`${cookieName}.sig`, signature);
    const attacker = victim.copy();
    expectRefused({ traits: traitsOf(name) }, await victim.profile());
    const login = await victim.login();
    expect(login.status).toBe(200);
    expect(login.setCookies.join()).not.toContain(planted);
    expectAccepted(await victim.profile());
    expectRefused({ traits: traitsOf(name) }, await attacker.profile());
  });

  test('reference-token: a handle made up', async () => {
    const victim = servers.client('reference-token');
    victim.accessToken = `0.${randomBytes(32).toString('base64url')}`;
    const attacker = victim.copy();
    expect((await victim.login()).status).toBe(200);
    expect(victim.accessToken).not.toBe(attacker.accessToken);
    expectRefused({ traits: traitsOf('reference-token') }, await attacker.profile());
  });

  test.each(refreshing)('%s: a refresh token made up, under a right tag', async (name) => {
    const tokens = createRefreshTokens(ring.secretFor(`refresh-token/${name}`), randomBytes);
    const victim = servers.client(name);
    victim.refreshToken = tokens.first(`0.${randomBytes(16).toString('base64url')}`);
    const attacker = victim.copy();
    expect((await attacker.copy().refresh()).status).toBe(401);
    expect((await victim.login()).status).toBe(200);
    expect(victim.refreshToken).not.toBe(attacker.refreshToken);
    expect((await attacker.refresh()).status).toBe(401);
    expectAccepted(await victim.profile());
  });
});

describeRow(5, () => {
  test.each(everyTransport())('%s', async (name) => {
    const bystander = await servers.loggedIn(name);
    const sid = await sidOf(bystander);
    const digest = sha256(bystander.credential);
    const strange = [
      '*',
      '?',
      '0.*',
      `[a-z]*`,
      '{tag}',
      `{${servers.realm}:0}`,
      `authlab:{${servers.realm}:0}:user:${bystander.username}`,
      `authlab:{${servers.realm}:0}:credential:${digest}`,
      digest,
      `0.${digest}`,
      // The name of a living session, which is no secret, and noise.
      `${sid}.${'A'.repeat(43)}`,
      `1023.${'A'.repeat(43)}`,
      `-1.${'A'.repeat(43)}`,
      `1e3.${'A'.repeat(43)}`,
      'deny:1',
      '__proto__',
      'constructor',
      '../../etc/passwd',
      '%00',
      `0.${'A'.repeat(42)}\u0000`,
      'a\u0001b',
      'a\rb',
      'a\nb',
      '\r\nSet-Cookie: a=b',
      'ü€',
      '"',
      '',
      'A'.repeat(65_536),
    ].map((text) => Buffer.from(text).toString('latin1'));
    for (const text of strange) {
      const bearer = [`Authorization: Bearer ${text}`];
      const cookie = [`Cookie: ${sessionCookieName(name)}=${text}; ${sessionCookieName(name)}.sig=${text}`];
      const refresh = [`Cookie: ${refreshCookieName(name)}=${text}`, 'Content-Type: application/json'];
      for (const [line, headers] of [
        [`GET /${name}/profile`, bearer],
        [`GET /${name}/profile`, cookie],
        ...(traitsOf(name).refresh ? [[`POST /${name}/auth/refresh`, refresh] as const] : []),
      ] as const) {
        const answer = await sendRaw(servers.port(), line, ['Host: localhost', ...headers]);
        expect([400, 401, 431], `${line} ${JSON.stringify(text.slice(0, 60))}`).toContain(answer.status);
        const set = answer.text.match(/^set-cookie: .*$/gim) ?? [];
        const kept = set.map((field) => parseSetCookie(field.slice(12))).filter((found) => !isTakenBack(found));
        expect(kept).toEqual([]);
      }
      // A name in a path; those that are no session of the user end nothing.
      const inPath = encodeURIComponent(text.slice(0, 4_096));
      expect([204, 404, 405]).toContain((await bystander.endSession(inPath)).status);
    }
    expect(await sidOf(bystander)).toBe(sid);
    expect(servers.faults).toEqual([]);
  });
});
