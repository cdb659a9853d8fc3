/** Rows 64 and 69: what was ended, or used up, stays so when the nodes, or Redis with its data, have been started anew. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../bench/environment/test-redis.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import { expectAccepted, expectNoRefresh, expectRefused } from '../strategies/expectations.contract.ts';
import type { Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { ChecklistServers, oneOfEachFamily } from './checklist-server.contract.ts';
import { expectEnded, shortStaleness } from './ended.contract.ts';
import { describeRow } from './row.contract.ts';

const names = oneOfEachFamily();
const refreshing = names.filter((name) => traitsOf(name).refresh);

let redis: TestRedis;
let servers: ChecklistServers;
beforeAll(async () => {
  redis = await startTestRedis({ appendonly: true });
  const settings = {
    ...shortStaleness,
    STRATEGIES: names.join(','),
    REDIS_URL: redis.url,
    // Any second use of a refresh token is a theft.
    REFRESH_GRACE_SECONDS: '0',
  };
  servers = new ChecklistServers({ nodes: 2, settings });
  await servers.start();
}, 30_000);
afterAll(async () => {
  await servers.stop();
  await redis.close();
});

/** Asks without a pause from the moment that something listens until the node is ready: what it answers, in order, each once. */
async function answersWhileStarting(client: Client): Promise<readonly number[]> {
  const statuses: number[] = [];
  await vi.waitFor(
    async () => {
      const { status } = await client.profile();
      if (statuses.at(-1) !== status) statuses.push(status);
      expect(status).not.toBe(503);
    },
    { timeout: 15_000, interval: 1 },
  );
  return statuses;
}

describeRow(64, () => {
  test('every family', async () => {
    const held = await Promise.all(
      names.map(async (name) => {
        const [client, other] = [await servers.loggedIn(name), await servers.loggedIn(name, 1)];
        const ended = [client.copy(), other.copy(0)];
        expect([(await client.logout()).status, (await other.logoutAll()).status]).toEqual([204, 204]);
        return { name, ended, living: await servers.loggedIn(name) };
      }),
    );
    for (const { name, ended } of held) for (const client of ended) await expectEnded(name, 54, client, [0, 1]);
    await servers.stop();
    await servers.listen();
    await Promise.all(
      held.flatMap(({ name, ended, living }) => {
        const refused = failsByDesign(traitsOf(name), 54) ? 200 : 401;
        return [
          ...ended.map(async (client) => {
            const statuses = await answersWhileStarting(client);
            expect([name, statuses.filter((status) => status !== 503)]).toEqual([name, [refused]]);
          }),
          answersWhileStarting(living).then((statuses) => expect([name, statuses.at(-1)]).toEqual([name, 200])),
        ];
      }),
    );
  });
});

describeRow(69, () => {
  async function restartNodes(): Promise<void> {
    await servers.stop();
    await servers.start();
  }
  async function restartRedis(): Promise<void> {
    await redis.restart();
    // A node that has not noticed yet is no witness.
    for (const name of names) {
      const witness = servers.client(name);
      await vi.waitFor(async () => expect((await witness.login()).status).toBe(200), { timeout: 10_000 });
      await vi.waitFor(async () => expectAccepted(await witness.profile()), { timeout: 10_000 });
    }
  }

  test.each([
    ['the nodes', restartNodes],
    ['Redis, which keeps its data', restartRedis],
  ])('%s', async (_, restart) => {
    const held: { readonly name: string; readonly used: Client; readonly honest: Client; readonly late: Client }[] = [];
    for (const name of refreshing) {
      const [honest, late] = [await servers.loggedIn(name), await servers.loggedIn(name)];
      const used = honest.copy();
      expect([(await honest.refresh()).status, (await late.refresh()).status]).toEqual([200, 200]);
      held.push({ name, used, honest: honest.copy(), late: late.copy() });
    }
    await restart();
    for (const { name, used, honest, late } of held) {
      const judged = { traits: traitsOf(name) };
      // Who has the current one goes on,
      expect([name, (await late.refresh()).status]).toEqual([name, 200]);
      // (once its node follows this partition, too),
      await vi.waitFor(async () => expectAccepted(await late.profile()), { timeout: 10_000 });
      // and who comes with the one before has stolen it: everything of that session ends.
      await expectNoRefresh(judged, used);
      await expectNoRefresh(judged, honest);
      await expectEnded(name, 67, honest);
    }
  });
});

test('a restart of the nodes has refused nobody who was not ended', async () => {
  const [name = ''] = names;
  const client = await servers.loggedIn(name);
  await servers.stop();
  await servers.start();
  expectAccepted(await client.profile());
  expectRefused({ traits: traitsOf(name) }, await servers.client(name).profile(), 'nothing sent');
});
