/**
 * The promise of `hybrid`, on real processes that stand still: no node lets a session in later than S after its logout
 * was acknowledged, be it the node that stood still or Redis. `hybrid-strict` beside it: not at all.
 */

import { afterEach, describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import type { LabNode } from '../environment/environment.ts';
import { freePorts } from '../environment/free-ports.ts';
import { standStill } from '../environment/stopped-child.ts';
import { startTcpLink } from '../environment/tcp-link.ts';
import { startTestRedis, type TestRedis } from '../environment/test-redis.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { Probe } from './probe-log.ts';
import { protectedRequest } from './prober.ts';
import { Figures, OpenRun, type Outcome, pauseUntil, printFigures, Victim } from './promise.contract.ts';
import { hybrid, type Realm, startRealm, strict } from './promise-nodes.contract.ts';
import { askOn, bytesOf, ProbeSocket } from './promise-probes.contract.ts';

const stalenessLimitMillis = 2_000;
const trials = 12;
/** Requests that wait in the sockets of a node that stands still: so many connections, so many on each. */
const waitingConnections = 8;
const waitingOnEach = 5;
const probePauseMillis = 5;
/** How long after the bound all nodes are still asked while the fault lasts. */
const marginMillis = 300;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRedis(): Promise<TestRedis> {
  const redis = await startTestRedis();
  closing.push(() => redis.close());
  return redis;
}

async function openRealm(redisUrl: string): Promise<Realm> {
  const realm = await startRealm({ redisUrls: [redisUrl, redisUrl, redisUrl], stalenessLimitMillis });
  closing.push(() => realm.close());
  return realm;
}

interface People {
  readonly plain: Credential;
  readonly slow: Credential;
  /** Logs out never. */
  readonly witness: Credential;
}

async function logInPeople({ contestants, logIn }: Realm): Promise<People> {
  const [[plain, witness], [slow]] = await Promise.all([logIn(contestants[hybrid], 2), logIn(contestants[strict], 1)]);
  if (!plain || !witness || !slow) throw new Error('three people were logged in');
  return { plain, slow, witness };
}

/** All nodes are well again, know of the logouts, and of nothing else. */
async function expectRecovered(realm: Realm, { plain, slow, witness }: People): Promise<void> {
  await realm.ready();
  const { contestants } = realm;
  expect(await realm.statusesOf(contestants[hybrid], plain)).toEqual([401, 401, 401]);
  expect(await realm.statusesOf(contestants[strict], slow)).toEqual([401, 401, 401]);
  expect(await realm.statusesOf(contestants[hybrid], witness)).toEqual([200, 200, 200]);
}

/** Connections to a node on which the victim was let in a moment ago. Returns how to ask again, many times on each. */
async function queueAt({ baseUrl }: LabNode, contestant: Contestant, victim: Credential) {
  const sockets = await Promise.all(Array.from({ length: waitingConnections }, () => ProbeSocket.open(baseUrl)));
  closing.push(async () => {
    for (const socket of sockets) socket.close();
  });
  const request = bytesOf(baseUrl, protectedRequest(contestant, victim));
  const answers = await Promise.all(sockets.map((socket) => askOn(socket, request)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  return (): Promise<readonly Probe[]> => {
    const asked = sockets.flatMap((socket) => Array.from({ length: waitingOnEach }, () => askOn(socket, request)));
    expect(sockets.every((socket) => socket.isDelivered)).toBe(true);
    return Promise.all(asked);
  };
}

/** The same logout, judged by when an answer came: what a process said after it had stood still, whenever it was asked. */
function byAnswer(outcome: Outcome, answers: readonly Probe[]): Outcome {
  return { ...outcome, probes: [answers.map((answer) => ({ ...answer, sentAt: answer.receivedAt }))] };
}

describe('a node that stands still while others log out', () => {
  it('lets nobody in, of whom it was asked meanwhile either', async () => {
    const redis = await openRedis();
    const realm = await openRealm(redis.url);
    const { contestants, nodes } = realm;
    const figures = {
      plain: new Figures('hybrid, all nodes', stalenessLimitMillis),
      waitingPlain: new Figures('hybrid, what waited in the paused node, by its answer', stalenessLimitMillis),
      slow: new Figures('hybrid-strict, all nodes', 0),
      waitingSlow: new Figures('hybrid-strict, what waited in the paused node, by its answer', 0),
    };
    const random = seededFraction(4_101);
    for (let trial = 0; trial < trials; trial += 1) {
      const people = await logInPeople(realm);
      const paused = nodes[trial % nodes.length];
      if (paused === undefined) throw new Error('there are nodes');
      const askPlain = await queueAt(paused, contestants[hybrid], people.plain);
      const askSlow = await queueAt(paused, contestants[strict], people.slow);
      const plainVictim = await Victim.admit(contestants[hybrid], people.plain);
      const slowVictim = await Victim.admit(contestants[strict], people.slow);
      const revokeAtNode = (trial + 1) % nodes.length;
      const [plainRun, slowRun] = [0, 1].map(() => new OpenRun(revokeAtNode, probePauseMillis)) as [OpenRun, OpenRun];

      await standStill(paused.child);
      const waiting = Promise.all([askPlain(), askSlow()]);
      const outcomes = [plainVictim.revoke(plainRun), slowVictim.revoke(slowRun)] as const;
      const [plainAt, slowAt] = await Promise.all([
        plainRun.acknowledged(outcomes[0]),
        slowRun.acknowledged(outcomes[1]),
      ]);
      await pauseUntil(Math.max(plainAt + stalenessLimitMillis, slowAt) + random() * 20);
      const continuedAt = performance.now();
      await paused.child.signal('SIGCONT');
      const [plainAnswers, slowAnswers] = await waiting;
      await pauseUntil(continuedAt + marginMillis);
      plainRun.end();
      slowRun.end();
      const [plain, slow] = await Promise.all(outcomes);

      for (const { receivedAt } of [...plainAnswers, ...slowAnswers]) expect(receivedAt).toBeGreaterThan(continuedAt);
      figures.plain.add(plain);
      figures.slow.add(slow);
      figures.waitingPlain.add(byAnswer(plain, plainAnswers));
      figures.waitingSlow.add(byAnswer(slow, slowAnswers));
      await expectRecovered(realm, people);
    }
    printFigures(`A node stopped before the logouts, and continued S after them, ${trials} times`, [
      ...Object.values(figures),
    ]);
    for (const each of Object.values(figures)) expect([each.violations, each.acknowledged]).toEqual([[], trials]);
    for (const each of [figures.waitingPlain, figures.waitingSlow]) {
      expect(each.count(401) + each.count(503)).toBe(trials * waitingConnections * waitingOnEach);
    }
  });
});

describe('Redis that stands still after a logout', () => {
  it('before anybody else has heard of it: the others let nobody in for longer than S', async () => {
    const redis = await openRedis();
    const [linkPort = 0] = await freePorts(1);
    const link = await startTcpLink(linkPort, redis.port);
    closing.push(() => link.close());
    const realm = await openRealm(`redis://127.0.0.1:${linkPort}`);
    const { contestants, nodes } = realm;
    const plainly = new Figures('hybrid', stalenessLimitMillis);
    const strictly = new Figures('hybrid-strict', 0);
    const random = seededFraction(4_102);
    for (let trial = 0; trial < trials; trial += 1) {
      const people = await logInPeople(realm);
      const plainVictim = await Victim.admit(contestants[hybrid], people.plain);
      const slowVictim = await Victim.admit(contestants[strict], people.slow);
      const revokeAtNode = trial % nodes.length;
      const [plainRun, slowRun] = [0, 1].map(() => new OpenRun(revokeAtNode, probePauseMillis)) as [OpenRun, OpenRun];

      const letGo = link.stall('tails');
      const slowOutcome = slowVictim.revoke(slowRun);
      // The node itself knows as soon as the logout stands in the log; from then on it waits for the others.
      await expect
        .poll(async () => (await realm.statusesOf(contestants[strict], people.slow))[revokeAtNode], { interval: 5 })
        .toBe(401);
      const plainOutcome = plainVictim.revoke(plainRun);
      const plainAt = await plainRun.acknowledged(plainOutcome);
      // At once, or after a beat or two have told of events that the tail has not delivered.
      if (trial % 2 === 1) await pauseUntil(plainAt + random() * 600);
      redis.pause();
      const pausedAt = performance.now();
      const slowAt = await slowRun.acknowledged(slowOutcome);
      await pauseUntil(Math.max(plainAt, pausedAt) + stalenessLimitMillis + marginMillis);
      await pauseUntil(slowAt + marginMillis);
      redis.resume();
      letGo();
      await realm.ready();
      plainRun.end();
      slowRun.end();
      plainly.add(await plainOutcome);
      strictly.add(await slowOutcome);
      await expectRecovered(realm, people);
    }
    printFigures(`Redis stopped after the logouts, before it had told the other nodes, ${trials} times`, [
      plainly,
      strictly,
    ]);
    expect([plainly.violations, plainly.acknowledged]).toEqual([[], trials]);
    expect([strictly.violations, strictly.acknowledged]).toEqual([[], trials]);
    // They did not hear of it, or there would have been nothing to see.
    expect(plainly.exposed).toBe(trials);
  });
});
