/** What a server is told about its Redis: where it is, and how much it must promise. */

import { describe, expect, it } from 'vitest';
import { loadPlainConfig } from '../config.ts';
import { configOf, faultsOf, lab, load, secret } from './load.contract.ts';

describe('settings of Redis', () => {
  it('take every form of a Redis address', () => {
    for (const url of ['rediss://u:p@one:1/2', 'redis+sentinel://one,two/lab/3', 'rediss+cluster://:p@one,two']) {
      expect(configOf({ environment: { ...lab, AUTHLAB_REDIS_URL: url } }).redisUrl).toBe(url);
    }
  });

  it('want a log on disk, unless users and keys go with the process anyhow', () => {
    const trial = { AUTHLAB_DEMO_USERS: '1', AUTHLAB_PLAIN_HTTP: 'loopback' };
    const wanted = (environment: Record<string, string>) => {
      const loaded = loadPlainConfig({ environment, flags: {}, readFile: () => Buffer.alloc(0) });
      return loaded.ok ? loaded.value.persistence : loaded.faults;
    };
    expect([{}, lab, trial].map(wanted)).toEqual(['everysec', 'any', 'any']);
    expect(wanted({ ...lab, AUTHLAB_PERSISTENCE: 'always' })).toBe('always');
    expect(wanted({ AUTHLAB_PERSISTENCE: 'any', AUTHLAB_LAB: '0' })).toBe('any');
  });

  it.each([
    ['REDIS_URL', 'redis+sentinel://user:hunter2@one:1,two:2', /^must name the primary/],
    ['REDIS_URL', 'redis://user:12/hunter2@one', /^has an unescaped/],
    ['REPLICAS', '6', /^must be at most 5$/],
    ['REPLICAS', '-1', /^must be at least 0$/],
    ['PERSISTENCE', 'sometimes', /^must be one of any, everysec, always$/],
  ])('refuse %s %s', (name, value, message) => {
    const faults = faultsOf({ environment: { ...lab, [`AUTHLAB_${name}`]: value } });
    expect(faults).toEqual({ [`environment AUTHLAB_${name}`]: expect.stringMatching(message) });
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });
});

it('failovers that nobody guards against are worth a warning', () => {
  const warnings = (variables: Record<string, string>) => {
    const loaded = load({ environment: { ...lab, AUTHLAB_PLAIN_HTTP: 'loopback', ...variables } });
    return loaded.ok ? loaded.warnings.join('\n') : JSON.stringify(loaded.faults);
  };
  const quiet = { AUTHLAB_SECRET: secret };
  for (const url of ['redis+sentinel://one/lab', 'redis+cluster://one']) {
    const warned = warnings({ ...quiet, AUTHLAB_REDIS_URL: url });
    expect(warned).toMatch(/^Redis can fail over.* Set replicas to 1 or more\.$/);
    expect(warnings({ ...quiet, AUTHLAB_REDIS_URL: url, AUTHLAB_REPLICAS: '1' })).toBe('');
  }
  expect(warnings({ ...quiet, AUTHLAB_REDIS_URL: 'rediss://one' })).toBe('');
});
