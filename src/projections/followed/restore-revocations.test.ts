import { expect, test } from 'vitest';
import { appendRequest, revocations } from '../../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../../eventlog/memory-event-log.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { systemRandomBytes } from '../../kernel/random.ts';
import { beatIntervalMillis, FollowerStory, holdTimers } from './follower-story.contract.ts';
import { restoreRevocations } from './restore-revocations.ts';

holdTimers();

test('what a log has lost, the nodes that know it tell again: a node that starts later knows it too', async () => {
  const story = await FollowerStory.started();
  for (const sid of ['0.first', '0.second', '1.other']) await story.revoke(sid);
  await story.pass(10);
  story.server.restart({ empty: true });
  await story.pass(2 * beatIntervalMillis);
  const known = (await revocations(story.log, story.clock.wallMillis())).map(({ id }) => id);
  expect(known.toSorted()).toEqual(['0.first', '0.second']);
  const later = new FollowerStory({ beside: story });
  void later.follower.start();
  await later.pass(beatIntervalMillis);
  expect(['0.first', '0.second', '1.other'].every((sid) => later.follower.isRevoked(sid))).toBe(true);
  await story.follower.stop();
  await later.follower.stop();
});

test('what the log still knows is not told again', async () => {
  const story = await FollowerStory.started();
  await story.revoke('0.known');
  await story.pass(10);
  story.server.restart({ empty: false });
  await story.pass(2 * beatIntervalMillis);
  expect(await story.log.beat(0)).toMatchObject({ number: 1 });
  await story.follower.stop();
});

test('a node answers nothing before it has told what it knew', async () => {
  const story = await FollowerStory.started();
  await story.revoke('0.known');
  await story.pass(10);
  const release = story.log.faults.hold('append', 'request');
  story.server.restart({ empty: true });
  await story.pass(2 * beatIntervalMillis);
  expect(story.follower.isFresh(0)).toBe(false);
  release();
  await story.pass(2 * beatIntervalMillis);
  expect(story.follower.isFresh(0)).toBe(true);
  await story.follower.stop();
});

test('many are told in events of bounded size, and two nodes at once do not lose any', async () => {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock });
  const expiresAtMillis = clock.wallMillis() + 60_000;
  const lost = Array.from({ length: 1_201 }, (_, index) => ({ id: `0.${index}`, expiresAtMillis }));
  const context = { log, clock, random: systemRandomBytes, tokenAcceptedMillis: 900_000 };
  const [first, second] = await Promise.allSettled([
    restoreRevocations(context, 0, lost),
    restoreRevocations(context, 0, lost),
  ]);
  expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await revocations(log, clock.wallMillis())).toHaveLength(1_201);
  expect(await log.readEntries(0, '0-0', 100)).toHaveLength(3);
});

test('a session whose end was lost gets no further token, and the revocation covers those it got meanwhile', async () => {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock });
  const family = { kind: 'family', id: '0.session' } as const;
  const expiresAtMillis = clock.wallMillis() + 3_600_000;
  await log.append(appendRequest({ effects: [{ type: 'put', record: family, value: '{}', expiresAtMillis }] }));
  const lost = { id: '0.session', expiresAtMillis: clock.wallMillis() + 1_000 };
  const context = { log, clock, random: systemRandomBytes, tokenAcceptedMillis: 900_000 };
  await restoreRevocations(context, 0, [lost]);
  expect(await log.readRecord(0, family)).toBeNull();
  expect(await revocations(log, 0)).toEqual([{ id: '0.session', expiresAtMillis: clock.wallMillis() + 900_000 }]);
});
