import { describe, expect, it } from 'vitest';
import { planRun, type Step } from './plan.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

const scenario: Scenario = scenarioSchema.parse({
  name: 'plan',
  question: 'Is the plan right?',
  strategies: ['session', 'jwt-hs256', 'hybrid-hs256'],
  credentials: 100,
  throughput: { rounds: 6 },
  revocation: { idleTrials: 25, loadedTrials: 10, redisPausedTrials: 2, untilExpiryTrials: 3 },
  tokenSize: { roles: [1, 20] },
});
const bounds = { session: 'zero', 'jwt-hs256': 'remaining-lifetime', 'hybrid-hs256': 'staleness-limit' } as const;
const boundOf = (name: string) => bounds[name as keyof typeof bounds] ?? 'unbounded';
const planWith = (changes: Partial<Scenario>) => planRun({ ...scenario, ...changes }, boundOf);

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;
function stepsOf<Kind extends Step['kind']>(steps: readonly Step[], kind: Kind): StepOf<Kind>[] {
  return steps.filter((step): step is StepOf<Kind> => step.kind === kind);
}

describe('planRun', () => {
  it('gives the same plan for the same seed, and another order for another', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      expect(planWith({ seed })).toEqual(planWith({ seed }));
      expect(planWith({ seed })).not.toEqual(planWith({ seed: seed + 1 }));
    }
  });

  it('pairs every contestant once a round, the reference against itself included', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const pairs = stepsOf(planWith({ seed }).steps, 'pair');
      expect(pairs).toHaveLength(6 * 4);
      for (let round = 1; round <= 6; round += 1) {
        const inRound = pairs.slice((round - 1) * 4, round * 4);
        expect(inRound.map((pair) => pair.round)).toEqual([round, round, round, round]);
        expect(new Set(inRound.map((pair) => pair.contestant)).size).toBe(4);
      }
    }
  });

  it('begins as many pairs of a contestant with it as with the reference', () => {
    for (const [rounds, allowed] of [
      [6, [3]],
      [7, [3, 4]],
    ] as const) {
      const throughput = {
        rounds,
        processes: 1,
        windowMillis: 400,
        sliceMillis: 25,
        rampMillis: 0,
        warmupMillis: 0,
        connections: 1,
      };
      for (let seed = 0; seed < 20; seed += 1) {
        const pairs = stepsOf(planWith({ seed, throughput }).steps, 'pair');
        for (const contestant of ['none', ...scenario.strategies]) {
          const first = pairs.filter((pair) => pair.contestant === contestant && pair.order === 'contestant-first');
          expect(allowed).toContain(first.length);
        }
      }
    }
  });

  it('gives each process of a contestant its part of the rounds, with warm-ups before it', () => {
    const loaded = { windowMillis: 400, sliceMillis: 25, rampMillis: 0, warmupMillis: 100, connections: 1 };
    const { steps } = planWith({ throughput: { ...loaded, rounds: 7, processes: 3 } });
    const names = ['none', ...scenario.strategies];
    const kinds = steps.filter(({ kind }) => kind === 'warm-up' || kind === 'pair').map(({ kind }) => kind);
    const part = (rounds: number) => [
      ...names.map(() => 'warm-up'),
      ...Array.from({ length: rounds * names.length }, () => 'pair'),
    ];
    expect(kinds).toEqual([...part(3), ...part(2), ...part(2)]);
    const own = stepsOf(steps, 'pair').filter(({ contestant }) => contestant === 'none');
    expect(own.map(({ round, process }) => [round, process])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
      [6, 3],
      [7, 3],
    ]);
    const cold = planWith({ throughput: { ...loaded, warmupMillis: 0, rounds: 2, processes: 2 } }).steps;
    expect(cold.filter(({ kind }) => kind === 'warm-up')).toHaveLength(2 * names.length);
  });

  it('makes the mistakes that were asked for, in their order, and counts the wait for the end of a token', () => {
    expect(stepsOf(planWith({}).steps, 'mistake')).toEqual([]);
    const mistakes = { tried: ['no-rotation', 'no-expiry'], accessTokenLifetimeSeconds: 7 } as const;
    const steps = stepsOf(planWith({ mistakes: { ...mistakes, tried: [...mistakes.tried] } }).steps, 'mistake');
    expect(steps.map(({ mistake }) => mistake)).toEqual(mistakes.tried);
    expect(steps[0]?.estimateMillis).toBeLessThan(1_000);
    expect(steps[1]?.estimateMillis).toBeGreaterThan(7_000);
  });

  it('does not simply alternate', () => {
    const sequences = Array.from({ length: 20 }, (_, seed) =>
      stepsOf(planWith({ seed }).steps, 'pair')
        .filter((pair) => pair.contestant === 'session')
        .map((pair) => pair.order.at(0))
        .join(''),
    );
    expect(new Set(sequences).size).toBeGreaterThan(5);
  });

  it('does not favour any place in a round', () => {
    const firsts = new Map<string, number>();
    for (let seed = 0; seed < 400; seed += 1) {
      const [first] = stepsOf(planWith({ seed }).steps, 'pair');
      if (first) firsts.set(first.contestant, (firsts.get(first.contestant) ?? 0) + 1);
    }
    // 100 expected of each; four standard errors are 35.
    for (const count of firsts.values()) expect(Math.abs(count - 100)).toBeLessThan(35);
    expect(firsts.size).toBe(4);
  });

  it('numbers the trials of a condition without a gap, and asks of each what its bound allows', () => {
    const { steps } = planWith({});
    const trialsOf = (contestant: string, condition: string) =>
      stepsOf(steps, 'revocation')
        .filter((step) => step.contestant === contestant && step.condition === condition)
        .flatMap((step) => Array.from({ length: step.trials }, (_, index) => step.firstTrial + index));
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    for (const contestant of ['session', 'hybrid-hs256']) {
      expect(trialsOf(contestant, 'idle')).toEqual(upTo(25));
      expect(trialsOf(contestant, 'loaded')).toEqual(upTo(10));
      expect(trialsOf(contestant, 'redis-paused')).toEqual(upTo(2));
      expect(trialsOf(contestant, 'until-expiry')).toEqual([]);
    }
    expect(trialsOf('jwt-hs256', 'until-expiry')).toEqual(upTo(3));
    expect(stepsOf(steps, 'revocation').filter((step) => step.contestant === 'jwt-hs256')).toHaveLength(1);
    expect(stepsOf(steps, 'revocation').some((step) => step.contestant === 'none')).toBe(false);
    expect(stepsOf(steps, 'delivery').map((step) => step.condition)).toEqual(['idle', 'idle', 'idle', 'loaded']);
  });

  it('stops Redis only after everything else', () => {
    const { steps } = planWith({});
    const firstPause = steps.findIndex((step) => step.kind === 'revocation' && step.condition === 'redis-paused');
    expect(steps.slice(firstPause).every((step) => 'condition' in step && step.condition === 'redis-paused')).toBe(
      true,
    );
  });

  it('leaves out what the scenario does not ask for', () => {
    const { throughput: _throughput, revocation: _revocation, ...sizesOnly } = scenario;
    const kinds = planRun(sizesOnly, boundOf).steps.map((step) => step.kind);
    expect(new Set(kinds)).toEqual(new Set(['check', 'size']));
    expect(kinds.filter((kind) => kind === 'size')).toHaveLength(2 * 3);
  });

  it('expects every step to take some time', () => {
    expect(planWith({}).steps.every((step) => step.estimateMillis > 0)).toBe(true);
  });
});
