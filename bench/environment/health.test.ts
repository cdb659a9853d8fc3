import { describe, expect, it } from 'vitest';
import { doctorText } from '../commands/doctor.ts';
import { findingsOf, type HealthFacts } from './health.ts';

const gibibyte = 2 ** 30;
const redis = {
  source: 'binary',
  server: 'redis',
  version: '7.0.15',
  maxmemoryPolicy: 'noeviction',
  appendonly: 'yes',
  appendfsync: 'everysec',
} as const;

const healthy: HealthFacts = {
  nodeVersion: 'v20.19.0',
  cores: 4,
  pinning: { node: [0, 1], generator: [2], redis: [3] },
  governors: ['performance'],
  availableMemoryBytes: 8 * gibibyte,
  loadAverage: 0.2,
  stolenShare: 0,
  latestTimerMillis: 1.2,
  freeDiskBytes: 20 * gibibyte,
  redis: { facts: redis },
};

const unwell = (facts: Partial<HealthFacts>) =>
  findingsOf({ ...healthy, ...facts }).filter(({ state }) => state !== 'fine');

describe('what would spoil a measurement', () => {
  it('is nothing where all is well, and where the system does not tell', () => {
    expect(unwell({})).toEqual([]);
    expect(unwell({ governors: [], stolenShare: null })).toEqual([]);
    expect(doctorText(findingsOf(healthy))).toContain('Nothing here spoils a measurement.');
  });

  it.each<[string, string, Partial<HealthFacts>]>([
    ['Node', 'prevents', { nodeVersion: 'v20.18.3' }],
    ['Node', 'prevents', { nodeVersion: 'v18.20.0' }],
    ['cores', 'weakens', { pinning: null }],
    ['cores', 'weakens', { cores: 2, pinning: { node: [0], generator: [1], redis: [1] } }],
    ['clock rate', 'weakens', { governors: ['performance', 'powersave'] }],
    ['memory', 'weakens', { availableMemoryBytes: gibibyte }],
    ['other load', 'weakens', { loadAverage: 1.4 }],
    ['hypervisor', 'weakens', { stolenShare: 0.05 }],
    ['timers', 'weakens', { latestTimerMillis: 24 }],
    ['disk', 'weakens', { freeDiskBytes: 0.2 * gibibyte }],
    ['Redis', 'weakens', { redis: { facts: { ...redis, appendonly: 'no' } } }],
    ['Redis', 'prevents', { redis: { fault: 'No Redis is here.', remedy: 'Install one.' } }],
  ])('%s %s: %j', (subject, state, facts) => {
    const [finding, ...others] = unwell(facts);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ subject, state });
    expect(finding?.spoils).not.toBe('');
    expect(finding?.remedy).not.toBe('');
  });

  it('is told within 80 columns, with what it comes to', () => {
    const text = doctorText(
      findingsOf({
        ...healthy,
        loadAverage: 3,
        redis: { fault: 'No Redis is here. '.repeat(9), remedy: 'Install one.' },
      }),
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^weakens +other load: load average 3\.00 on 4 cores$/m);
    expect(text).toMatch(/^ +Remedy: Stop what else is running/m);
    expect(text).toContain('No run begins here before that is mended.');
    expect(doctorText(findingsOf({ ...healthy, loadAverage: 3 }))).toContain('1 thing weakens their figures');
  });
});
