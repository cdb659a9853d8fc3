/** The least that a record may begin with, for tests of records. */

import { scenarioSchema } from '../scenario/schema.ts';
import type { RunStarted } from './run-events.ts';

export const testStart: RunStarted = {
  type: 'RunStarted',
  at: '2026-01-15T10:15:00.000Z',
  recordVersion: 1,
  runId: 'x',
  authlabVersion: '0.1.0',
  commit: 'abc1234',
  scenario: scenarioSchema.parse({ name: 'x', question: 'Which?', strategies: ['session'], throughput: {} }),
  seed: 1,
  machine: {
    hostPlatform: 'linux x64',
    kernelRelease: '6.1.0',
    cpuModel: 'Example CPU',
    cores: 4,
    memoryBytes: 1,
    nodeVersion: 'v20.19.0',
    pinning: null,
    loadAverage: 0,
  },
  redis: {
    source: 'binary',
    server: 'redis',
    version: '7.0.15',
    maxmemoryPolicy: 'noeviction',
    appendonly: 'yes',
    appendfsync: 'everysec',
  },
  dependencies: {},
};
