import { describe, expect, test } from 'vitest';
import { terminated } from '../../eventlog/event-log-harness.contract.ts';
import { beatIntervalMillis, FollowerStory, holdTimers, stalenessLimitMillis } from './follower-story.contract.ts';

holdTimers();

describe('a node that lost its place', () => {
  test('rebuilds after a gap, closed meanwhile', async () => {
    const story = await FollowerStory.started();
    await story.revoke('0.known');
    await story.pass(10);
    const { epoch } = await story.log.beat(0);
    const release = story.log.faults.hold('read', 'request');
    const event = JSON.stringify(terminated('0.after-gap', story.clock.wallMillis() + 900_000));
    story.server.plant(0, { number: '7', epoch, predecessor: '1-1', stream: 'ada', version: '7', event });
    await story.pass(10);
    expect([story.follower.isFresh(0), story.follower.isFresh(1)]).toEqual([false, true]);
    expect(story.told.at(-1)).toEqual({ type: 'rebuild-started', partition: 0, cause: 'gap' });
    release();
    await story.pass(2 * beatIntervalMillis);
    expect(story.follower.isFresh(0)).toBe(true);
    expect(['0.known', '0.after-gap'].every((sid) => story.follower.isRevoked(sid))).toBe(true);
    await story.follower.stop();
  });

  test('notices that what a beat tells of was cut from a log in which nothing follows', async () => {
    const story = await FollowerStory.started();
    await story.revoke('0.known');
    await story.pass(10);
    const release = story.log.faults.hold('tail', 'request');
    // The read that is under way is not to see it either.
    await story.pass(2 * beatIntervalMillis);
    await story.revoke('0.cut');
    story.server.trim(0, 0);
    await story.pass(stalenessLimitMillis / 2);
    release();
    await story.pass(2 * stalenessLimitMillis);
    expect(story.follower.isFresh(0)).toBe(true);
    expect(story.follower.isRevoked('0.cut')).toBe(true);
    expect(story.told).toContainEqual({ type: 'rebuild-started', partition: 0, cause: 'gap' });
    await story.follower.stop();
  });

  test('notices another predecessor under the right number', async () => {
    const story = await FollowerStory.started();
    await story.revoke('0.known');
    await story.pass(10);
    const { epoch } = await story.log.beat(0);
    const event = JSON.stringify(terminated('0.other'));
    story.server.plant(0, { number: '2', epoch, predecessor: '1-1', stream: 'ada', version: '2', event });
    await story.pass(10);
    expect(story.told).toContainEqual({ type: 'rebuild-started', partition: 0, cause: 'gap' });
    await story.follower.stop();
  });

  test('does not rebuild without a pause a log that is broken for good', async () => {
    const story = await FollowerStory.started();
    const { epoch } = await story.log.beat(0);
    for (let n = 0; n < 50; n += 1) {
      const event = JSON.stringify(terminated(`0.${n}`));
      story.server.plant(0, { number: '9', epoch, predecessor: '1-1', stream: 'ada', version: '1', event });
      await story.pass(10);
    }
    const rebuilds = story.told.filter((told) => told.type === 'rebuild-started' && told.cause === 'gap');
    expect(rebuilds.length).toBeGreaterThan(0);
    expect(rebuilds.length).toBeLessThan(10);
    await story.follower.stop();
  });

  test.each([
    { data: 'kept', empty: false, number: 1 },
    // Which is the node's own event: it tells the log again what it had known.
    { data: 'lost', empty: true, number: 1 },
  ])('rebuilds in a new epoch with its data $data, and forgets nothing', async ({ empty, number }) => {
    const story = await FollowerStory.started();
    await story.revoke('0.known');
    await story.pass(10);
    story.server.restart({ empty });
    await story.pass(2 * beatIntervalMillis);
    expect(story.told).toContainEqual({ type: 'rebuild-started', partition: 0, cause: 'new-epoch' });
    expect(story.follower.isFresh(0) && story.follower.isRevoked('0.known')).toBe(true);
    expect(story.follower.status().partitions[1]?.position).toMatchObject({ number });
    await story.revoke('0.later');
    await story.pass(10);
    expect(story.follower.isRevoked('0.later')).toBe(true);
    await story.follower.stop();
  });
});

describe('a node that cannot understand the log', () => {
  const allTerminated = { type: 'AllSessionsTerminated', atMillis: 1, sub: 'ada', reason: 'logout-all', epoch: 1 };
  const whole = { number: '1', predecessor: '0-0', stream: 'ada', version: '1' };

  test.each([
    ['an unknown type', JSON.stringify({ type: 'SessionFrozen', sid: '0.a' })],
    ['no JSON', '{'],
    ['no type', '[]'],
    ['a revocation without an expiry', JSON.stringify({ ...terminated('0.a'), acceptableUntilMillis: 'soon' })],
    ['a revocation by an unknown channel', JSON.stringify({ ...terminated('0.a'), revocation: 'gossip' })],
    ['an end of all sessions without them', JSON.stringify({ ...allTerminated, sessions: null })],
    ['an end of all sessions with half of one', JSON.stringify({ ...allTerminated, sessions: [{ sid: '0.a' }] })],
  ])('closes that partition for good: %s', async (_, event) => {
    const story = await FollowerStory.started();
    const { epoch } = await story.log.beat(0);
    story.server.plant(0, { ...whole, epoch, event });
    await story.revoke('0.after');
    await story.revoke('1.other');
    await story.pass(5_000);
    expect([story.follower.isFresh(0), story.follower.isFresh(1)]).toEqual([false, true]);
    expect(story.follower.isRevoked('1.other')).toBe(true);
    expect(story.told.filter(({ type }) => type === 'poisoned')).toMatchObject([{ partition: 0 }]);
    expect(story.follower.status().partitions[1]).toMatchObject({ partition: 0, phase: 'poisoned', fresh: false });
    await story.follower.stop();
  });

  test.each(['record', 'denylist', 'epoch', 'followed', 'none'])(
    'understands every channel: %s',
    async (revocation) => {
      const story = await FollowerStory.started();
      const later = story.clock.wallMillis() + 900_000;
      const { epoch } = await story.log.beat(0);
      story.server.plant(0, { ...whole, epoch, event: JSON.stringify({ ...terminated('0.a', later), revocation }) });
      const ended = { sid: '0.b', revocation, acceptableUntilMillis: later };
      const predecessor = (await story.log.beat(0)).id;
      const event = JSON.stringify({ ...allTerminated, sessions: [ended] });
      story.server.plant(0, { ...whole, number: '2', version: '2', predecessor, epoch, event });
      await story.pass(beatIntervalMillis);
      expect(story.follower.isFresh(0)).toBe(true);
      const isFollowed = revocation === 'followed';
      expect(['0.a', '0.b'].map((sid) => story.follower.isRevoked(sid))).toEqual([isFollowed, isFollowed]);
      await story.follower.stop();
    },
  );

  test('closes every partition when it is the realm it cannot understand', async () => {
    const story = await FollowerStory.started();
    const { epoch } = await story.log.beat('realm');
    story.server.plant('realm', { ...whole, epoch, event: '{"type":"SigningKeyEaten"}' });
    await story.pass(1_000);
    expect([story.follower.isFresh(0), story.follower.isFresh(1)]).toEqual([false, false]);
    await story.follower.stop();
  });
});
