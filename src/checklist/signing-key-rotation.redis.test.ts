/** Row 47 over HTTP: two nodes, every algorithm and library, real time; keys rotate, once in peace and once in haste. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hashPassword } from '../identity/password-users.ts';
import { algorithmNames } from '../keys/algorithms.ts';
import type { SignatureKey } from '../keys/key-ring.ts';
import type { Client, NodeIndex } from '../strategies/lab-client.contract.ts';
import { compactJws, decode, genuineSigner, type Members } from '../tokens/forged-signatures.contract.ts';
import { ChecklistServers } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';
import { readKeys, signedVariously } from './token-server.contract.ts';

const password = randomBytes(12).toString('base64url');
const secret = randomBytes(32).toString('base64url');
const stalenessMillis = 800;
const accessTokenMillis = 2_000;
const redisTimeoutMillis = 400;
/** As DESIGN has it: every node has heard of the key before it signs, and no token is left when the old one goes. */
const activationMillis = stalenessMillis + 2 * redisTimeoutMillis;
const nodes: readonly NodeIndex[] = [0, 1];
/** How far a busy machine may be behind. */
const slackMillis = 5_000;

const names = signedVariously;

let servers: ChecklistServers;
const sessions = new Map<string, Client>();

beforeAll(async () => {
  const passwordHash = await hashPassword(password);
  // An account for each strategy: on one, so many that refresh at once would keep each other waiting until the deadline.
  const users = [
    { username: 'alice', passwordHash, roles: ['user', 'admin'] },
    ...names.map((_, index) => ({ username: `user-${index}`, passwordHash, roles: ['user'] })),
  ];
  const settings = {
    STRATEGIES: names.join(','),
    SECRET: secret,
    RSA_KEY_BITS: '2048',
    STALENESS_LIMIT_MILLIS: `${stalenessMillis}`,
    REDIS_TIMEOUT_MILLIS: `${redisTimeoutMillis}`,
    ACCESS_TOKEN_LIFETIME_SECONDS: `${accessTokenMillis / 1000}`,
    LEEWAY_SECONDS: '0',
    CLOCK_SKEW_SECONDS: '0',
  };
  servers = new ChecklistServers({ nodes: 2, users: JSON.stringify({ users }), settings });
  await servers.start();
  for (const [index, name] of names.entries()) {
    const client = servers.client(name, 0, `user-${index}`);
    client.password = password;
    expect([name, (await client.login()).status]).toEqual([name, 200]);
    sessions.set(name, client);
  }
}, 60_000);
afterAll(() => servers.stop());

function session(name: string): Client {
  const client = sessions.get(name);
  if (client === undefined) throw new Error(`nobody is logged in at ${name}`);
  return client;
}

const partOf = (token: string, index: 0 | 1): Members => decode(token.split('.')[index]);

/** Each key's, for the session of the strategy, good for an hour: with the key it opens the door, without it does not. */
function lastingToken(name: string, keys: readonly SignatureKey[]): string {
  const token = session(name).accessToken ?? '';
  const { kid } = partOf(token, 0);
  const key = keys.find((known) => known.kid === kid);
  if (key === undefined) throw new Error(`${name} signs with a key that is not in the log`);
  const claims = { ...partOf(token, 1), exp: Math.floor(Date.now() / 1000) + 3_600 };
  return compactJws(partOf(token, 0), claims, genuineSigner(key));
}

async function statusOf(name: string, token: string, node: NodeIndex): Promise<number> {
  const client = servers.client(name, node);
  client.accessToken = token;
  return (await client.profile()).status;
}

const kids = new Map<string, Set<unknown>>();

/** Refreshes at one node, and shows what was given at both, and what had been given before, while it lasts. */
async function oneRound(refused: string[], turn: number): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const holder = session(name);
      const previous = holder.accessToken ?? '';
      const { status } = await holder.refresh();
      if (status === 401) refused.push(`${name}: refresh`);
      const current = holder.accessToken ?? '';
      kids.set(name, (kids.get(name) ?? new Set()).add(partOf(current, 0).kid));
      for (const token of [current, previous]) {
        const node = nodes[turn % 2] ?? 0;
        const answered = await statusOf(name, token, node);
        const stillGood = Date.now() < Number(partOf(token, 1).exp) * 1000;
        if (answered === 401 && stillGood) refused.push(`${name} at node ${node}: ${partOf(token, 0).kid}`);
      }
    }),
  );
}

async function rotate(retireOld: 'when-expired' | 'at-activation'): Promise<number> {
  const admin = servers.client('jwt-hs256', 1, 'alice');
  admin.password = password;
  expect((await admin.login()).status).toBe(200);
  const answers = await Promise.all(
    algorithmNames.map((algorithm) =>
      admin.send('POST', '/admin/keys/rotate', {}, JSON.stringify({ algorithm, retireOld })),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(algorithmNames.map(() => 202));
  return Math.max(...answers.map(({ body }) => Date.parse(String(body.activatesAt))));
}

const readRealm = () => readKeys(servers.realm, secret);

async function expectRefusedEverywhere(tokens: ReadonlyMap<string, string>, byMillis: number): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const [name, token] of tokens) {
        for (const node of nodes) expect([name, node, await statusOf(name, token, node)]).toEqual([name, node, 401]);
      }
    },
    { timeout: Math.max(1_000, byMillis + slackMillis - Date.now()), interval: 50 },
  );
}

describeRow(47, () => {
  test('in peace: no valid token is refused, and the old key is of no use at the end', {
    timeout: 40_000,
  }, async () => {
    const old = new Map<string, string>();
    const before = await readRealm();
    for (const name of names) old.set(name, lastingToken(name, before));
    for (const [name, token] of old) expect([name, await statusOf(name, token, 1)]).toEqual([name, 200]);
    const activatesAt = await rotate('when-expired');
    const refused: string[] = [];
    const isOver = () => Date.now() > activatesAt + activationMillis + accessTokenMillis;
    for (let turn = 0; !isOver(); turn += 1) await oneRound(refused, turn);
    // On a slow machine the last round may have begun before the new keys signed.
    await oneRound(refused, 0);
    expect(refused).toEqual([]);
    // By two keys each: the rotation has happened, and under load.
    expect(names.filter((name) => kids.get(name)?.size !== 2)).toEqual([]);
    await expectRefusedEverywhere(old, activatesAt + activationMillis + accessTokenMillis + stalenessMillis);
  });

  test('in haste: what the old key has signed is refused within the bound, and sessions live on', async () => {
    const stolen = new Map<string, string>();
    const before = await readRealm();
    for (const name of names) {
      await session(name).refresh();
      stolen.set(name, lastingToken(name, before));
    }
    const activatesAt = await rotate('at-activation');
    await expectRefusedEverywhere(stolen, activatesAt + stalenessMillis);
    for (const node of nodes) {
      for (const name of names) {
        expect([name, (await session(name).refresh()).status]).toEqual([name, 200]);
        const token = session(name).accessToken ?? '';
        expect([name, await statusOf(name, token, node)]).toEqual([name, 200]);
      }
    }
    expect(servers.faults).toEqual([]);
  }, 40_000);
});
