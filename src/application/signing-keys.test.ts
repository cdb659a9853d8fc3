/** Commands on signing keys, by several nodes at once and over a log that does not always answer. */

import { describe, expect, test } from 'vitest';
import { activeKey, type SigningKeysState } from '../domain/signing-keys.ts';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { ManualClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { readSigningKeys } from '../projections/inline/signing-keys-state.ts';
import {
  activationDelayMillis,
  addSigningKey,
  advanceSigningKeys,
  type MakeKey,
  provideSigningKey,
  rotateSigningKey,
  type SigningKeysContext,
} from './signing-keys.ts';

const policy = {
  accessTokenMillis: 900_000,
  inactivityMillis: 1,
  absoluteMillis: 1,
  leewayMillis: 5_000,
  skewMillis: 3_000,
  refreshGraceMillis: 0,
  maximumSessions: 1,
};
const key = (kid: string) => ({ kid, algorithm: 'es256', sealedKey: `sealed ${kid}` });

class Story {
  readonly clock = new ManualClock();
  readonly #server = new MemoryServer(this.clock);
  readonly #logs: MemoryEventLog[] = [];
  made = 0;

  /** One more node. */
  node(): SigningKeysContext & { readonly log: MemoryEventLog } {
    const log = new MemoryEventLog({ partitions: 1, clock: this.clock, server: this.#server });
    this.#logs.push(log);
    const { clock } = this;
    const stream = 'signing-keys';
    return {
      log,
      clock,
      random: systemRandomBytes,
      policy,
      deadlineMillis: 1_000,
      stream,
      stalenessLimitMillis: 2_000,
    };
  }

  maker(kid: string): MakeKey {
    return async () => {
      this.made += 1;
      return key(kid);
    };
  }

  async state(): Promise<SigningKeysState> {
    return (await readSigningKeys(this.node().log, 'signing-keys')).state;
  }

  async phases(): Promise<string[]> {
    return (await this.state()).keys.map(({ kid, phase }) => `${kid} ${phase}`);
  }

  async types(): Promise<string[]> {
    return (await this.node().log.readEntries('realm', '0-0', 100)).map(({ event }) => event.type);
  }
}

describe('providing a key', () => {
  test('of nodes that start at once the first wins for all', async () => {
    const story = new Story();
    await Promise.all(['k1', 'k2', 'k3'].map((kid) => provideSigningKey(story.node(), 'es256', story.maker(kid))));
    expect(await story.types()).toEqual(['SigningKeyAdded', 'SigningKeyActivated']);
    expect(activeKey(await story.state(), 'es256')).toBeDefined();
  });

  test('makes none where one signs', async () => {
    const story = new Story();
    await provideSigningKey(story.node(), 'es256', story.maker('k1'));
    await provideSigningKey(story.node(), 'es256', story.maker('k2'));
    expect([story.made, await story.phases()]).toEqual([1, ['k1 active']]);
  });
});

describe('rotating', () => {
  const started = async () => {
    const story = new Story();
    await provideSigningKey(story.node(), 'es256', story.maker('k1'));
    return story;
  };
  const rotate = (story: Story, kid: string, node = story.node()) =>
    rotateSigningKey(node, { algorithm: 'es256', makeKey: story.maker(kid), retireOld: 'when-expired' });

  test('lets the new key sign when every node that answers has heard of it, and the old one outlive its tokens', async () => {
    const story = await started();
    const start = story.clock.wallMillis();
    const rotated = await rotate(story, 'k2');
    // The staleness limit, a clock that is ahead, and an append that took as long as it may.
    expect(rotated).toEqual({ kid: 'k2', activateAtMillis: start + 2_000 + 3_000 + 2_000 });
    story.clock.advance(6_999);
    await advanceSigningKeys(story.node());
    expect(await story.phases()).toEqual(['k1 active', 'k2 published']);
    story.clock.advance(1);
    await advanceSigningKeys(story.node());
    expect(await story.phases()).toEqual(['k1 superseded', 'k2 active']);
    // A node may go on with the old key until it must have heard; then lifetime, leeway, and two clocks that differ.
    story.clock.advance(7_000 + 900_000 + 5_000 + 3_000 - 1);
    await advanceSigningKeys(story.node());
    expect(await story.phases()).toEqual(['k1 superseded', 'k2 active']);
    story.clock.advance(1);
    await Promise.all([advanceSigningKeys(story.node()), advanceSigningKeys(story.node())]);
    expect(await story.phases()).toEqual(['k2 active']);
    expect((await story.types()).slice(2)).toEqual(['SigningKeyAdded', 'SigningKeyActivated', 'SigningKeyRetired']);
  });

  test('at two nodes at once is one rotation', async () => {
    const story = await started();
    const [one, other] = await Promise.all([rotate(story, 'k2'), rotate(story, 'k3')]);
    expect(one).toEqual(other);
    expect(await rotate(story, 'k4')).toEqual(one);
    expect(story.made).toBe(3);
    expect((await story.phases()).length).toBe(2);
  });

  test('shows nothing that is sealed', async () => {
    const story = await started();
    await rotate(story, 'k2');
    expect(Object.keys(await rotate(story, 'k3'))).toEqual(['kid', 'activateAtMillis']);
  });

  test('whose answer was lost is found done', async () => {
    const story = await started();
    const node = story.node();
    node.log.faults.fail('append', 'reply', 2);
    expect(await rotate(story, 'k2', node)).toMatchObject({ kid: 'k2' });
    expect(await story.phases()).toEqual(['k1 active', 'k2 published']);
  });

  test('without a log fails, and nothing has happened', async () => {
    const story = await started();
    const node = story.node();
    node.log.faults.fail('append', 'request', 1);
    await expect(rotate(story, 'k2', node)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    expect(await story.phases()).toEqual(['k1 active']);
  });
});

test('a given key is staged like a rotation', async () => {
  const story = new Story();
  expect(await addSigningKey(story.node(), key('k1'))).toMatchObject({ type: 'signs', kid: 'k1' });
  const node = story.node();
  const activateAtMillis = story.clock.wallMillis() + activationDelayMillis(node);
  expect(await addSigningKey(node, key('k2'))).toEqual({ type: 'signs', kid: 'k2', activateAtMillis });
  expect(await story.phases()).toEqual(['k1 active', 'k2 published']);
});
