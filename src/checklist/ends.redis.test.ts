/** Rows 54, 55, 59, 61, 62 and 63: what a user ends, from this session or another, and what is good after that. */

import { describe, expect, test, vi } from 'vitest';
import { ask, post } from '../http/http.contract.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import { expectAccepted, expectLives, expectNoRefresh, expectRefused } from '../strategies/expectations.contract.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { parseStrategyName, traitsOf } from '../strategies/registry.ts';
import { oneOfEachFamily, useServers } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness, sidOf } from './ended.contract.ts';
import { administrator, newPeople, usersFile } from './people.contract.ts';
import { describeRow } from './row.contract.ts';

const nextPerson = newPeople();

const names = oneOfEachFamily();
const settings = { ...shortStaleness, STRATEGIES: names.join(',') };
const servers = useServers({ nodes: 2, settings });
const everywhere = [0, 1] as const;

describeRow(54, () => {
  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name);
    const captured = [client.copy()];
    if (traitsOf(name).refresh) {
      expect((await client.refresh()).status).toBe(200);
      captured.push(client.copy());
    }
    const other = await servers.loggedIn(name, 1, client.username);
    expect((await client.logout()).status).toBe(204);
    for (const holder of captured) await expectEnded(name, 54, holder, everywhere);
    for (const holder of captured) await expectNoRefresh({ traits: traitsOf(name) }, holder);
    // What was seen opens no other door either: an ended session lists none and ends none.
    if (!failsByDesign(traitsOf(name), 54)) {
      for (const holder of captured) {
        expect((await holder.sessions()).status).toBe(401);
        expect((await holder.logoutAll()).status).toBe(401);
      }
    }
    await expectLivesOn(name, other);
  });
});

describeRow(55, () => {
  test.each(names.filter((name) => traitsOf(name).refresh))('%s', async (name) => {
    const traits = traitsOf(name);
    const client = await servers.loggedIn(name);
    const first = client.copy();
    expect((await client.refresh()).status).toBe(200);
    const second = client.copy();
    // The access token has been lost; the cookie alone ends the session.
    client.accessToken = undefined;
    expect((await client.logout()).status).toBe(204);
    for (const node of everywhere) {
      for (const holder of [second, first]) await expectNoRefresh({ traits }, holder.copy(node));
    }
    for (const holder of [first, second]) await expectEnded(name, 55, holder, everywhere);
  });
});

describeRow(59, () => {
  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name);
    const other = await servers.loggedIn(name, 1, client.username);
    const stranger = await servers.loggedIn(name, 1);
    const [sid, otherSid, strangerSid] = [await sidOf(client), await sidOf(other), await sidOf(stranger)];
    expect(await listedSids(client)).toEqual([otherSid, sid]);
    // Somebody else's goes on, and nobody learns that it is there.
    expect((await client.endSession(strangerSid)).status).toBe(204);
    expect((await client.endSession(otherSid)).status).toBe(204);
    // One counter for all fails this row by what becomes of the sessions beside; the one that was ended has ended.
    const row = traitsOf(name).logoutRefuses === 'all-of-the-user' ? 54 : 59;
    await expectEnded(name, row, other, everywhere);
    await expectNoRefresh({ traits: traitsOf(name) }, other);
    await expectLivesOn(name, client);
    expect(await listedSids(client)).toEqual([sid]);
    await expectLives({ traits: traitsOf(name) }, stranger);
  });

  test('without a session there is none to see and none to end', async () => {
    for (const name of names) {
      const nobody = servers.client(name);
      for (const answer of [await nobody.sessions(), await nobody.endSession('x')])
        expectRefused({ traits: traitsOf(name) }, answer, 'nothing sent');
    }
  });
});

describeRow(61, () => {
  test.each(names)('%s: twice, unknown, nonsense and nothing', async (name) => {
    const client = await servers.loggedIn(name);
    const captured = client.copy(1);
    const unknown = servers.client(name);
    unknown.credential = `${captured.credential.slice(0, -8)}AAAAAAAA`;
    const nonsense = servers.client(name);
    nonsense.credential = 'nonsense';
    nonsense.refreshToken = 'nonsense';
    for (const holder of [client, client, captured, captured.copy(0), unknown, nonsense, servers.client(name)]) {
      expect((await holder.logout()).status).toBe(204);
    }
  });
});

describeRow(62, () => {
  test('there is no such endpoint, under any of its usual names', async () => {
    const name = names[0] ?? '';
    const client = await servers.loggedIn(name);
    for (const path of ['/introspect', '/auth/introspect', '/oauth/introspect', '/oauth2/introspect', '/token_info']) {
      for (const mount of ['', `/${name}`]) {
        const answer = await post(servers.port(), mount + path, `{"token":"${client.credential}"}`);
        expect([path, answer.status]).toEqual([path, 404]);
      }
    }
    const { text } = await ask(servers.port(), '/strategies');
    expect(text).not.toMatch(/introspect/i);
  });
});

describeRow(63, () => {
  test.each(names)('%s: the session, then the user', async (name) => {
    const first = await servers.loggedIn(name);
    const second = await servers.loggedIn(name, 1, first.username);
    const captured = [first.copy(), second.copy()];
    expect((await first.logout()).status).toBe(204);
    const third = await servers.loggedIn(name, 0, first.username);
    captured.push(third.copy());
    expect((await third.logoutAll()).status).toBe(204);
    // A newer login is later than every end, and takes none of them back.
    const newest = await servers.loggedIn(name, 1, first.username);
    for (const holder of captured) await expectEnded(name, 54, holder, everywhere);
    for (const holder of everywhere.map((node) => newest.copy(node))) expectAccepted(await holder.profile());
  });
});

const signed = names.filter((name) => algorithmOf(name) !== undefined);
const users = await usersFile();

/** A realm of its own: its keys go. */
describe('signing keys', () => {
  const soon = { ...settings, STRATEGIES: signed.join(','), REDIS_TIMEOUT_MILLIS: '500', CLOCK_SKEW_SECONDS: '0' };
  const rotating = useServers({ nodes: 2, settings: soon, users });

  describeRow(63, () => {
    test('the user, then the key; the key, and never the user', async () => {
      const held: { readonly name: string; readonly revoked: Client; readonly living: Client }[] = [];
      for (const name of signed) {
        const revoked = await rotating.loggedIn(name, 0, nextPerson());
        const living = await rotating.loggedIn(name, 1, nextPerson());
        held.push({ name, revoked: revoked.copy(), living: living.copy() });
        expect((await revoked.logoutAll()).status).toBe(204);
        await expectEnded(name, 54, held.at(-1)?.revoked ?? revoked, everywhere);
      }
      const root = await rotating.loggedIn(signed[0] ?? '', 0, administrator);
      for (const algorithm of new Set(signed.map(algorithmOf))) {
        const order = JSON.stringify({ algorithm, retireOld: 'at-activation' });
        expect((await root.send('POST', '/admin/keys/rotate', {}, order)).status).toBe(202);
      }
      for (const { name, living, revoked } of held) {
        const judged = { traits: traitsOf(name) };
        for (const holder of everywhere.flatMap((node) => [living.copy(node), revoked.copy(node)])) {
          await vi.waitFor(async () => expectRefused(judged, await holder.profile()), { timeout: 10_000 });
        }
        // Whom nobody has ended goes on, by a token of the new key.
        expect((await living.refresh()).status).toBe(200);
        for (const node of everywhere) expectAccepted(await living.copy(node).profile());
        await expectNoRefresh(judged, revoked.copy());
        for (const node of everywhere) expectRefused(judged, await revoked.copy(node).profile());
      }
    });
  });
});

function algorithmOf(name: string): string | undefined {
  const parsed = parseStrategyName(name);
  return parsed.ok ? parsed.value.algorithm : undefined;
}

async function listedSids(client: Client): Promise<readonly unknown[]> {
  const answer = await client.sessions();
  expect(answer.status).toBe(200);
  return (answer.body.sessions as readonly { readonly sid: string }[]).map(({ sid }) => sid);
}

/** Another session of the same user has ended. One counter for all refuses its access token as well, until a refresh: row 59. */
async function expectLivesOn(name: string, client: Client): Promise<void> {
  const traits = traitsOf(name);
  if (traits.logoutRefuses === 'all-of-the-user') {
    expect(failsByDesign(traits, 59)).toBe(true);
    expectRefused({ traits }, await client.profile());
    expect((await client.refresh()).status).toBe(200);
  }
  for (const node of everywhere) expectAccepted(await client.copy(node).profile());
}
