import { describe, expect, it } from 'vitest';
import { type Finding, warningOf } from '../statistics/warnings.ts';
import { warningLines } from './warning-words.ts';

/** One of every kind; the compiler demands a new one here when a kind is added. */
const findings: { readonly [Kind in Finding['kind']]: Extract<Finding, { kind: Kind }> } = {
  'generator-saturated': { kind: 'generator-saturated', eventLoopUtilisation: 0.98 },
  'server-not-saturated': { kind: 'server-not-saturated', eventLoopUtilisation: 0.6 },
  'unexpected-answers': {
    kind: 'unexpected-answers',
    statuses: { '401': 1_200 },
    errors: 2,
    pairsLeftOut: 3,
    pairs: 8,
  },
  'too-few-rounds': { kind: 'too-few-rounds', rounds: 2, recommended: 8 },
  'answer-bytes-differ': { kind: 'answer-bytes-differ', contestantBytes: 310, referenceBytes: 308 },
  'redis-commands-differ': { kind: 'redis-commands-differ', declared: 1, measured: 0 },
  'reference-differs-from-itself': { kind: 'reference-differs-from-itself', measure: 'cost' },
  'false-accept': { kind: 'false-accept', condition: 'idle', trials: 1, worstBeyondBoundMillis: 40 },
  'revoke-not-acknowledged': { kind: 'revoke-not-acknowledged', condition: 'idle', trials: 2 },
  'trial-incomplete': { kind: 'trial-incomplete', condition: 'loaded', trials: 1 },
  'unclear-refusals': { kind: 'unclear-refusals', condition: 'loaded', statuses: { '503': 4 } },
  'probe-spacing-coarse': { kind: 'probe-spacing-coarse', condition: 'loaded', spacingMillis: 12 },
  'trial-voided': { kind: 'trial-voided', measure: 'revocation', reason: 'no node recovered', times: 2 },
  'open-loop-answers': { kind: 'open-loop-answers', statuses: { '401': 12 }, errors: 2, roundsLeftOut: 1, rounds: 8 },
  'requests-unanswered': { kind: 'requests-unanswered', requests: 7 },
  'pacer-late': { kind: 'pacer-late', p99Micros: 2_100.5 },
  'not-pinned': { kind: 'not-pinned' },
  'machine-busy': { kind: 'machine-busy', loadAverage: 3.5, cores: 2 },
  'run-incomplete': { kind: 'run-incomplete', outcome: 'aborted' },
  'record-torn': { kind: 'record-torn' },
};

describe('warningLines', () => {
  it.each(Object.values(findings))('tells $kind in a whole sentence, with its data', (finding) => {
    const [line] = warningLines([warningOf('session', finding)]);
    expect(line?.text).toMatch(/^[A-Z].*\.$/);
    expect(line?.text).not.toMatch(/undefined|NaN|\[object/);
    for (const value of Object.values(finding)) {
      if (typeof value === 'number' && Number.isInteger(value)) expect(line?.text).toContain(`${value}`);
    }
  });

  it('gathers what is the same of several contestants into one line', () => {
    const lines = warningLines([
      warningOf('none', findings['generator-saturated']),
      warningOf('session', { kind: 'generator-saturated', eventLoopUtilisation: 0.95 }),
      warningOf(null, findings['not-pinned']),
    ]);
    expect(lines.map(({ kind, voids }) => [kind, voids])).toEqual([
      ['generator-saturated', true],
      ['not-pinned', false],
    ]);
    expect(lines[0]?.text).toContain('none 0.98; session 0.95. This voids throughput and latency there.');
  });

  it('keeps apart what voids from what only weakens', () => {
    const lines = warningLines([
      warningOf('session', { kind: 'answer-bytes-differ', contestantBytes: 100, referenceBytes: 308 }),
      warningOf('jwt-hs256', findings['answer-bytes-differ']),
    ]);
    expect(lines.map(({ voids }) => voids)).toEqual([true, false]);
  });
});
