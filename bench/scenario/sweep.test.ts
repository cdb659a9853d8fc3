import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/strategies/registry.ts';
import { parseScenario } from './load.ts';
import { planRun } from './plan.ts';
import type { Scenario } from './schema.ts';
import { planScenario, scenarioAt } from './sweep.ts';

const text = (sweep: string, blocks = 'throughput: {}') =>
  `name: tiny\nquestion: How does it grow?\nstrategies: [session, jwt-hs256]\n${blocks}\nsweep: ${sweep}\n`;

function scenarioOf(sweep: string, blocks?: string): Scenario {
  const parsed = parseScenario(text(sweep, blocks), 'tiny.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
}

function messagesOf(sweep: string, blocks?: string): string[] {
  const parsed = parseScenario(text(sweep, blocks), 'tiny.yaml');
  return parsed.ok ? [] : parsed.faults.map(({ place, message }) => `${place}: ${message}`);
}

const boundOf = (name: string) => traitsOf(name).bound;

describe('the fault of a sweep', () => {
  it.each([
    ['{factor: speed, levels: [1, 2]}', /tiny\.yaml:5:17: sweep\.factor .*connections/],
    ['{factor: connections, levels: [1]}', /sweep\.levels/],
    ['{factor: connections, levels: [1, 2000]}', /tiny\.yaml:5:\d+: sweep\.levels\[1\] must be from 1 to 1024/],
    ['{factor: connections, levels: [1, 1.5]}', /sweep\.levels\[1\] must be a whole number/],
    ['{factor: connections, levels: [4, 4]}', /sweep\.levels\[1\] must be greater than the level before/],
    ['{factor: nodes, levels: [1, 2]}', /sweep changes nothing that is measured: nodes needs revocation/],
  ])('%s', (sweep, expected) => {
    expect(messagesOf(sweep)).toEqual([expect.stringMatching(expected)]);
  });

  it('is a measure that no sweep repeats', () => {
    const found = messagesOf('{factor: connections, levels: [1, 2]}', 'throughput: {}\ntokenSize: {}\nlifecycle: {}');
    expect(found).toEqual([expect.stringMatching(/sweep does not repeat lifecycle and tokenSize/)]);
  });
});

describe('the sizes of a sweep', () => {
  it.each([
    ['{factor: roles, levels: [1, 2]}', 'tokenSize: {}', []],
    ['{factor: permissions, levels: [0, 200]}', 'throughput: {}\ntokenSize: {}', []],
    ['{factor: rsa-bits, levels: [2048, 3072]}', 'tokenSize: {profiles: [typical]}', []],
    [
      '{factor: permissions, levels: [1, 2]}',
      'tokenSize: {profiles: [typical]}',
      [/sizes the permissions of each level/],
    ],
    ['{factor: rsa-bits, levels: [2048, 3072]}', 'tokenSize: {}', [/sizes one profile at a time: tokenSize has 2/]],
  ])('%s beside %s', (sweep, blocks, expected) => {
    expect(messagesOf(sweep, blocks)).toEqual(expected.map((message) => expect.stringMatching(message)));
  });

  it('are those of the level', () => {
    for (const factor of ['roles', 'permissions'] as const) {
      const scenario = scenarioOf(`{factor: ${factor}, levels: [0, 7]}`, 'tokenSize: {}');
      const { steps } = planScenario(scenario, boundOf);
      const sized = steps.flatMap((step) => (step.kind === 'size' ? [[step.level, step.claims]] : []));
      expect(new Set(sized.map(String))).toEqual(new Set([`0,${factor}-0`, `7,${factor}-7`]));
    }
  });
});

describe('a fixed distance', () => {
  it('stands beside a sweep of something else, and not beside one of itself', () => {
    const blocks = 'throughput: {}\naddedRttMillis: 1.5';
    expect(scenarioOf('{factor: connections, levels: [1, 2]}', blocks).addedRttMillis).toBe(1.5);
    expect(messagesOf('{factor: added-rtt-millis, levels: [1, 2]}', blocks)).toEqual([
      expect.stringMatching(/sweep is over what addedRttMillis fixes/),
    ]);
    expect(messagesOf('{factor: connections, levels: [1, 2]}', 'throughput: {}\naddedRttMillis: -1')).toHaveLength(1);
  });
});

describe('the scenario at a level', () => {
  it.each([
    ['connections', 4, { throughput: { connections: 4 } }],
    ['credentials', 4, { credentials: 4 }],
    ['nodes', 4, { revocation: { nodes: 4 } }],
    ['added-rtt-millis', 4, { throughput: { connections: 16 }, revocation: { nodes: 2 } }],
  ])('%s', (factor, level, expected) => {
    const scenario = scenarioOf(`{factor: ${factor}, levels: [2, ${level}]}`, 'throughput: {}\nrevocation: {}');
    const at = scenarioAt(scenario, { factor, levels: [2, level] } as NonNullable<Scenario['sweep']>, level);
    expect(at).toMatchObject(expected);
    expect(at.sweep).toBeUndefined();
    expect(at.seed).toBe(scenario.seed + 1);
  });
});

describe('the plan of a sweep', () => {
  it('holds the whole plan of each level, one after the other', () => {
    const scenario = scenarioOf('{factor: credentials, levels: [10, 20, 40]}');
    const { steps, contestants, estimateMillis } = planScenario(scenario, boundOf);
    expect(contestants).toEqual(['none', 'session', 'jwt-hs256']);
    expect(steps.map(({ level }) => level)).toEqual(steps.map(({ level }) => level).toSorted((a = 0, b = 0) => a - b));
    for (const level of [10, 20, 40]) {
      const own = steps.filter((step) => step.level === level);
      expect(own.filter(({ kind }) => kind === 'pair')).toHaveLength(24);
      expect(own.filter(({ kind }) => kind === 'prepare')).toMatchObject(
        Array.from({ length: 3 }, () => ({ credentials: level })),
      );
    }
    expect(estimateMillis).toBeGreaterThan(steps.reduce((sum, step) => sum + step.estimateMillis, 0));
  });

  it('is that of the run without a sweep', () => {
    const { sweep: _sweep, ...scenario } = scenarioOf('{factor: credentials, levels: [10, 20]}');
    expect(planScenario(scenario, boundOf)).toEqual(planRun(scenario, boundOf));
  });
});
