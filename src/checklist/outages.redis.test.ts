/** Rows 61, 65 and 66: a Redis that fails, in all the ways it has, opens nothing, acknowledges nothing, and keeps nobody waiting. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { failsByDesign } from '../strategies/by-design.ts';
import { expectAccepted } from '../strategies/expectations.contract.ts';
import type { Answer, Client } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';
import { expectEnded, sidOf } from './ended.contract.ts';
import {
  type FaultWorld,
  openFaultWorld,
  type RedisFault,
  redisFaultNames,
  redisFaults,
} from './redis-faults.contract.ts';
import { describeRow } from './row.contract.ts';

const names = oneOfEachFamily();
const redisTimeoutMillis = 400;
const stalenessLimitMillis = 800;
const settings = {
  STRATEGIES: names.join(','),
  REDIS_TIMEOUT_MILLIS: `${redisTimeoutMillis}`,
  STALENESS_LIMIT_MILLIS: `${stalenessLimitMillis}`,
};
/** A request asks Redis up to three times in turn. The rest is for a busy machine: what hangs would hang for ten seconds and more. */
const longestAnswerMillis = 5 * redisTimeoutMillis;

let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld(settings);
}, 30_000);
afterAll(() => world.close());

interface Held {
  readonly name: string;
  /** Logged out before the fault. */
  readonly ended: Client;
  readonly living: Client;
  /** To be ended while the fault is there. */
  readonly ending: Client;
  readonly endingSid: string;
}

/** What a test needs before its fault: deadlines are short here, and what was repaired a moment ago may still be coming back. */
async function patiently<Reply>(attempt: () => Promise<Reply>): Promise<Reply> {
  return vi.waitFor(attempt, { timeout: 10_000, interval: 20 });
}

async function hold(name: string): Promise<Held> {
  const loggedIn = (): Promise<Client> => patiently(() => world.servers.loggedIn(name));
  const leaving = await loggedIn();
  const ended = leaving.copy();
  await patiently(async () => expect((await leaving.logout()).status).toBe(204));
  await expectEnded(name, 54, ended);
  const [living, ending] = [await loggedIn(), await loggedIn()];
  return { name, ended, living, ending, endingSid: await patiently(() => sidOf(ending)) };
}

/** One request at a time and how long it took, in the worst case. */
class Stopwatch {
  longestMillis = 0;

  async time(request: Promise<Answer>): Promise<Answer> {
    const begun = performance.now();
    const answer = await request;
    this.longestMillis = Math.max(this.longestMillis, performance.now() - begun);
    return answer;
  }
}

/** By row 54 the strategy either refuses it, or says that it does not. */
function expectNotLetIn({ name, ended }: Held, { status }: Answer): void {
  const mayAnswer = failsByDesign(traitsOf(name), 54) ? [200] : [401, 503];
  expect(mayAnswer, `${name}, ${ended.username}`).toContain(status);
}

/** What the strategy says of a good credential: after the staleness limit, if it has one. */
async function expectLivingAnswered({ name, living }: Held, fault: RedisFault, watch: Stopwatch): Promise<void> {
  const { withoutRedis, revocation } = traitsOf(name);
  if (withoutRedis === 'unaffected') {
    expect([name, (await watch.time(living.profile())).status]).toEqual([name, 200]);
    return;
  }
  // Whoever asks Redis each time goes on with what it reads; whoever follows the log needs its beats.
  const leftAs = revocation === 'followed' ? ['reads and beats'] : ['reads', 'reads and beats'];
  if (leftAs.includes(fault.leaves)) {
    expect([200, 503], name).toContain((await watch.time(living.profile())).status);
    return;
  }
  const timeout = withoutRedis === 'refuses' ? longestAnswerMillis : stalenessLimitMillis + longestAnswerMillis;
  await vi.waitFor(async () => expect([name, (await watch.time(living.profile())).status]).toEqual([name, 503]), {
    timeout,
    interval: 50,
  });
}

/** Nothing that has to be written is said to be done, and no cookie is taken back. */
async function expectNothingDone(held: Held, watch: Stopwatch): Promise<void> {
  const { name, ending, endingSid } = held;
  const cookies = ending.cookieNames;
  const answers: readonly (readonly [string, Answer])[] = await Promise.all([
    watch.time(world.servers.client(name).login()).then((answer) => ['login', answer] as const),
    watch.time(ending.logout()).then((answer) => ['logout', answer] as const),
    watch.time(ending.logoutAll()).then((answer) => ['logout-all', answer] as const),
    watch.time(ending.endSession(endingSid)).then((answer) => ['end session', answer] as const),
    ...(traitsOf(name).refresh ? [watch.time(ending.refresh()).then((answer) => ['refresh', answer] as const)] : []),
  ]);
  for (const [what, { status, setCookies }] of answers) {
    expect([name, what, status, setCookies]).toEqual([name, what, 503, []]);
  }
  expect(ending.cookieNames).toEqual(cookies);
}

async function expectRecovered({ name, ended, living, ending }: Held): Promise<void> {
  await patiently(async () => expectAccepted(await living.profile()));
  await expectEnded(name, 54, ended);
  await patiently(async () => expectAccepted(await (await world.servers.loggedIn(name)).profile()));
  // What was not done then can be done now.
  const captured = ending.copy();
  await patiently(async () => expect((await ending.logout()).status).toBe(204));
  await expectEnded(name, 54, captured);
}

describeRow(65, () => {
  test.each(redisFaultNames)('%s', async (faultName) => {
    const fault: RedisFault = redisFaults[faultName];
    const held = await Promise.all(names.map(hold));
    const watch = new Stopwatch();
    const repair = await fault.begin(world);
    try {
      await Promise.all(
        held.map(async (each) => {
          expectNotLetIn(each, await watch.time(each.ended.profile()));
          await expectLivingAnswered(each, fault, watch);
          expectNotLetIn(each, await watch.time(each.ended.profile()));
        }),
      );
      await Promise.all(held.map((each) => expectNothingDone(each, watch)));
      for (const each of held) expectNotLetIn(each, await watch.time(each.ended.profile()));
    } finally {
      await repair();
    }
    await Promise.all(held.map(expectRecovered));
    expect(watch.longestMillis).toBeLessThan(longestAnswerMillis);
    expect(world.servers.faults).toEqual([]);
  });
});

describeRow(66, () => {
  test.each(['stopped', 'requests', 'replies'] as const)('%s', async (what) => {
    const held = await Promise.all(names.map(hold));
    const watch = new Stopwatch();
    if (what === 'stopped') world.redis.pause();
    else world.link.lose(what);
    try {
      // The first requests find connections that look alive, later ones none: neither may wait for long.
      for (let round = 0; round < 2; round += 1) {
        await Promise.all(
          held.map(async ({ name, living }) => {
            const holder = living.copy();
            await watch.time(holder.profile());
            if (traitsOf(name).refresh) await watch.time(holder.refresh());
            expect([name, (await watch.time(holder.sessions())).status]).toEqual([name, 503]);
          }),
        );
      }
    } finally {
      if (what === 'stopped') world.redis.resume();
      else world.link.heal();
    }
    expect(watch.longestMillis).toBeLessThan(longestAnswerMillis);
    await Promise.all(held.map(expectRecovered));
  });
});

describeRow(61, () => {
  test('an end that Redis did not see is 503, and works afterwards', async () => {
    const held = await Promise.all(names.map(hold));
    await world.redis.kill();
    await Promise.all(held.map((each) => expectNothingDone(each, new Stopwatch())));
    await world.redis.restart();
    await Promise.all(held.map(expectRecovered));
  });
});
