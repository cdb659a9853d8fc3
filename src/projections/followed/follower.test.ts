import { describe, expect, test } from 'vitest';
import { beatIntervalMillis, FollowerStory, holdTimers, stalenessLimitMillis } from './follower-story.contract.ts';

holdTimers();

describe('a node that starts', () => {
  test('knows what was revoked before it, and is ready with the first beat it has caught up with', async () => {
    const story = new FollowerStory();
    await story.revoke('0.before');
    const release = story.log.faults.hold('beat', 'reply');
    let isStarted = false;
    void story.follower.start().then(() => {
      isStarted = true;
    });
    await story.pass(500);
    expect([isStarted, story.follower.ready, story.follower.isFresh(0)]).toEqual([false, false, false]);
    expect(story.follower.isRevoked('0.before')).toBe(true);
    release();
    await story.pass(1);
    expect([isStarted, story.follower.ready, story.follower.isFresh(0)]).toEqual([true, true, true]);
    await story.follower.stop();
  });

  test('keeps trying while the log is away', async () => {
    const story = new FollowerStory();
    await story.revoke('0.before');
    story.log.faults.fail('read', 'request', 1_000);
    story.log.faults.fail('beat', 'request', 1_000);
    const started = story.follower.start();
    await story.pass(3_000);
    expect([story.follower.ready, story.follower.isFresh(0)]).toEqual([false, false]);
    expect(story.told.filter(({ type }) => type === 'contact-lost')).toEqual([
      { type: 'contact-lost', part: 'rebuild', code: 'ERR_LOG_UNAVAILABLE' },
    ]);
    story.log.faults.fail('read', 'request', 0);
    story.log.faults.fail('beat', 'request', 0);
    await story.pass(500);
    await started;
    expect(story.follower.isFresh(0) && story.follower.isRevoked('0.before')).toBe(true);
    await story.follower.stop();
  });

  test('hears of revocations in a partition as soon as that is rebuilt, whatever others have been followed for long', async () => {
    const story = new FollowerStory();
    const readRevocations = story.log.readRevocations.bind(story.log);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    story.log.readRevocations = async (partition, fromMillis) => {
      if (partition === 1) await held;
      return await readRevocations(partition, fromMillis);
    };
    void story.follower.start();
    // Meanwhile the tail waits for news of the others.
    await story.pass(beatIntervalMillis);
    release();
    await story.pass(1);
    expect(story.follower.ready).toBe(true);
    await story.revoke('1.gone');
    await story.pass(10);
    expect(story.follower.isRevoked('1.gone')).toBe(true);
    await story.follower.stop();
  });

  test('that is stopped before it has caught up says so to whoever waits', async () => {
    const story = new FollowerStory();
    story.log.faults.fail('read', 'request', 1_000);
    const started = story.follower.start();
    await story.follower.stop();
    await expect(started).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });
});

describe('a node that follows', () => {
  test('learns of a revocation without waiting for a beat, and knows only what was revoked', async () => {
    const story = await FollowerStory.started();
    await story.revoke('1.gone');
    await story.pass(1);
    expect(story.follower.isRevoked('1.gone')).toBe(true);
    expect(story.follower.isRevoked('1.other')).toBe(false);
    expect([0, 1, 2, -1, Number.NaN].map((partition) => story.follower.isFresh(partition))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    await story.follower.stop();
  });

  test('stays fresh while nothing happens', async () => {
    const story = await FollowerStory.started();
    for (let n = 0; n < 20; n += 1) {
      await story.pass(500);
      expect(story.follower.isFresh(0)).toBe(true);
    }
    expect(story.kinds()).not.toContain('contact-lost');
    await story.follower.stop();
  });

  test('is not fresh once it has been stopped', async () => {
    const story = await FollowerStory.started();
    await story.follower.stop();
    expect([story.follower.isFresh(0), story.follower.ready]).toEqual([false, false]);
  });

  test('is not disturbed by a listener that throws', async () => {
    const story = new FollowerStory({
      onEvent: () => {
        throw new Error('no disk to log to');
      },
    });
    void story.follower.start();
    await story.pass(500);
    expect(story.follower.isFresh(0)).toBe(true);
    await story.follower.stop();
  });

  test('tells where every partition stands', async () => {
    const story = await FollowerStory.started();
    await story.revoke('0.gone');
    await story.pass(beatIntervalMillis);
    const { ready, revocations, partitions } = story.follower.status();
    expect({ ready, revocations }).toEqual({ ready: true, revocations: 1 });
    expect(partitions.map((status) => [status.partition, status.position?.number])).toEqual([
      ['realm', 0],
      [0, 1],
      [1, 0],
    ]);
    expect(partitions.every((status) => status.fresh && status.phase === 'following')).toBe(true);
    await story.follower.stop();
  });
});

describe('a node without contact', () => {
  test('stops answering after the limit when nothing is answered, and recovers by itself', async () => {
    const story = await FollowerStory.started();
    const releases = [story.log.faults.hold('beat', 'request'), story.log.faults.hold('tail', 'request')];
    await story.revoke('0.unseen');
    await story.pass(stalenessLimitMillis - beatIntervalMillis - 50);
    expect(story.follower.isFresh(0)).toBe(true);
    await story.pass(beatIntervalMillis + 100);
    expect(story.follower.isFresh(0)).toBe(false);
    for (const release of releases) release();
    await story.pass(2 * beatIntervalMillis);
    expect(story.follower.isFresh(0) && story.follower.isRevoked('0.unseen')).toBe(true);
    await story.follower.stop();
  });

  test('stops answering when the tail is stuck behind the beats, partition by partition', async () => {
    const story = await FollowerStory.started();
    const release = story.log.faults.hold('tail', 'reply');
    await story.revoke('0.unseen');
    await story.pass(stalenessLimitMillis + 2 * beatIntervalMillis);
    expect(story.follower.isRevoked('0.unseen')).toBe(false);
    expect([story.follower.isFresh(0), story.follower.isFresh(1)]).toEqual([false, true]);
    release();
    await story.pass(1);
    expect(story.follower.isFresh(0) && story.follower.isRevoked('0.unseen')).toBe(true);
    await story.follower.stop();
  });

  test('counts its age from the moment a beat was sent, however late the answer comes', async () => {
    const story = await FollowerStory.started();
    const release = story.log.faults.hold('beat', 'reply');
    await story.pass(beatIntervalMillis);
    story.log.faults.fail('beat', 'request', 1_000);
    await story.pass(1_500);
    release();
    await story.pass(1);
    const ages = story.follower.status().partitions.map((status) => status.ageMillis ?? 0);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(1_500);
    await story.pass(stalenessLimitMillis - 1_500);
    expect(story.follower.isFresh(0)).toBe(false);
    await story.follower.stop();
  });

  test('goes on from the last applied event when the tail comes back, without a rebuild', async () => {
    const story = await FollowerStory.started();
    await story.revoke('0.first');
    await story.pass(10);
    story.log.faults.fail('tail', 'request', 3);
    for (const sid of ['0.a', '1.b', '0.c']) {
      await story.revoke(sid);
      await story.pass(120);
    }
    await story.pass(300);
    expect(['0.first', '0.a', '1.b', '0.c'].every((sid) => story.follower.isRevoked(sid))).toBe(true);
    expect(story.kinds().filter((type) => type === 'rebuild-started')).toHaveLength(3);
    expect(story.kinds()).toContain('contact-regained');
    expect(story.follower.isFresh(0)).toBe(true);
    await story.follower.stop();
  });

  test('does not answer from the past after the machine was suspended', async () => {
    const story = await FollowerStory.started();
    story.clock.jumpWall(stalenessLimitMillis + 1);
    expect(story.follower.isFresh(0)).toBe(false);
    await story.pass(beatIntervalMillis);
    expect(story.follower.isFresh(0)).toBe(true);
    await story.follower.stop();
  });
});
