import { describe, expect, it } from 'vitest';
import { warningOf } from '../statistics/warnings.ts';
import { weaknessesOf } from './warning-glance.ts';

const spacing = (contestant: string, spacingMillis: number) =>
  warningOf(contestant, { kind: 'probe-spacing-coarse', condition: 'loaded', spacingMillis });

describe('what weakens a report, in a line each', () => {
  it('says how coarse the figures of revocation are, and which', () => {
    expect(weaknessesOf([spacing('session', 5.51), spacing('hybrid-hs256', 32.6), spacing('session', 9)])).toEqual([
      {
        voids: false,
        text: 'Weaker: revocation of session and hybrid-hs256. The probes were 5.51 ms to 32.6 ms apart: latency and exposure are no finer than that.',
      },
    ]);
    expect(weaknessesOf([spacing('session', 12)])[0]?.text).toContain('The probes were 12.0 ms apart:');
  });

  it('calls many measures everything only where they are not timed alone', () => {
    const [incomplete] = weaknessesOf([warningOf(null, { kind: 'run-incomplete', outcome: 'aborted' })]);
    expect(incomplete?.text).toBe('Weaker: everything. The run ended early.');
    const [busy] = weaknessesOf([warningOf(null, { kind: 'machine-busy', loadAverage: 3, cores: 2 })]);
    expect(busy?.text).toBe('Weaker: all that was timed. The machine was busy.');
  });

  it('tells what voids before what weakens, and nothing of what does neither', () => {
    const found = weaknessesOf([
      warningOf(null, { kind: 'record-torn' }),
      warningOf(null, { kind: 'too-few-rounds', rounds: 2, recommended: 8 }),
      warningOf('session', { kind: 'generator-saturated', eventLoopUtilisation: 0.99 }),
    ]);
    expect(found.map(({ voids }) => voids)).toEqual([true, false]);
    expect(found[1]?.text).toContain('Only 2 rounds.');
  });
});
