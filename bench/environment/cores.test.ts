/** The plan of cores, on machines of every size. */

import { expect, test } from 'vitest';
import { parseCoreList, planPinning, planWaiting, spreadOver, waitingWith } from './cores.ts';

test.each([
  ['a single thread cannot be divided', [[0]], null],
  ['no cores are known', [], null],
  ['two threads of one core are divided', [[0, 1]], { node: [0], generator: [1], redis: [1] }],
  ['two cores: generator and Redis share', [[0], [1]], { node: [0], generator: [1], redis: [1] }],
  [
    'two cores with two threads each',
    [
      [0, 2],
      [1, 3],
    ],
    { node: [0, 2], generator: [1, 3], redis: [1, 3] },
  ],
  ['three cores: apart', [[4], [6], [7]], { node: [4], generator: [6], redis: [7] }],
  ['more cores: the nodes have the rest', [[0], [1], [2], [3]], { node: [0, 1], generator: [2], redis: [3] }],
])('%s', (_, cores, plan) => {
  expect(spreadOver(cores)).toEqual(plan);
});

test.each([
  ['on the core of Redis', { node: [0], generator: [1], redis: [1] }, 'awake-giving-way'],
  ['on one of the cores of Redis', { node: [0], generator: [1, 2], redis: [2] }, 'awake-giving-way'],
  ['on a core of its own', { node: [0], generator: [1], redis: [2] }, 'awake'],
  ['on the core of the nodes', { node: [0], generator: [0], redis: [1] }, 'asleep'],
])('a generator %s waits for answers: %j, %s', (_, pinning, waiting) => {
  expect(waitingWith(pinning)).toBe(waiting);
});

test('on a machine where nothing is pinned the generator sleeps', async () => {
  expect(await planWaiting(null)).toBe('asleep');
});

test.each([
  ['0-1', [0, 1]],
  ['0-2,5,7-8\n', [0, 1, 2, 5, 7, 8]],
  ['3', [3]],
  ['', []],
])('the list %j', (list, cores) => {
  expect(parseCoreList(list)).toEqual(cores);
});

test('on this machine, each part has a core, and nodes never share theirs', async () => {
  const plan = await planPinning();
  if (plan === null) return;
  expect(plan.node.length * plan.generator.length * plan.redis.length).toBeGreaterThan(0);
  expect(plan.node.filter((core) => plan.generator.includes(core) || plan.redis.includes(core))).toEqual([]);
});
