/** Three kinds of tests, told apart by how their files end: what needs nothing, what needs a real Redis, what takes long. */

import { defineConfig } from 'vitest/config';

const redisSetup = './bench/environment/vitest-redis.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.redis.test.ts', '**/*.long.test.ts', '**/*.browser.test.ts'],
        },
      },
      {
        test: {
          name: 'redis',
          include: ['src/**/*.redis.test.ts', 'bench/**/*.redis.test.ts'],
          globalSetup: [redisSetup],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'long',
          include: ['src/**/*.long.test.ts', 'bench/**/*.long.test.ts'],
          globalSetup: [redisSetup],
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
