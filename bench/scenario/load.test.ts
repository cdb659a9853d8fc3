import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/strategies/registry.ts';
import { parseScenario } from './load.ts';
import { planRun } from './plan.ts';
import { mistakeNames } from './schema.ts';

const scenarios = new URL('../../scenarios/', import.meta.url);

const minimal = `name: tiny
question: Does it parse?
strategies: [session]
throughput: {}
`;

const faultsOf = (text: string) => {
  const parsed = parseScenario(text, 'tiny.yaml');
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.place}: ${fault.message}`);
};

describe('parseScenario', () => {
  it('fills in the defaults', () => {
    const parsed = parseScenario(minimal, 'tiny.yaml');
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        seed: 1,
        credentials: 2_000,
        throughput: { rounds: 8, windowMillis: 500, rampMillis: 100, warmupMillis: 1_500, connections: 16 },
      },
    });
    expect(parsed.ok && parsed.value.revocation).toBeUndefined();
  });

  it('names the nearest strategy for a mistyped one, at its line and column', () => {
    const text = minimal.replace('[session]', '\n  - session\n  - jwt-hs265');
    expect(faultsOf(text)).toEqual([
      'tiny.yaml:5:5: strategies[1] is not the name of a strategy; did you mean jwt-hs256?',
    ]);
  });

  it('takes parameters in a name, and knows which of them there are', () => {
    expect(faultsOf(minimal.replace('[session]', '[session+unsigned, jwt-es256+jose, jwt-hs256+fast-jwt]'))).toEqual(
      [],
    );
    expect(faultsOf(minimal.replace('[session]', '[jwt-es256+josh]'))).toEqual([
      expect.stringContaining('did you mean jwt-es256+jose?'),
    ]);
    expect(faultsOf(minimal.replace('[session]', '[hybrid-hs256+cache-500]'))).toEqual([]);
    expect(faultsOf(minimal.replace('[session]', '[hybrid-hs256+cache-0]'))).toHaveLength(1);
  });

  it('lists the names where no one is near', () => {
    expect(faultsOf(minimal.replace('[session]', '[quantum]'))).toEqual([
      expect.stringMatching(/strategies\[0\] is not the name of a strategy; there are .*session.*jwt-hs256/),
    ]);
  });

  it('refuses the reference and names that stand twice', () => {
    expect(faultsOf(minimal.replace('[session]', '[session, none, session]'))).toEqual([
      'tiny.yaml:3:23: strategies[1] must not be none: the reference is part of every run',
      'tiny.yaml:3:29: strategies[2] stands in the list a second time',
    ]);
  });

  it('refuses a scenario that measures nothing', () => {
    expect(faultsOf(minimal.replace('throughput: {}\n', ''))).toEqual([
      expect.stringContaining('the file measures nothing: it needs throughput, revocation, tokenSize or mistakes'),
    ]);
    const withoutTrials = 'revocation: {idleTrials: 0, loadedTrials: 0, untilExpiryTrials: 0}';
    expect(faultsOf(minimal.replace('throughput: {}', withoutTrials))).toEqual([
      expect.stringContaining('revocation has no trial at all'),
    ]);
    expect(faultsOf(minimal.replace('throughput: {}', 'tokenSize: {roles: [1, 1]}'))).toEqual([
      expect.stringContaining('tokenSize.roles names a number twice'),
    ]);
    const profiles = 'tokenSize: {profiles: [typical, permissions-201, typical]}';
    expect(faultsOf(minimal.replace('throughput: {}', profiles))).toEqual([
      expect.stringContaining('tokenSize.profiles names a profile twice'),
      expect.stringContaining('tokenSize.profiles[1] must be minimal, typical, roles-N or permissions-N'),
    ]);
  });

  it('knows the classic mistakes by name, all of them unless some are chosen', () => {
    const withMistakes = (text: string) => minimal.replace('throughput: {}', `mistakes: ${text}`);
    expect(parseScenario(withMistakes('{}'), 'tiny.yaml')).toMatchObject({
      ok: true,
      value: { mistakes: { tried: mistakeNames, accessTokenLifetimeSeconds: 3 } },
    });
    expect(faultsOf(withMistakes('{tried: [no-expiry, no-expiry]}'))).toEqual([
      expect.stringContaining('mistakes.tried names a mistake twice'),
    ]);
    expect(faultsOf(withMistakes('{tried: [no-expriy]}'))).toEqual([
      expect.stringMatching(/^tiny\.yaml:4:\d+: .*no-expiry/),
    ]);
    expect(faultsOf(withMistakes('{tried: []}'))).toHaveLength(1);
  });

  it('refuses a beat that is no shorter than the staleness limit', () => {
    expect(faultsOf(`${minimal}beatIntervalMillis: 500\nstalenessLimitMillis: 500\n`)).toEqual([
      expect.stringMatching(/^tiny\.yaml:6:\d+: stalenessLimitMillis must be greater than beatIntervalMillis/),
    ]);
  });

  it('reports every fault at once, in the order of the file', () => {
    const text = `name: Not A Name
question: Q
strategies: [sesion]
trhoughput: {}
beatIntervalMillis: 3000
stalenessLimitMillis: 2000
throughput:
  rounds: 1
`;
    expect(faultsOf(text).map((fault) => fault.slice(0, fault.indexOf(' ')))).toEqual([
      'tiny.yaml:1:7:',
      'tiny.yaml:3:14:',
      'tiny.yaml:4:1:',
      'tiny.yaml:6:23:',
      'tiny.yaml:8:11:',
    ]);
  });

  it('never throws for what a file may hold', () => {
    for (const text of ['', '7', '[]', 'name: [', 'null', '- 1', Buffer.from([0xff, 0xfe, 0x00])]) {
      expect(parseScenario(text, 'odd.yaml')).toMatchObject({ ok: false });
    }
  });
});

describe('the scenarios of this project', () => {
  const files = readdirSync(scenarios).filter((file) => file.endsWith('.yaml'));

  it.each(files)('%s is valid, is named as its file, and says first what it asks and how long it takes', (file) => {
    const text = readFileSync(new URL(file, scenarios), 'utf8');
    expect(parseScenario(text, file)).toMatchObject({ ok: true, value: { name: file.replace('.yaml', '') } });
    expect(text).toMatch(/^# [^\n]+\? About [^\n]+/);
  });

  it.each([
    ['quick.yaml', 120_000, 240_000],
    ['smoke.yaml', 10_000, 25_000],
    ['mistakes.yaml', 10_000, 30_000],
  ])('%s takes about as long as it says', (file, atLeastMillis, atMostMillis) => {
    const parsed = parseScenario(readFileSync(new URL(file, scenarios), 'utf8'), file);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const { estimateMillis } = planRun(parsed.value, (strategy) => traitsOf(strategy).bound);
    expect(estimateMillis).toBeGreaterThan(atLeastMillis);
    expect(estimateMillis).toBeLessThan(atMostMillis);
  });
});
