import { describe, expect, it } from 'vitest';
import { type ExpectationScope, parseExpectation } from './expectation.ts';
import { parseScenario } from './load.ts';
import { expectationFaults } from './thresholds.ts';

const scope: ExpectationScope = { contestants: ['none', 'session', 'jwt-hs256', 'hybrid-hs256'], levels: [] };
const swept: ExpectationScope = { ...scope, levels: [1, 1_000] };

function parsed(text: string, within = scope) {
  const found = parseExpectation(text, within);
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

describe('a line to expect', () => {
  it('compares a figure with a number', () => {
    expect(parsed(' hybrid-hs256.throughputRatio >= 0.85 ')).toEqual({
      text: 'hybrid-hs256.throughputRatio >= 0.85',
      isSure: false,
      left: { contestant: 'hybrid-hs256', figure: 'throughputRatio', part: '', level: null },
      operator: '>=',
      right: { number: 0.85, figure: null },
    });
  });

  it.each([
    ['session.nodeCpuMicros <= 0.1ms', 100],
    ['session.nodeCpuMicros <= 80 us', 80],
    ['session.exposureMillis.idle.p50 < 2s', 2_000],
    ['session.exposureMillis.idle.p50 < 500us', 0.5],
    ['session.requestHeaderBytes.roles-1 < 4kB', 4_000],
    ['session.redisCommands == 1', 1],
  ])('%s', (text, number) => {
    expect(parsed(text).right).toEqual({ number, figure: null });
  });

  it('compares with another figure, or with so many of it', () => {
    expect(parsed('hybrid-hs256.nodeCpuMicros < session.nodeCpuMicros').right).toMatchObject({
      number: 1,
      figure: { contestant: 'session', figure: 'nodeCpuMicros' },
    });
    expect(parsed('surely hybrid-hs256.latencyMicros.p99 < 1.5 * session.latencyMicros.p99')).toMatchObject({
      isSure: true,
      right: { number: 1.5, figure: { part: 'p99' } },
    });
  });

  it('names a level in a sweep, and only there', () => {
    expect(parsed('session.nodeCpuMicros@1000 < 100', swept).left.level).toBe(1_000);
    expect(parseExpectation('session.nodeCpuMicros < 100', swept)).toMatchObject({
      message: 'needs a level of the sweep: @1, @1000',
    });
    expect(parseExpectation('session.nodeCpuMicros@7 < 100', swept)).toMatchObject({ ok: false });
    expect(parseExpectation('session.nodeCpuMicros@1 < 100', scope)).toMatchObject({
      message: 'names a level without a sweep',
    });
  });

  it.each([
    ['session.nodeCpuMicros', /is no comparison/],
    ['session.nodeCpuMicros => 1', /is no comparison/],
    ['sesion.nodeCpuMicros < 1', /names sesion, which is not in the scenario; did you mean session\?/],
    ['session.nodeCpuMicro < 1', /did you mean nodeCpuMicros\?/],
    ['session.zzz < 1', /names no figure: zzz; there are nodeCpuMicros/],
    ['session < 1', /names no figure: nothing/],
    ['session.exposureMillis < 1', /needs one of exposureMillis\.idle\.p50/],
    ['session.nodeCpuMicros.p50 < 1', /needs one of nodeCpuMicros$/],
    ['session.requestHeaderBytes < 1', /needs a claim profile/],
    ['session.redisCommands < 1 ms', /compares redisCommands with ms/],
    ['session.nodeCpuMicros < fast enough', /must end with a number/],
    ['session.nodeCpuMicros < 2 * none', /names no figure: nothing/],
  ])('%s', (text, message) => {
    expect(parseExpectation(text, scope)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });
});

describe('expect in a scenario', () => {
  const text = (line: string) =>
    `name: tiny\nquestion: Does it hold?\nstrategies: [session]\nthroughput: {}\nexpect:\n  - ${line}\n`;

  it('is parsed with it', () => {
    expect(parseScenario(text('session.throughputRatio > 0.2'), 'tiny.yaml')).toMatchObject({
      ok: true,
      value: { expect: [{ operator: '>', right: { number: 0.2 } }] },
    });
  });

  it('is refused with its line and column', () => {
    expect(parseScenario(text('jwt-hs256.throughputRatio > 0.2'), 'tiny.yaml')).toEqual({
      ok: false,
      faults: [
        {
          place: 'tiny.yaml:6:5',
          message: expect.stringMatching(/expect\[0\] names jwt-hs256, which is not in the scenario/),
        },
      ],
    });
  });

  it('is checked on the command line in the same way', () => {
    const lines = ['session.throughputRatio > 0.2', 'session.speed > 1'];
    expect(expectationFaults(lines, { strategies: ['session'] })).toEqual([
      [1, expect.stringMatching(/names no figure/)],
    ]);
  });
});
