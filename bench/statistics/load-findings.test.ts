import { describe, expect, it } from 'vitest';
import { commandsPerCheck, findingsOf, isSoundPair, type LoadPair, type LoadWindow } from './load-findings.ts';
import { warningOf } from './warnings.ts';

const window: LoadWindow = {
  requests: 1_000,
  statuses: { '200': 1_000 },
  errors: 0,
  nodeEventLoopUtilisation: 0.99,
  generatorEventLoopUtilisation: 0.6,
  redisCommands: 3,
};

function pairOf(contestant: Partial<LoadWindow> = {}, reference: Partial<LoadWindow> = {}): LoadPair {
  return {
    contestantSample: { ...window, ...contestant },
    referenceSample: { ...window, ...reference },
    contestantAnswerBytes: 300,
    referenceAnswerBytes: 300,
  };
}

const eight = (pair: LoadPair) => Array.from({ length: 8 }, () => pair);
const kinds = (pairs: readonly LoadPair[], declared: number | null = 0) =>
  findingsOf(pairs, declared).map((finding) => finding.kind);

describe('isSoundPair', () => {
  it('demands 200 and nothing else, of both', () => {
    expect(isSoundPair(pairOf())).toBe(true);
    expect(isSoundPair(pairOf({ statuses: { '200': 999, '401': 1 } }))).toBe(false);
    expect(isSoundPair(pairOf({}, { errors: 1 }))).toBe(false);
    expect(isSoundPair(pairOf({ requests: 0, statuses: {} }))).toBe(false);
  });
});

describe('findingsOf', () => {
  it('finds nothing in sound pairs, and nothing where there are none', () => {
    expect(findingsOf(eight(pairOf()), 0)).toEqual([]);
    expect(findingsOf([], 0)).toEqual([]);
  });

  it('voids throughput and latency, not cost, of a saturated generator, on whichever side', () => {
    const findings = findingsOf(eight(pairOf({}, { generatorEventLoopUtilisation: 0.97 })), 0);
    expect(findings).toEqual([{ kind: 'generator-saturated', eventLoopUtilisation: 0.97 }]);
    expect(findings.map((finding) => warningOf('session', finding))).toMatchObject([
      { contestant: 'session', voids: ['throughput', 'latency'], weakens: [] },
    ]);
  });

  it('voids throughput alone of a server that had time left', () => {
    const findings = findingsOf(eight(pairOf({ nodeEventLoopUtilisation: 0.5 })), 0);
    expect(findings.map((finding) => warningOf(null, finding).voids)).toEqual([['throughput']]);
  });

  it('does not take one slow window for an unsaturated server', () => {
    expect(kinds([...eight(pairOf()), pairOf({ nodeEventLoopUtilisation: 0.2 })])).toEqual([]);
  });

  it('counts statuses and leaves unsound pairs out, and voids when too few are left', () => {
    const refused = pairOf({ statuses: { '200': 900, '401': 100 }, errors: 2 });
    const some = findingsOf([...eight(pairOf()), refused], 0);
    expect(some).toEqual([
      { kind: 'unexpected-answers', statuses: { '401': 100 }, errors: 2, pairsLeftOut: 1, pairs: 9 },
    ]);
    expect(some.map((finding) => warningOf(null, finding).weakens)).toEqual([['cost', 'throughput', 'latency']]);
    const [many] = findingsOf(eight(refused), 0);
    expect(many && warningOf(null, many).voids).toEqual(['cost', 'throughput', 'latency']);
  });

  it('warns below eight rounds', () => {
    expect(kinds([pairOf(), pairOf()])).toEqual(['too-few-rounds']);
  });

  it('weakens for a few bytes of difference and voids for many', () => {
    const unequal = (contestantAnswerBytes: number) => findingsOf(eight({ ...pairOf(), contestantAnswerBytes }), 0);
    expect(unequal(306).map((finding) => warningOf(null, finding).weakens)).toEqual([['cost', 'throughput']]);
    expect(unequal(90).map((finding) => warningOf(null, finding).voids)).toEqual([['cost', 'throughput']]);
  });

  it('holds the commands per request, less the background, against what is declared', () => {
    const looksUp = pairOf({ redisCommands: 1_003 });
    expect(commandsPerCheck(looksUp)).toBeCloseTo(1, 12);
    expect(kinds(eight(looksUp), 1)).toEqual([]);
    expect(kinds(eight(looksUp), null)).toEqual([]);
    const [skipped] = findingsOf(eight(pairOf()), 1);
    expect(skipped).toMatchObject({ kind: 'redis-commands-differ', declared: 1, measured: 0 });
    expect(skipped && warningOf(null, skipped).voids).toContain('cost');
  });
});
