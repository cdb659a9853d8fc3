/** Carries out a plan, step by step. */

import type { RunPlan, Step } from '../scenario/plan.ts';
import { AddedRoundTrip } from './added-round-trip.ts';
import { IdleWatch, recordIdle } from './idle-watch.ts';
import type { Lab } from './lab.ts';
import { checkContestant, measurePair, prepareCredentials, warmUp } from './load-steps.ts';
import { measurePhases, performMeasure } from './measure-steps.ts';
import { MistakeSteps } from './mistake-steps.ts';
import { Pace } from './pace.ts';
import { RevocationSteps } from './revocation-steps.ts';
import { RunningRatios } from './running-ratios.ts';
import { measureCredentialSize } from './size-steps.ts';
import { Stage } from './stage.ts';
import { labAt } from './sweep-levels.ts';
import { countTokenCache } from './token-cache-steps.ts';

const phases: Readonly<Record<Step['kind'], string>> = {
  check: 'checking that contestants work',
  size: 'measuring credentials',
  mistake: 'making the classic mistakes',
  prepare: 'logging in',
  'warm-up': 'warming up',
  pair: 'measuring cost and throughput',
  delivery: 'measuring revocation',
  revocation: 'measuring revocation',
  ...measurePhases,
};

/** Who carries the steps out. */
interface Crew {
  readonly stage: Stage;
  readonly revocations: RevocationSteps;
  readonly mistakes: MistakeSteps;
  readonly ratios: RunningRatios;
  readonly idle: IdleWatch;
  readonly pace: Pace;
}

/** Throws what a step throws; steps that an abort cuts short throw ERR_INTERRUPTED. */
export async function perform(lab: Lab, plan: RunPlan): Promise<void> {
  const { sweep, addedRttMillis } = lab.scenario;
  const distance = new AddedRoundTrip();
  const pace = new Pace();
  try {
    if (sweep === undefined) {
      const placed = addedRttMillis === undefined ? lab : await distance.over(lab, addedRttMillis);
      return await performFrom(placed, pace, plan, 0);
    }
    for (const level of sweep.levels) {
      const from = plan.steps.findIndex((step) => step.level === level);
      await performFrom(await labAt(lab, sweep, level, distance), pace, plan, from);
    }
  } finally {
    await distance.close();
  }
}

/** The steps of one level, or all where there are none. */
async function performFrom(lab: Lab, pace: Pace, plan: RunPlan, from: number): Promise<void> {
  const stage = new Stage(lab);
  const crew = {
    stage,
    revocations: new RevocationSteps(lab, stage),
    mistakes: new MistakeSteps(lab, stage),
    ratios: new RunningRatios(),
    idle: new IdleWatch(lab.scenario.beatIntervalMillis),
    pace,
  };
  const level = plan.steps[from]?.level;
  try {
    for (let next = from; next < plan.steps.length && plan.steps[next]?.level === level; ) {
      const together = stepsTogether(plan.steps, next);
      await announce(lab, crew, plan, next);
      lab.signal.throwIfAborted();
      // What nobody can write to voids one trial after the other, and never says why.
      await lab.demandRedis();
      const begunMillis = performance.now();
      await performTogether(lab, crew, together);
      pace.done(together, performance.now() - begunMillis);
      next += together.length;
    }
  } finally {
    await crew.revocations.close();
  }
  // The nodes of a run go with the run; those of a level would disturb the next.
  if (level !== undefined) await stage.close();
}

/**
 * Steps that take the same time at the same time: all who can only wait for an expiry, and all contestants of one stop of
 * Redis. Every other step has the machine for itself.
 */
function stepsTogether(steps: readonly Step[], from: number): readonly Step[] {
  const meeting = meetingOf(steps[from]);
  let end = from + 1;
  if (meeting !== null) while (meetingOf(steps[end]) === meeting) end += 1;
  return steps.slice(from, end);
}

type PairStep = Extract<Step, { readonly kind: 'pair' }>;
type PausedStep = Extract<Step, { readonly kind: 'revocation' }> & { readonly condition: 'redis-paused' };

function isPaused(step: Step): step is PausedStep {
  return step.kind === 'revocation' && step.condition === 'redis-paused';
}

function meetingOf(step: Step | undefined): string | null {
  if (step?.kind !== 'revocation') return null;
  if (step.condition === 'until-expiry') return 'until-expiry';
  return step.condition === 'redis-paused' ? `redis-paused ${step.firstTrial}` : null;
}

async function announce(lab: Lab, { stage, mistakes, ratios, pace }: Crew, plan: RunPlan, next: number): Promise<void> {
  const step = plan.steps[next];
  const previous = plan.steps[next - 1];
  if (step === undefined || (previous !== undefined && phases[previous.kind] === phases[step.kind])) return;
  lab.progress.phase(phases[step.kind], pace.remainingMillis(plan, next));
  if (previous?.kind === 'pair' && ratios.text() !== '') lab.progress.note(`requests/s over none: ${ratios.text()}`);
  if (previous?.kind === 'size') await stage.stop('claims');
  if (previous?.kind === 'mistake') await Promise.all([stage.stop('attack'), mistakes.close()]);
  if (!logsIn(step)) await stage.stop('alone');
  if (previous !== undefined && isUnderLoad(previous) && !(isUnderLoad(step) && goOn(previous, step)))
    await stage.stop('pair');
  if (previous?.kind === 'lifecycle' || previous?.kind === 'role-change') await stage.stop(previous.kind);
}

/** Steps before the load, at the nodes on which each contestant stands alone. */
function logsIn({ kind }: Step): boolean {
  return kind === 'check' || kind === 'size' || kind === 'mistake' || kind === 'prepare';
}

/** Steps that share the pairs of nodes. */
function isUnderLoad({ kind }: Step): boolean {
  return kind === 'warm-up' || kind === 'pair' || kind === 'open-loop';
}

/** A warm-up after pairs begins with new processes. */
function goOn(previous: Step, next: Step): boolean {
  return !(previous.kind === 'pair' && next.kind === 'warm-up');
}

async function performTogether(lab: Lab, crew: Crew, steps: readonly Step[]): Promise<void> {
  const { stage, revocations } = crew;
  const paused = steps.filter(isPaused).filter((step) => !stage.isExcluded(step.contestant));
  if (paused.length > 0) await revocations.measurePaused(paused);
  else await Promise.all(steps.map((step) => performStep(lab, crew, step)));
}

async function performStep(lab: Lab, crew: Crew, step: Step): Promise<void> {
  const { stage, revocations, mistakes } = crew;
  if (step.kind === 'delivery') return revocations.measureDelivery(step.condition, step.samples);
  if (step.kind === 'mistake') return mistakes.try(step.mistake);
  if (step.kind === 'fault' || step.kind === 'attack' || step.kind === 'chaos') return performMeasure(lab, stage, step);
  const { contestant } = step;
  if (stage.isExcluded(contestant)) return;
  lab.progress.step(contestant);
  switch (step.kind) {
    case 'check':
      return checkContestant(lab, stage, contestant);
    case 'size':
      return measureCredentialSize(lab, stage, contestant, step.claims);
    case 'prepare':
      return prepareCredentials(lab, stage, contestant, step.credentials);
    case 'warm-up':
      return warmUp(lab, stage, contestant, step.durationMillis);
    case 'pair':
      return performPair(lab, crew, step);
    case 'revocation':
      return revocations.measure(step);
    default:
      return performMeasure(lab, stage, step);
  }
}

async function performPair(lab: Lab, { stage, ratios, idle }: Crew, step: PairStep): Promise<void> {
  const { contestant, round } = step;
  lab.progress.step(`round ${round} of ${lab.scenario.throughput?.rounds}, ${ratios.of(contestant)}`);
  const pair = await stage.pair(contestant);
  await recordIdle(lab, idle, pair, step);
  ratios.add(await measurePair(lab, stage, contestant, step));
  await countTokenCache(lab, stage, contestant, round);
  await idle.begin(contestant, pair);
}
