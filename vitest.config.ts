/** Four kinds of tests, told apart by how their files end: what needs nothing, a real Redis, a real browser; what takes long. */

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const redisSetup = './bench/environment/vitest-redis.ts';

// Left to itself, the runner leaves a core free, which is half of the smallest machines.
const maxWorkers = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers,
          // The files of a worker share what they import, which takes longer than most of their tests.
          isolate: false,
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.redis.test.ts', '**/*.long.test.ts', '**/*.browser.test.ts'],
        },
      },
      {
        test: {
          name: 'redis',
          maxWorkers,
          include: ['src/**/*.redis.test.ts', 'bench/**/*.redis.test.ts'],
          globalSetup: [redisSetup],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'browser',
          maxWorkers,
          include: ['src/**/*.browser.test.ts', 'bench/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'long',
          // They start processes by the dozen, and some of them time those.
          maxWorkers: 1,
          include: ['src/**/*.long.test.ts', 'bench/**/*.long.test.ts'],
          globalSetup: [redisSetup],
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
