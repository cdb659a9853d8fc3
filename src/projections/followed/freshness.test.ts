import { describe, expect, test } from 'vitest';
import type { Position } from '../../eventlog/port.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { type Moment, PartitionFreshness, type SentBeat } from './freshness.ts';

const stalenessLimitMillis = 2_000;

class Story {
  readonly clock = new ManualClock();
  readonly freshness = new PartitionFreshness({ stalenessLimitMillis, outstandingLimit: 8 });

  now(): Moment {
    return { monotonicMillis: this.clock.monotonicMillis(), wallMillis: this.clock.wallMillis() };
  }

  isFresh(): boolean {
    return this.freshness.isFresh(this.clock.monotonicMillis(), this.clock.wallMillis());
  }

  /** Sends a beat that must be sendable. */
  send(): SentBeat {
    const beat = this.freshness.send(this.now());
    if (beat === null) throw new Error('no beat could be sent');
    return beat;
  }
}

const at = (number: number, epoch = 'first'): Position => ({ epoch, number, id: `${number}-0` });

function opened(number = 5): Story {
  const story = new Story();
  story.freshness.open(at(number));
  return story;
}

describe('freshness of a partition', () => {
  test('begins with no proof, and closed it sends no beats', () => {
    const story = new Story();
    expect(story.isFresh()).toBe(false);
    expect(story.freshness.send(story.now())).toBeNull();
    story.freshness.open(at(5));
    expect(story.isFresh()).toBe(false);
  });

  test('counts from the moment the beat was sent, not from its answer', () => {
    const story = opened();
    const beat = story.send();
    story.clock.advance(1_500);
    expect(story.freshness.answered(beat, at(5))).toBe('counted');
    expect(story.freshness.ageMillis(story.now())).toBe(1_500);
    story.clock.advance(500);
    expect(story.isFresh()).toBe(true);
    story.clock.advance(1);
    expect(story.isFresh()).toBe(false);
  });

  test('waits until the answered position has been applied, and then counts at once', () => {
    const story = opened(5);
    expect(story.freshness.answered(story.send(), at(7))).toBe('waiting');
    story.clock.advance(100);
    story.freshness.applied(at(6));
    expect(story.isFresh()).toBe(false);
    story.freshness.applied(at(7));
    expect(story.isFresh()).toBe(true);
    expect(story.freshness.ageMillis(story.now())).toBe(100);
  });

  test('takes the newest of the beats whose position has been applied', () => {
    const story = opened(5);
    const first = story.send();
    story.clock.advance(250);
    const second = story.send();
    story.clock.advance(250);
    const third = story.send();
    story.freshness.answered(first, at(6));
    story.freshness.answered(second, at(7));
    story.freshness.answered(third, at(9));
    story.freshness.applied(at(6));
    story.freshness.applied(at(7));
    story.freshness.applied(at(8));
    expect(story.freshness.ageMillis(story.now())).toBe(250);
  });

  test('is not moved back by an older beat that is answered later', () => {
    const story = opened();
    const first = story.send();
    story.clock.advance(500);
    const second = story.send();
    story.freshness.answered(second, at(5));
    story.freshness.answered(first, at(5));
    expect(story.freshness.ageMillis(story.now())).toBe(0);
  });

  test('ends while the machine is suspended and monotonic time stands still', () => {
    const story = opened();
    story.freshness.answered(story.send(), at(5));
    story.clock.jumpWall(stalenessLimitMillis + 1);
    expect(story.isFresh()).toBe(false);
    expect(story.freshness.answered(story.send(), at(5))).toBe('counted');
    expect(story.isFresh()).toBe(true);
  });

  test('is not prolonged by a wall clock that is set back', () => {
    const story = opened();
    story.freshness.answered(story.send(), at(5));
    story.clock.jumpWall(-3_600_000);
    story.clock.advance(stalenessLimitMillis + 1);
    expect(story.isFresh()).toBe(false);
  });
});

describe('an answer that cannot come from the log that was followed', () => {
  test('another epoch', () => {
    const story = opened(5);
    expect(story.freshness.answered(story.send(), at(5, 'second'))).toBe('new-epoch');
    expect(story.isFresh()).toBe(false);
  });

  test('a position before what was applied when the beat was sent', () => {
    const story = opened(5);
    expect(story.freshness.answered(story.send(), at(4))).toBe('went-backwards');
    expect(story.isFresh()).toBe(false);
  });

  test('a position before what an earlier beat has told', () => {
    const story = opened(5);
    story.freshness.answered(story.send(), at(9));
    expect(story.freshness.answered(story.send(), at(8))).toBe('went-backwards');
  });

  test('but not one that the tail has overtaken while the beat was on its way', () => {
    const story = opened(5);
    const beat = story.send();
    story.freshness.applied(at(6));
    expect(story.freshness.answered(beat, at(5))).toBe('counted');
    expect(story.isFresh()).toBe(true);
  });

  test('a beat that was sent before a rebuild proves nothing after it', () => {
    const story = opened(5);
    const beat = story.send();
    story.freshness.close();
    story.freshness.open(at(5, 'second'));
    expect(story.freshness.answered(beat, at(5, 'second'))).toBe('dropped');
    expect(story.isFresh()).toBe(false);
  });
});

describe('what a beat has told of and the tail withholds', () => {
  const wait = (story: Story): string[] =>
    [0, 1_000, 1_000, 1_000].map((laterMillis) => {
      story.clock.advance(laterMillis);
      return story.freshness.answered(story.send(), at(7));
    });

  test('never comes, where nothing has within the limit', () => {
    expect(wait(opened(5))).toEqual(['waiting', 'waiting', 'waiting', 'withheld']);
  });

  test('may still come, where something has', () => {
    const story = opened(5);
    expect(story.freshness.answered(story.send(), at(7))).toBe('waiting');
    story.freshness.applied(at(6));
    story.clock.advance(stalenessLimitMillis + 1);
    expect(story.freshness.answered(story.send(), at(7))).toBe('waiting');
  });
});

describe('beats on their way', () => {
  test('are limited in number, and a failed one makes room', () => {
    const story = opened();
    const beats = Array.from({ length: 8 }, () => story.send());
    expect(story.freshness.send(story.now())).toBeNull();
    const [first] = beats;
    if (first !== undefined) story.freshness.failed(first);
    expect(story.freshness.send(story.now())).not.toBeNull();
  });

  test('are given up when their answer could not help any more', () => {
    const story = opened();
    const late = story.send();
    for (let n = 1; n < 8; n += 1) story.send();
    story.clock.advance(stalenessLimitMillis + 1);
    expect(story.freshness.send(story.now())).not.toBeNull();
    expect(story.freshness.answered(late, at(5))).toBe('dropped');
  });

  test('answered behind a stuck tail do not pile up, and count when it moves', () => {
    const story = opened(5);
    for (let n = 0; n < 1_000; n += 1) {
      story.freshness.answered(story.send(), at(6 + n));
      story.clock.advance(250);
    }
    for (let number = 6; number < 1_006; number += 1) {
      story.freshness.applied(at(number));
      // Those that were answered longer ago than the limit are forgotten: they could not make anything fresh.
      if (number < 990) expect(story.freshness.ageMillis(story.now())).toBeNull();
    }
    expect(story.freshness.ageMillis(story.now())).toBe(250);
  });
});
