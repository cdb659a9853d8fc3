/** Rows 56, 57, 58 and 60: users who are disabled, changed passwords, and what an administrator ends. */

import { expect, test } from 'vitest';
import { labPassword } from '../identity/lab-users.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import {
  expectAccepted,
  expectLives,
  expectLivesOn,
  expectNoRefresh,
  expectRefused,
} from '../strategies/expectations.contract.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { oneOfEachFamily, useServers } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness, sidOf } from './ended.contract.ts';
import { administrator, newPeople, usersFile } from './people.contract.ts';
import { describeRow } from './row.contract.ts';

const nextPerson = newPeople();

const names = oneOfEachFamily();
const settings = {
  ...shortStaleness,
  STRATEGIES: names.join(','),
  // Wrong passwords are shown on purpose here, all from one address.
  LOGIN_FAILURES_PER_ADDRESS: '1000',
  LOGIN_FAILURES_PER_USER_AND_ADDRESS: '1000',
};
const servers = useServers({ nodes: 2, settings, users: await usersFile() });
const everywhere = [0, 1] as const;
const nextPassword = 'fifteen characters or more';

/** At two nodes, and after a refresh where there is one. */
async function sessionsOf(name: string, username: string): Promise<readonly Client[]> {
  const sessions: Client[] = [];
  for (const node of everywhere) {
    const client = await servers.loggedIn(name, node, username);
    sessions.push(client.copy());
    if (traitsOf(name).refresh) {
      expect((await client.refresh()).status).toBe(200);
      sessions.push(client);
    }
  }
  return sessions;
}

describeRow(56, () => {
  test.each(names)('%s', async (name) => {
    const [username, bystander] = [nextPerson(), await servers.loggedIn(name, 0, nextPerson())];
    const sessions = await sessionsOf(name, username);
    const root = await servers.loggedIn(name, 1, administrator);
    expect((await root.administer(username, 'disable')).status).toBe(204);
    for (const client of sessions) await expectEnded(name, 56, client, everywhere);
    for (const client of sessions) await expectNoRefresh({ traits: traitsOf(name) }, client);
    for (const [node, mount] of [[0, name] as const, [1, otherThan(name)] as const]) {
      expect((await servers.client(mount, node, username).login()).status).toBe(401);
    }
    // Enabled again, the user may log in; what had ended has ended.
    expect((await root.administer(username, 'enable')).status).toBe(204);
    const again = await servers.loggedIn(name, 0, username);
    expectAccepted(await again.profile());
    for (const client of sessions) await expectEnded(name, 56, client, everywhere);
    expectAccepted(await bystander.profile());
  });
});

describeRow(57, () => {
  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name, 0, nextPerson());
    const others = await sessionsOf(name, client.username);
    const sid = await sidOf(await refreshed(name, client));
    expect((await client.changePassword(labPassword, nextPassword)).status).toBe(204);
    for (const other of others) await expectEnded(name, 57, other, everywhere);
    for (const other of others) await expectNoRefresh({ traits: traitsOf(name) }, other);
    await expectLivesOn({ traits: traitsOf(name) }, client);
    expect(await sidOf(client)).toBe(sid);
    const guess = servers.client(name, 1, client.username);
    expect((await guess.login()).status).toBe(401);
    guess.password = nextPassword;
    expect((await guess.login()).status).toBe(200);
  });
});

describeRow(58, () => {
  test.each(names)('%s', async (name) => {
    const username = nextPerson();
    const sessions = await sessionsOf(name, username);
    const bystander = await servers.loggedIn(name, 1, nextPerson());
    for (const answer of [
      await bystander.administer(username, 'revoke'),
      await bystander.administer(username, 'disable'),
      await servers.client(name).administer(username, 'revoke'),
    ])
      expect([401, 403]).toContain(answer.status);
    expectAccepted(await (await refreshed(name, sessions.at(-1))).profile());
    const root = await servers.loggedIn(name, 0, administrator);
    expect((await root.administer(username, 'revoke')).status).toBe(204);
    for (const client of sessions) await expectEnded(name, 58, client, everywhere);
    for (const client of sessions) await expectNoRefresh({ traits: traitsOf(name) }, client);
    expectAccepted(await (await servers.loggedIn(name, 1, username)).profile());
    for (const client of [root, bystander]) await expectLives({ traits: traitsOf(name) }, client);
  });
});

describeRow(60, () => {
  test.each(names)('%s', async (name) => {
    const client = await servers.loggedIn(name, 0, nextPerson());
    const other = await servers.loggedIn(name, 1, client.username);
    await refreshed(name, client);
    for (const current of ['', `${labPassword} `, nextPassword]) {
      const { status, body } = await client.changePassword(current, nextPassword);
      expect([status, body.type]).toEqual([401, 'urn:authlab:problem:wrong-password']);
    }
    const without = await client.send('POST', '/auth/password', {}, JSON.stringify({ next: nextPassword }));
    expect(without.status).toBe(400);
    // The password alone, and no session, is not enough either.
    const nobody = servers.client(name, 0, client.username);
    expectRefused({ traits: traitsOf(name) }, await nobody.changePassword(labPassword, nextPassword), 'nothing sent');
    // None of that has changed or ended anything.
    for (const holder of [client, other]) await expectLives({ traits: traitsOf(name) }, holder);
    expect((await servers.client(name, 1, client.username).login()).status).toBe(200);
  });
});

function otherThan(name: string): string {
  return names.find((other) => other !== name) ?? name;
}

/** One counter for all tokens of a user: what an earlier end has made useless is renewed. */
async function refreshed(name: string, client: Client | undefined): Promise<Client> {
  if (client === undefined) throw new Error('there is a session');
  if (failsByDesign(traitsOf(name), 59) && traitsOf(name).refresh) expect((await client.refresh()).status).toBe(200);
  return client;
}
