import { describe, expect, it } from 'vitest';
import { answersOf } from './fault-answers.ts';
import type { Probe } from './probe-log.ts';

/** A probe every 10 ms, each answered after 1 ms: statuses in their order. */
const probes = (statuses: readonly number[], fromAt = 1_000): Probe[] =>
  statuses.map((status, index) => ({ sentAt: fromAt + 10 * index, receivedAt: fromAt + 10 * index + 1, status }));
const context = { standstills: [], zeroAt: 1_000, marksAt: [] };
const streaksOf = (...of: Parameters<typeof answersOf>) =>
  answersOf(...of).streaks.map(({ status, count, firstMillis, lastMillis }) => [
    status,
    count,
    firstMillis,
    lastMillis,
  ]);

describe('what a node was asked with one credential', () => {
  it('becomes streaks of the same answer, in the order of sending', () => {
    const asked = probes([200, 200, 503, 503, 503, 401]);
    expect(streaksOf(1, asked.toReversed(), context)).toEqual([
      [200, 2, 0, 10],
      [503, 3, 20, 40],
      [401, 1, 50, 50],
    ]);
    expect(answersOf(1, asked, context)).toMatchObject({ node: 1, longestGapMillis: 10, longestMillis: 1 });
  });

  it('is cut where a mark lies, which belongs to what follows', () => {
    expect(streaksOf(0, probes([200, 200, 200, 200]), { ...context, marksAt: [1_005, 1_020, 9_000] })).toEqual([
      [200, 1, 0, 0],
      [200, 1, 10, 10],
      [200, 2, 20, 30],
    ]);
  });

  it('may be nothing', () => {
    expect(answersOf(0, [], context)).toEqual({
      node: 0,
      streaks: [],
      longestMillis: 0,
      longestWhileStoppedMillis: null,
      longestGapMillis: 0,
    });
  });

  it('counts from when a stopped node went on, and its wait apart', () => {
    const standstills = [{ node: 0, fromMillis: 1_005, toMillis: 1_500 }];
    const before: Probe = { sentAt: 1_000, receivedAt: 1_002, status: 200 };
    const caught: Probe = { sentAt: 1_010, receivedAt: 1_503, status: 200 };
    const after: Probe = { sentAt: 1_520, receivedAt: 1_527, status: 401 };
    const answers = answersOf(0, [before, caught, after], { ...context, standstills, marksAt: [1_400] });
    expect(answers.streaks).toEqual([
      { status: 200, count: 1, firstMillis: 0, lastMillis: 0 },
      { status: 200, count: 1, firstMillis: 500, lastMillis: 500 },
      { status: 401, count: 1, firstMillis: 520, lastMillis: 520 },
    ]);
    expect([answers.longestMillis, answers.longestWhileStoppedMillis]).toEqual([7, 493]);
  });

  it('keeps the moment of one that was under way when the node was stopped: it may have been decided before', () => {
    const standstills = [{ node: 0, fromMillis: 1_005, toMillis: 1_500 }];
    const under: Probe = { sentAt: 1_004, receivedAt: 1_501, status: 200 };
    const answers = answersOf(0, [under], { ...context, standstills });
    expect(answers.streaks).toEqual([{ status: 200, count: 1, firstMillis: 4, lastMillis: 4 }]);
    expect([answers.longestMillis, answers.longestWhileStoppedMillis]).toEqual([0, 497]);
  });
});
