import { expect, test } from 'vitest';
import { appendRequest } from '../../eventlog/event-log-harness.contract.ts';
import type { Position } from '../../eventlog/port.ts';
import { beatIntervalMillis, FollowerStory, holdTimers, stalenessLimitMillis } from './follower-story.contract.ts';
import { StrictFence } from './strict-fence.ts';

holdTimers();

const longAgo = Number.NEGATIVE_INFINITY;

/** A fence whose epochs are old, the nodes it waits for, and an event that has just been appended. */
async function revoked(story: FollowerStory): Promise<{ fence: StrictFence; passed: () => boolean }> {
  const { log, clock } = story;
  const fence = new StrictFence({ log, clock, stalenessLimitMillis });
  fence.saw(0, (await log.beat(0)).epoch, longAgo);
  return { fence, passed: await passedAfterAppend(story, fence) };
}

async function passedAfterAppend({ log }: FollowerStory, fence: StrictFence): Promise<() => boolean> {
  const { version } = await log.readUser(0, 'ada');
  const result = await log.append(appendRequest({ expectedVersion: version }));
  if (!result.ok) throw new Error('nobody else appends');
  return watch(fence, result.position);
}

function watch(fence: StrictFence, position: Position): () => boolean {
  let passed = false;
  void fence.passed(0, position).then(() => {
    passed = true;
  });
  return () => passed;
}

test('is passed as soon as every member has applied the event', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  const release = story.log.faults.hold('tail', 'reply');
  const { passed } = await revoked(story);
  await story.pass(stalenessLimitMillis / 2);
  expect(passed()).toBe(false);
  release();
  await story.pass(10);
  expect(passed()).toBe(true);
  await story.follower.stop();
});

test('waits for nobody where no node is a member', async () => {
  const story = await FollowerStory.started();
  const { passed } = await revoked(story);
  await story.pass(1);
  expect(passed()).toBe(true);
  await story.follower.stop();
});

test('is passed at the latest when a node that hears nothing can accept nothing any more', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  const { fence } = await revoked(story);
  for (const call of ['tail', 'beat'] as const) story.log.faults.hold(call, 'request');
  const passed = await passedAfterAppend(story, fence);
  await story.pass(fence.fenceMillis - 10);
  expect(passed()).toBe(false);
  expect(story.follower.isFresh(0)).toBe(false);
  await story.pass(60);
  expect(passed()).toBe(true);
});

test('forgets a node that was silent all the time, and the next revocation does not wait for it', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  await story.follower.stop();
  await story.log.beat(0, { nodeId: 'gone', applied: null });
  const { fence, passed } = await revoked(story);
  await story.pass(fence.fenceMillis - 10);
  expect(passed()).toBe(false);
  await story.pass(60);
  expect(passed()).toBe(true);
  const next = await passedAfterAppend(story, fence);
  await story.pass(10);
  expect(next()).toBe(true);
  expect(await story.log.readMembers(0)).toEqual([]);
});

test('keeps a node that beats but does not get on: a beat it has sent already may make it fresh', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  story.log.faults.hold('tail', 'reply');
  const { fence, passed } = await revoked(story);
  await story.pass(fence.fenceMillis + 60);
  expect(passed()).toBe(true);
  const next = await passedAfterAppend(story, fence);
  await story.pass(fence.fenceMillis - 10);
  expect(next()).toBe(false);
  expect(await story.log.readMembers(0)).toMatchObject([{ nodeId: 'node-a' }]);
});

test('in a new epoch nobody is sure before the fence has passed', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  story.server.restart({ empty: false });
  await story.pass(2 * beatIntervalMillis);
  const fence = new StrictFence({ log: story.log, clock: story.clock, stalenessLimitMillis });
  const first = await passedAfterAppend(story, fence);
  await story.pass(fence.fenceMillis - 10);
  expect(first()).toBe(false);
  await story.pass(60);
  expect(first()).toBe(true);
  const second = await passedAfterAppend(story, fence);
  await story.pass(10);
  expect(second()).toBe(true);
  await story.follower.stop();
});

test('a member of another epoch has applied nothing of this one', async () => {
  const story = await FollowerStory.started();
  await story.log.beat(0, { nodeId: 'elsewhere', applied: { epoch: '1.0-other', number: 99, id: '99-0' } });
  const { fence, passed } = await revoked(story);
  await story.pass(fence.fenceMillis - 10);
  expect(passed()).toBe(false);
  await story.follower.stop();
});

test('a node that stops is waited for no longer', async () => {
  const story = await FollowerStory.started({ nodeId: 'node-a' });
  expect(await story.log.readMembers(0)).toHaveLength(1);
  await story.follower.stop();
  expect(await story.log.readMembers(0)).toEqual([]);
});
