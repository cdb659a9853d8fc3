import { describe, expect, it } from 'vitest';
import { planRun, type RunPlan, type Step } from '../scenario/plan.ts';
import { scenarioSchema } from '../scenario/schema.ts';
import { Pace } from './pace.ts';

const plan: RunPlan = planRun(
  scenarioSchema.parse({
    name: 'paced',
    question: 'How long?',
    strategies: ['session'],
    throughput: { rounds: 4, processes: 2 },
    revocation: { idleTrials: 10, loadedTrials: 10 },
  }),
  () => 'zero',
);
const estimateOf = (steps: readonly Step[]) => steps.reduce((sum, { estimateMillis }) => sum + estimateMillis, 0);
const from = (kind: Step['kind'], after = 0) =>
  plan.steps.findIndex((step, index) => index >= after && step.kind === kind);

describe('the time that is left', () => {
  it('is the plan’s before anything was done, and nothing at the end', () => {
    expect(new Pace().remainingMillis(plan, 0)).toBe(plan.estimateMillis);
    expect(new Pace().remainingMillis(plan, plan.steps.length)).toBe(0);
  });

  it('learns from the first warm-ups how long the later ones take, and of those alone', () => {
    const pace = new Pace();
    const [warmUp, pair] = [from('warm-up'), from('pair')];
    const first = plan.steps.slice(warmUp, pair);
    // Half as fast as the machine from which the estimates are.
    for (const step of first) pace.done([step], 2 * step.estimateMillis);
    const later = plan.steps.slice(pair).filter(({ kind }) => kind === 'warm-up');
    expect(later).toHaveLength(first.length);
    expect(pace.remainingMillis(plan, pair)).toBeCloseTo(estimateOf(plan.steps.slice(pair)) + estimateOf(later));
  });

  it('learns nothing of loaded trials from idle ones', () => {
    const pace = new Pace();
    const idle = plan.steps.filter((step) => step.kind === 'revocation' && step.condition === 'idle');
    pace.done(idle, 3 * estimateOf(idle));
    expect(pace.remainingMillis(plan, 0)).toBeCloseTo(plan.estimateMillis + 2 * estimateOf(idle));
  });
});
