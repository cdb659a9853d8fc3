/** What a primary must be like, one property at a time, and what is said of several. */

import { describe, expect, test } from 'vitest';
import { type FitnessDemands, type PrimaryFacts, refuseUnfit, weakest } from './redis-fitness.ts';

const fit: PrimaryFacts = {
  address: 'lab:7000',
  role: 'master',
  mode: 'standalone',
  version: '7.2.4',
  server: 'redis',
  maxmemoryPolicy: 'noeviction',
  appendonly: 'yes',
  appendfsync: 'everysec',
  replicas: 2,
  dataNodes: 3,
  minReplicasToWrite: 0,
};
const undemanding: FitnessDemands = { topology: 'single', replicas: 0, persistence: 'any' };

/** The refusal, or null. */
function judge(facts: Partial<PrimaryFacts>, demands: Partial<FitnessDemands> = {}) {
  try {
    refuseUnfit({ ...fit, ...facts }, { ...undemanding, ...demands });
    return null;
  } catch (error) {
    return error;
  }
}

const refused = (message: RegExp) => ({
  code: 'ERR_LOG_REFUSED',
  message: expect.stringMatching(new RegExp(`^Redis at lab:7000 ${message.source}`)),
});

describe('whatever is demanded', () => {
  test('an old, evicting or following server is refused', () => {
    expect(judge({})).toBeNull();
    expect(judge({ version: '6.2.14' })).toMatchObject(refused(/is 6\.2\.14; authlab needs 7\.0/));
    expect(judge({ version: '10.0.0' })).toBeNull();
    expect(judge({ maxmemoryPolicy: 'volatile-lru' })).toMatchObject(
      refused(/evicts .*volatile-lru.*"CONFIG SET maxmemory-policy noeviction"/),
    );
    expect(judge({ role: 'slave' })).toMatchObject(refused(/is a replica; give the address of its primary/));
  });

  test('where primaries change, one that is none any more is no wrong choice but a moment', () => {
    for (const topology of ['sentinel', 'cluster'] as const) {
      expect(judge({ role: 'slave' }, { topology })).toMatchObject({
        code: 'ERR_ENVIRONMENT_REDIS',
        message: expect.stringContaining('a failover is under way'),
      });
    }
  });

  test('the address must say what kind of server it is', () => {
    expect(judge({ mode: 'sentinel' })).toMatchObject(refused(/is a Sentinel; write redis\+sentinel/));
    expect(judge({ mode: 'cluster' })).toMatchObject(refused(/is a node of a Cluster; write redis\+cluster/));
    expect(judge({ mode: 'cluster' }, { topology: 'cluster' })).toBeNull();
  });
});

describe('persistence', () => {
  const table: readonly [FitnessDemands['persistence'], string, string, boolean][] = [
    ['any', 'no', 'no', true],
    ['any', 'yes', 'no', true],
    ['everysec', 'no', 'always', false],
    ['everysec', 'yes', 'no', false],
    ['everysec', 'yes', 'everysec', true],
    ['everysec', 'yes', 'always', true],
    ['everysec', 'yes', 'unknown', true],
    ['everysec', 'no', 'unknown', false],
    ['always', 'yes', 'everysec', false],
    ['always', 'yes', 'always', true],
    ['always', 'yes', 'unknown', true],
    ['always', 'no', 'unknown', false],
  ];
  test.each(table)('%s with appendonly %s and appendfsync %s: %s', (persistence, appendonly, appendfsync, isFit) => {
    expect(judge({ appendonly, appendfsync }, { persistence }) === null).toBe(isFit);
  });

  test('says what to run', () => {
    expect(judge({ appendonly: 'no' }, { persistence: 'everysec' })).toMatchObject(
      refused(/has no append-only file.*"CONFIG SET appendonly yes"/),
    );
    expect(judge({ appendfsync: 'everysec' }, { persistence: 'always' })).toMatchObject(
      refused(/.*appendfsync everysec.*"CONFIG SET appendfsync always"/),
    );
  });
});

describe('replicas', () => {
  /** Data nodes, replicas that must confirm, whether those and the primary are more than half. */
  const table: readonly [number, number, boolean][] = [
    [2, 1, true],
    [3, 1, true],
    [4, 1, false],
    [4, 2, true],
    [5, 2, true],
    [6, 2, false],
    [6, 3, true],
  ];
  test.each(table)('of %i data nodes, %i and the primary are a majority: %s', (dataNodes, replicas, isFit) => {
    const error = judge({ dataNodes, replicas: dataNodes - 1 }, { replicas });
    if (isFit) expect(error).toBeNull();
    else expect(error).toMatchObject(refused(new RegExp(`is one of ${dataNodes} .* set replicas to ${replicas + 1}`)));
  });

  test('none need to confirm unless somebody asks for it', () => {
    expect(judge({ dataNodes: 5, replicas: 0 })).toBeNull();
  });

  test('as many as must confirm must be connected', () => {
    expect(judge({ replicas: 1 }, { replicas: 1 })).toBeNull();
    expect(judge({ replicas: 0 }, { replicas: 1 })).toMatchObject(refused(/has 0 of the 1 replicas connected/));
    expect(judge({ replicas: 1 }, { replicas: 2 })).toMatchObject(refused(/has 1 of the 2 replicas connected/));
  });
});

describe('several primaries', () => {
  test('promise what the weakest of them does', () => {
    const others: PrimaryFacts[] = [
      { ...fit, version: '7.0.15', replicas: 1, minReplicasToWrite: 1 },
      { ...fit, version: '7.10.0', appendfsync: 'no', appendonly: 'no' },
    ];
    expect(weakest([{ ...fit, appendfsync: 'always' }, ...others])).toEqual({
      version: '7.0.15',
      server: 'redis',
      maxmemoryPolicy: 'noeviction',
      appendonly: 'no',
      appendfsync: 'no',
      replicas: 1,
      minReplicasToWrite: 0,
    });
    expect(weakest([fit, { ...fit, minReplicasToWrite: null }]).minReplicasToWrite).toBeNull();
    expect(weakest([{ ...fit, appendfsync: 'unknown' }, fit]).appendfsync).toBe('unknown');
  });
});
