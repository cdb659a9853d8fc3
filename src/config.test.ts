/** Configuration: which source wins, what is refused and where the refusal points. */

import { describe, expect, it } from 'vitest';
import { configOf, faultsOf, lab, load, secret } from './config/load.contract.ts';
import { strategyNames } from './strategies/registry.ts';

describe('sources', () => {
  it('have defaults behind them, the same for every node', () => {
    expect(configOf({ environment: lab })).toEqual({
      host: '127.0.0.1',
      port: 3000,
      strategy: 'hybrid-hs256',
      strategies: strategyNames(),
      redisUrl: 'redis://127.0.0.1:6379',
      replicas: 0,
      persistence: 'any',
      realm: 'authlab',
      partitions: 1,
      redisTimeoutMillis: 1_000,
      beatIntervalMillis: 250,
      stalenessLimitMillis: 2_000,
      rsaKeyBits: 3_072,
      hmacKeyBits: 256,
      nearCacheEntries: 100_000,
      issuer: 'https://authlab.invalid',
      accessTokenLifetimeSeconds: 900,
      inactivityTimeoutSeconds: 604_800,
      absoluteLifetimeSeconds: 2_592_000,
      leewaySeconds: 5,
      clockSkewSeconds: 5,
      refreshGraceSeconds: 10,
      maximumSessionsPerUser: 20,
      loginFailuresPerUserAndAddress: 10,
      loginFailuresPerAddress: 100,
      secret: null,
      previousSecret: null,
      privateKeys: {},
      plainHttp: 'refuse',
      trustProxy: false,
      identity: { kind: 'lab', roles: ['user'] },
      lab: true,
      metrics: false,
      logLevel: 'info',
    });
    expect(Object.isFrozen(configOf({ environment: lab }))).toBe(true);
  });

  it('count requests everywhere but in the lab, unless told otherwise', () => {
    const serving = { AUTHLAB_DEMO_USERS: '1', AUTHLAB_PLAIN_HTTP: 'loopback' };
    const counts = (environment: Record<string, string>) => configOf({ environment }).metrics;
    expect([counts(serving), counts(lab)]).toEqual([true, false]);
    expect(counts({ ...lab, AUTHLAB_METRICS: '1' })).toBe(true);
    expect(counts({ ...serving, AUTHLAB_METRICS: '0' })).toBe(false);
  });

  it('limit guesses at one user never above those at all, unless told to, and then say so', () => {
    const one = { ...lab, AUTHLAB_LOGIN_FAILURES_PER_ADDRESS: '4' };
    expect(configOf({ environment: one })).toMatchObject({
      loginFailuresPerAddress: 4,
      loginFailuresPerUserAndAddress: 4,
    });
    const both = { ...one, AUTHLAB_LOGIN_FAILURES_PER_USER_AND_ADDRESS: '5' };
    expect(faultsOf({ environment: both })).toEqual({
      'environment AUTHLAB_LOGIN_FAILURES_PER_USER_AND_ADDRESS':
        'loginFailuresPerUserAndAddress (5) must not exceed loginFailuresPerAddress (4)',
    });
    for (const none of ['0', '-1', '1e9']) {
      expect(Object.keys(faultsOf({ environment: { ...lab, AUTHLAB_LOGIN_FAILURES_PER_ADDRESS: none } }))).toEqual([
        'environment AUTHLAB_LOGIN_FAILURES_PER_ADDRESS',
      ]);
    }
  });

  it('win over each other: file, environment, flags', () => {
    const files = { 'lab.yaml': 'port: 1\nrealm: file\nissuer: file\nlab: true\n' };
    const environment = { AUTHLAB_CONFIG: 'lab.yaml', AUTHLAB_PORT: '2', AUTHLAB_REALM: 'environment' };
    const config = configOf({ files, environment, flags: { port: '3' } });
    expect([config.port, config.realm, config.issuer]).toEqual([3, 'environment', 'file']);
  });

  it('name the file by flag before variable', () => {
    const files = { 'a.yaml': 'realm: a\nlab: true\n', 'b.yaml': 'realm: b\nlab: true\n' };
    expect(configOf({ files, flags: { config: 'a.yaml' }, environment: { AUTHLAB_CONFIG: 'b.yaml' } }).realm).toBe('a');
  });

  it('switch the default strategy with one line of YAML or one flag', () => {
    const files = { 'lab.yaml': 'strategy: jwt-rs256' };
    const environment = { ...lab, AUTHLAB_CONFIG: 'lab.yaml' };
    expect(configOf({ files, environment }).strategy).toBe('jwt-rs256');
    expect(configOf({ files, environment, flags: { strategy: 'session' } }).strategy).toBe('session');
  });

  it('know REDIS_URL, but their own name first; an empty variable is none', () => {
    expect(configOf({ environment: { ...lab, REDIS_URL: 'redis://one' } }).redisUrl).toBe('redis://one');
    const both = { ...lab, REDIS_URL: 'redis://one', AUTHLAB_REDIS_URL: 'redis://two' };
    expect(configOf({ environment: both }).redisUrl).toBe('redis://two');
    expect(configOf({ environment: { ...both, AUTHLAB_REDIS_URL: '' } }).redisUrl).toBe('redis://one');
  });

  it('shorten what lives inside a session together with it, unless told otherwise', () => {
    const short = configOf({ environment: { ...lab, AUTHLAB_ABSOLUTE_LIFETIME_SECONDS: '5' } });
    expect(short.inactivityTimeoutSeconds).toBe(5);
    expect(short.accessTokenLifetimeSeconds).toBe(5);
    expect(short.refreshGraceSeconds).toBe(5);
  });
});

describe('faults', () => {
  it('of every source are reported at once, each with its place', () => {
    const files = {
      'lab.yaml': 'prot: 80\nrealm: "a b"\nleewaySeconds: 61\nstrategies: [none, jtw-hs256]\nlab: true\n',
    };
    const environment = {
      AUTHLAB_PARTITIONS: 'many',
      AUTHLAB_BEAT_INTERVAL_MILLIS: '3000',
      AUTHLAB_SECRET: 'c2hvcnQ',
      AUTHLAB_TRUST_PROXY: 'perhaps',
    };
    const flags = { config: 'lab.yaml', port: '70000', redisUrl: 'http://127.0.0.1', demoUsers: true };
    expect(faultsOf({ files, environment, flags })).toEqual({
      'lab.yaml:1:1': 'unknown key prot; did you mean port?',
      'lab.yaml:2:8': 'realm must be 1 to 64 letters, digits, dots, hyphens or underscores',
      'lab.yaml:3:16': 'leewaySeconds must be at most 60',
      'lab.yaml:4:13': expect.stringContaining('"jtw-hs256" is no strategy. Did you mean jwt-hs256?'),
      'environment AUTHLAB_PARTITIONS': 'must be a number, not a text',
      'environment AUTHLAB_SECRET': expect.stringContaining('must be 32 random bytes or more in base64url; make one'),
      'environment AUTHLAB_TRUST_PROXY': 'must be true or false, not a text',
      'environment AUTHLAB_BEAT_INTERVAL_MILLIS': expect.stringContaining(
        'must be less than stalenessLimitMillis (2000)',
      ),
      'flag --port': 'must be at most 65535',
      'flag --redis-url': expect.stringContaining('must be a URL like redis://'),
      'flag --demo-users': 'demoUsers and lab exclude each other',
    });
  });

  it('of a broken file stand beside those of the other sources', () => {
    const files = { 'lab.yaml': 'realm: [\n' };
    const faults = faultsOf({ files, flags: { config: 'lab.yaml', port: '-1' } });
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(['lab.yaml:2:1', 'flag --port']));
  });

  it('of a value that another source overrides are still faults', () => {
    const faults = faultsOf({ environment: { ...lab, AUTHLAB_PORT: '70000' }, flags: { port: '80' } });
    expect(Object.keys(faults)).toEqual(['environment AUTHLAB_PORT']);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'access tokens that outlive inactivity',
      { ACCESS_TOKEN_LIFETIME_SECONDS: '60', INACTIVITY_TIMEOUT_SECONDS: '59' },
      'ACCESS_TOKEN_LIFETIME_SECONDS',
    ],
    [
      'inactivity beyond the absolute lifetime',
      { INACTIVITY_TIMEOUT_SECONDS: '60', ABSOLUTE_LIFETIME_SECONDS: '59' },
      'INACTIVITY_TIMEOUT_SECONDS',
    ],
    [
      'a grace longer than an access token',
      { ACCESS_TOKEN_LIFETIME_SECONDS: '9', REFRESH_GRACE_SECONDS: '10' },
      'REFRESH_GRACE_SECONDS',
    ],
    [
      'a beat as slow as the staleness limit',
      { STALENESS_LIMIT_MILLIS: '500', BEAT_INTERVAL_MILLIS: '500' },
      'BEAT_INTERVAL_MILLIS',
    ],
    ['loopback HTTP on every address', { PLAIN_HTTP: 'loopback', HOST: '0.0.0.0' }, 'PLAIN_HTTP'],
    ['a default that is not mounted', { STRATEGY: 'none', STRATEGIES: 'session' }, 'STRATEGY'],
    ['a strategy twice', { STRATEGIES: 'session,none,session' }, 'STRATEGIES'],
    ['no strategy', { STRATEGIES: ',' }, 'STRATEGIES'],
    ['a fraction of a port', { PORT: '80.5' }, 'PORT'],
  ])('%s', (_, variables, place) => {
    const environment = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`AUTHLAB_${name}`, value]),
    );
    expect(Object.keys(faultsOf({ environment: { ...lab, ...environment } }))).toEqual([
      `environment AUTHLAB_${place}`,
    ]);
  });

  it('name the file that cannot be read', () => {
    expect(faultsOf({ environment: lab, flags: { config: 'gone.yaml' } })).toEqual({
      'flag --config': 'names the file gone.yaml, which cannot be read: it does not exist',
    });
  });

  it('never repeat a value that could be secret', () => {
    const password = 'hunter2-hunter2';
    const environment = {
      ...lab,
      AUTHLAB_REDIS_URL: `http://user:${password}@host`,
      AUTHLAB_SECRET: password,
      AUTHLAB_RS256_PRIVATE_KEY: password,
    };
    const loaded = load({ environment });
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded)).not.toContain(password);
  });
});

describe('warnings', () => {
  const warnings = (variables: Record<string, string>) => {
    const loaded = load({ environment: { ...lab, AUTHLAB_PLAIN_HTTP: 'loopback', ...variables } });
    return loaded.ok ? loaded.warnings.join('\n') : JSON.stringify(loaded.faults);
  };

  it('tell of mistyped variables and of open doors', () => {
    expect(warnings({ AUTHLAB_STRATEGEY: 'none' })).toMatch(
      /AUTHLAB_STRATEGEY is unknown; did you mean AUTHLAB_STRATEGY\?/,
    );
    expect(warnings({ AUTHLAB_HOST: '0.0.0.0', AUTHLAB_PLAIN_HTTP: 'any' })).toMatch(
      /lab node listens on 0\.0\.0\.0.*\n.*in the clear/s,
    );
    expect(warnings({ AUTHLAB_PLAIN_HTTP: 'refuse' })).toMatch(/no TLS of its own/);
    expect(warnings({ AUTHLAB_PLAIN_HTTP: 'refuse', AUTHLAB_TRUST_PROXY: '1' })).not.toMatch(/no TLS of its own/);
  });

  it('tell of an invented secret', () => {
    expect(warnings({})).toMatch(/^The secret of this server was made now/);
    expect(warnings({ AUTHLAB_SECRET: secret })).toBe('');
  });
});
