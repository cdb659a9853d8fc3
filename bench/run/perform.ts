/** Carries out a plan, step by step. */

import { type RunPlan, remainingMillis, type Step } from '../scenario/plan.ts';
import type { Lab } from './lab.ts';
import { checkContestant, measureCredentialSize, measurePair, prepareCredentials, warmUp } from './load-steps.ts';
import { RevocationSteps } from './revocation-steps.ts';
import { Stage } from './stage.ts';

const phases: Readonly<Record<Step['kind'], string>> = {
  check: 'checking that contestants work',
  size: 'measuring credentials',
  prepare: 'logging in',
  'warm-up': 'warming up',
  pair: 'measuring cost and throughput',
  delivery: 'measuring revocation',
  revocation: 'measuring revocation',
};

/** Throws what a step throws; steps that an abort cuts short throw ERR_INTERRUPTED. */
export async function perform(lab: Lab, plan: RunPlan): Promise<void> {
  const stage = new Stage(lab);
  const revocations = new RevocationSteps(lab, stage);
  try {
    for (let next = 0; next < plan.steps.length; ) {
      const together = stepsTogether(plan.steps, next);
      await announce(lab, stage, plan, next);
      lab.signal.throwIfAborted();
      await Promise.all(together.map((step) => performStep(lab, stage, revocations, step)));
      next += together.length;
    }
  } finally {
    await revocations.close();
  }
}

/** Waiting for expiry is mostly waiting: all who must do it wait at the same time. */
function stepsTogether(steps: readonly Step[], from: number): readonly Step[] {
  const waits = (step: Step | undefined) => step?.kind === 'revocation' && step.condition === 'until-expiry';
  let end = from + 1;
  if (waits(steps[from])) while (waits(steps[end])) end += 1;
  return steps.slice(from, end);
}

async function announce(lab: Lab, stage: Stage, plan: RunPlan, next: number): Promise<void> {
  const step = plan.steps[next];
  const previous = plan.steps[next - 1];
  if (step === undefined || (previous !== undefined && phases[previous.kind] === phases[step.kind])) return;
  lab.progress.phase(phases[step.kind], remainingMillis(plan, next));
  if (previous?.kind === 'size') await stage.stop('roles');
  if (previous?.kind === 'pair') await stage.stop('alone', 'reference');
}

async function performStep(lab: Lab, stage: Stage, revocations: RevocationSteps, step: Step): Promise<void> {
  if (step.kind === 'delivery') return revocations.measureDelivery(step.condition, step.samples);
  const { contestant } = step;
  if (stage.isExcluded(contestant)) return;
  lab.progress.step(contestant);
  switch (step.kind) {
    case 'check':
      return checkContestant(lab, stage, contestant);
    case 'size':
      return measureCredentialSize(lab, stage, contestant, step.roles);
    case 'prepare':
      return prepareCredentials(lab, stage, contestant, step.credentials);
    case 'warm-up':
      return warmUp(lab, stage, contestant, step.durationMillis);
    case 'pair':
      return measurePair(lab, stage, contestant, step);
    case 'revocation':
      return revocations.measure(step);
  }
}
