/** A node that follows the signing keys: in their order, each event once, and closed when it cannot open one. */

import { describe, expect, test } from 'vitest';
import type { SigningKeyEvent } from '../../domain/signing-key-events.ts';
import { type SigningKeysState, signingKeys } from '../../domain/signing-keys.ts';
import { operationId, terminated } from '../../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../../eventlog/memory-event-log.ts';
import { fold } from '../../kernel/decider.ts';
import { readSigningKeys, writeSigningKeys } from '../inline/signing-keys-state.ts';
import { beatIntervalMillis, FollowerStory, holdTimers, stalenessLimitMillis } from './follower-story.contract.ts';

holdTimers();

const stream = 'signing-keys';

/** Keeps what it is told, and cannot open what is sealed `foreign`. */
class Keeper {
  readonly stream = stream;
  state: SigningKeysState = signingKeys.initial;
  /** Kids with their phases, as they came. */
  readonly told: string[][] = [];

  takeOver(state: SigningKeysState): boolean {
    if (state.keys.some(({ sealedKey }) => sealedKey === 'foreign')) return false;
    this.state = state;
    this.told.push(this.phases);
    return true;
  }

  get phases(): string[] {
    return this.state.keys.map(({ kid, phase }) => `${kid} ${phase}`);
  }
}

const added = (kid: string, sealedKey = 'sealed'): SigningKeyEvent => ({
  type: 'SigningKeyAdded',
  atMillis: 1,
  kid,
  algorithm: 'es256',
  sealedKey,
  activateAtMillis: 1,
  retireOld: 'when-expired',
});
const activated = (kid: string, superseded?: string): SigningKeyEvent => ({
  type: 'SigningKeyActivated',
  atMillis: 1,
  kid,
  algorithm: 'es256',
  ...(superseded === undefined ? {} : { superseded: { kid: superseded, retireAtMillis: 2 } }),
});
const retired = (kid: string): SigningKeyEvent => ({ type: 'SigningKeyRetired', atMillis: 1, kid, algorithm: 'es256' });

/** Another node, whose link never fails. */
async function append(story: FollowerStory, events: readonly SigningKeyEvent[], to = stream): Promise<void> {
  const log = new MemoryEventLog({ partitions: 2, clock: story.clock, server: story.server });
  const { version, state } = await readSigningKeys(log, to);
  const after = writeSigningKeys(fold(signingKeys.evolve, state, events));
  const request = {
    partition: 'realm',
    stream: to,
    expectedVersion: version,
    events,
    effects: [],
    state: after,
  } as const;
  expect(await log.append({ ...request, operationId: operationId() })).toMatchObject({ ok: true });
}

describe('a node that follows signing keys', () => {
  test('starts with what is known, and learns of each change without waiting for a beat', async () => {
    const keeper = new Keeper();
    const story = new FollowerStory({ signingKeys: keeper });
    await append(story, [added('k1'), activated('k1')]);
    void story.follower.start();
    await story.pass(beatIntervalMillis);
    expect([keeper.phases, story.follower.ready]).toEqual([['k1 active'], true]);
    for (const events of [[added('k2')], [activated('k2', 'k1')], [retired('k1')]]) {
      await append(story, events);
      await story.pass(1);
    }
    expect(keeper.told.slice(1)).toEqual([
      ['k1 active', 'k2 published'],
      ['k1 superseded', 'k2 active'],
      ['k2 active'],
    ]);
    await story.follower.stop();
  });

  test('takes what came while it read the state once', async () => {
    const keeper = new Keeper();
    const story = new FollowerStory({ signingKeys: keeper });
    await append(story, [added('k1'), activated('k1')]);
    const release = story.log.faults.hold('read', 'request');
    void story.follower.start();
    await story.pass(50);
    await append(story, [added('k2'), activated('k2', 'k1'), retired('k1')]);
    release();
    await story.pass(beatIntervalMillis);
    expect(keeper.told).toEqual([['k2 active']]);
    expect(story.follower.isFresh(0)).toBe(true);
    expect(story.follower.status().partitions[0]?.position).toMatchObject({ number: 5 });
    await story.follower.stop();
  });

  test('never goes back: a read that was asked for before a rebuild changes nothing', async () => {
    const keeper = new Keeper();
    const story = await FollowerStory.started({ signingKeys: keeper });
    await append(story, [added('k1'), activated('k1'), added('k2'), activated('k2', 'k1')]);
    const release = story.log.faults.hold('tail', 'reply');
    await story.pass(400);
    await append(story, [retired('k1')]);
    story.server.restart({ empty: false });
    await story.pass(beatIntervalMillis + 50);
    expect(keeper.phases).toEqual(['k2 active']);
    const before = keeper.told.length;
    release();
    await story.pass(beatIntervalMillis);
    expect(keeper.told.slice(before)).toEqual([]);
    expect(keeper.phases).toEqual(['k2 active']);
    await story.follower.stop();
  });

  test('knows nothing any more when the log came back empty, and says so in its own state', async () => {
    const keeper = new Keeper();
    const story = await FollowerStory.started({ signingKeys: keeper });
    await append(story, [added('k1'), activated('k1')]);
    await story.pass(1);
    story.server.restart({ empty: true });
    await story.pass(2 * beatIntervalMillis);
    expect(keeper.state).toEqual(signingKeys.initial);
    await append(story, [added('k2'), activated('k2')]);
    await story.pass(1);
    expect(keeper.phases).toEqual(['k2 active']);
    await story.follower.stop();
  });

  test('passes over the keys of others', async () => {
    const keeper = new Keeper();
    const story = await FollowerStory.started({ signingKeys: keeper });
    await append(story, [added('f1', 'foreign'), activated('f1')], `${stream}:elsewhere`);
    await append(story, [added('k1'), activated('k1')]);
    await story.pass(beatIntervalMillis);
    expect(keeper.phases).toEqual(['k1 active']);
    expect(story.follower.isFresh(0)).toBe(true);
    await story.follower.stop();
  });

  test('may follow the realm alone', async () => {
    const keeper = new Keeper();
    const story = await FollowerStory.started({ signingKeys: keeper, following: 'realm' });
    expect(story.follower.status().partitions.map(({ partition }) => partition)).toEqual(['realm']);
    expect([story.follower.ready, story.follower.isFresh(0)]).toEqual([true, false]);
    await append(story, [added('k1'), activated('k1')]);
    await story.pass(1);
    expect(keeper.phases).toEqual(['k1 active']);
    await story.follower.stop();
  });
});

describe('a node that cannot open or understand a key', () => {
  const closed = async (story: FollowerStory) => {
    await story.pass(stalenessLimitMillis + beatIntervalMillis);
    expect([story.follower.isFresh(0), story.follower.isFresh(1)]).toEqual([false, false]);
    expect(story.told.filter(({ type }) => type === 'poisoned')).toMatchObject([{ partition: 'realm' }]);
    expect(story.follower.status().partitions[0]).toMatchObject({ phase: 'poisoned', fresh: false });
    await story.follower.stop();
  };

  test('closes when it comes along, and keeps what it had', async () => {
    const keeper = new Keeper();
    const story = await FollowerStory.started({ signingKeys: keeper });
    await append(story, [added('k1'), activated('k1')]);
    await append(story, [added('k2', 'foreign')]);
    await append(story, [added('k3')]);
    await closed(story);
    expect(keeper.phases).toEqual(['k1 active']);
  });

  test('is never ready when it was there before', async () => {
    const story = new FollowerStory({ signingKeys: new Keeper() });
    await append(story, [added('k1', 'foreign'), activated('k1')]);
    void story.follower.start();
    await closed(story);
    expect(story.follower.ready).toBe(false);
  });

  test.each([
    ['not JSON', '{'],
    ['of another shape', '{"keys":[{"kid":"k1"}],"retiredKids":[]}'],
  ])('closes on a state that is %s', async (_, state) => {
    const story = new FollowerStory({ signingKeys: new Keeper() });
    const request = {
      partition: 'realm',
      stream,
      expectedVersion: 0,
      events: [retired('k0')],
      effects: [],
      state,
    } as const;
    await story.log.append({ ...request, operationId: operationId() });
    void story.follower.start();
    await closed(story);
  });

  test.each([
    ['half a key', { type: 'SigningKeyAdded', kid: 'k1' }],
    ['a session', terminated('0.a')],
  ])('closes on %s in the realm, also without keys of its own', async (_, event) => {
    const story = await FollowerStory.started();
    const { epoch } = await story.log.beat('realm');
    const whole = { number: '1', predecessor: '0-0', stream, version: '1', epoch };
    story.server.plant('realm', { ...whole, event: JSON.stringify(event) });
    await closed(story);
  });
});
