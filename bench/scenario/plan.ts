/** From a scenario to the ordered list of everything a run does: pure and seeded, so that a run can be repeated. */

import { type RandomFraction, seededFraction } from '../../src/kernel/random.ts';
import type { Traits } from '../../src/strategies/strategy.ts';
import { pairEstimateMillis, pairStartMillis, warmUpEstimateMillis } from './load-estimates.ts';
import { balancedOrders, shuffled } from './orders.ts';
import { type MeasureAction, measureActions, measureEstimateMillis } from './plan-measures.ts';
import type { MistakeName, RevocationPlan, Scenario, ThroughputPlan } from './schema.ts';
import { claimProfiles } from './token-size-schema.ts';

/** The contestant that checks nothing; every other one is measured against it, and it against itself. */
export const reference = 'none';

export type StepAction =
  /** Valid credentials are accepted and forged ones are not, or nothing about this contestant is worth measuring. */
  | { readonly kind: 'check'; readonly contestant: string }
  /** Bytes of the credential of a user of this claim profile. */
  | { readonly kind: 'size'; readonly contestant: string; readonly claims: string }
  /** One classic mistake: a server that makes it and every strategy that it could be made with, under the same attack. */
  | { readonly kind: 'mistake'; readonly mistake: MistakeName }
  /** Logs in until there are so many distinct credentials. */
  | { readonly kind: 'prepare'; readonly contestant: string; readonly credentials: number }
  | { readonly kind: 'warm-up'; readonly contestant: string; readonly durationMillis: number }
  /** Two adjacent windows, contestant and reference, `round` counted from 1. */
  | {
      readonly kind: 'pair';
      readonly contestant: string;
      readonly round: number;
      readonly order: 'contestant-first' | 'reference-first';
      /** Which of its processes, from 1: each begins with the warm-ups before its first pair. */
      readonly process: number;
    }
  /** Bare delivery times of Redis, beside the revocations of the same condition; loaded means the reference's load. */
  | { readonly kind: 'delivery'; readonly condition: 'idle' | 'loaded'; readonly samples: number }
  /** Trials `firstTrial` (from 1) and the following; under `until-expiry` all of them at once. */
  | {
      readonly kind: 'revocation';
      readonly contestant: string;
      readonly condition: 'idle' | 'loaded' | 'redis-paused' | 'until-expiry';
      readonly firstTrial: number;
      readonly trials: number;
    }
  | MeasureAction;

export type Step = StepAction & {
  /** Of the sweep; absent without one. */
  readonly level?: number;
  /** About how long it takes, for the display of the time that is left. */
  readonly estimateMillis: number;
};

export interface RunPlan {
  readonly contestants: readonly string[];
  readonly steps: readonly Step[];
  readonly estimateMillis: number;
}

/** Trials in a row with one contestant before it is the next one's turn: slow drift of the machine meets all alike. */
const trialsPerTurn = 10;
/** Delivery times per condition, spread over its turns. */
const deliverySamples = 200;

/**
 * Plans a run of a scenario that `parseScenario` has accepted. The same scenario and seed give the same plan.
 *
 * @param boundOf The published bound of a strategy: one that cannot revoke is watched until its credential expires.
 */
export function planRun(scenario: Scenario, boundOf: (strategy: string) => Traits['bound']): RunPlan {
  const contestants = [reference, ...scenario.strategies];
  const fraction = seededFraction(scenario.seed);
  const actions = [
    ...contestants.map((contestant): StepAction => ({ kind: 'check', contestant })),
    ...sizeActions(scenario, contestants),
    ...(scenario.mistakes?.tried ?? []).map((mistake): StepAction => ({ kind: 'mistake', mistake })),
    ...prepareActions(scenario, contestants),
    ...loadActions(scenario, contestants, fraction),
    ...measureActions({ scenario, contestants, fraction }),
    ...(scenario.revocation === undefined
      ? []
      : revocationActions(scenario.revocation, scenario.strategies, boundOf, fraction)),
  ];
  const steps = actions.map((action) => ({ ...action, estimateMillis: estimateMillis(action, scenario) }));
  return { contestants, steps, estimateMillis: sumOfEstimates(steps) };
}

function sumOfEstimates(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.estimateMillis, 0);
}

function sizeActions(scenario: Scenario, contestants: readonly string[]): StepAction[] {
  return claimProfiles(scenario.tokenSize).flatMap((claims) =>
    contestants
      .filter((contestant) => contestant !== reference)
      .map((contestant): StepAction => ({ kind: 'size', contestant, claims })),
  );
}

function prepareActions(scenario: Scenario, contestants: readonly string[]): StepAction[] {
  if ((scenario.throughput ?? scenario.openLoop) === undefined && (scenario.revocation?.loadedTrials ?? 0) === 0)
    return [];
  const { credentials } = scenario;
  return contestants.map((contestant) => ({ kind: 'prepare', contestant, credentials }));
}

function warmUpActions({ throughput, openLoop }: Scenario, contestants: readonly string[]): StepAction[] {
  const { warmupMillis: durationMillis = 0 } = throughput ?? openLoop ?? {};
  const isOne = (throughput?.processes ?? 1) === 1;
  if (durationMillis === 0 && isOne && throughput?.warmupEveryToken !== true) return [];
  return contestants.map((contestant) => ({ kind: 'warm-up', contestant, durationMillis }));
}

/** The rounds, with the warm-ups of new processes before each part of them. */
function loadActions(scenario: Scenario, contestants: readonly string[], fraction: RandomFraction): StepAction[] {
  const { throughput } = scenario;
  if (throughput === undefined) return warmUpActions(scenario, contestants);
  const pairs = throughputActions(throughput, contestants, fraction);
  return Array.from({ length: throughput.processes }, (_, index) => [
    ...warmUpActions(scenario, contestants),
    ...pairs.filter((pair) => pair.process === index + 1),
  ]).flat();
}

type PairAction = Extract<StepAction, { kind: 'pair' }>;

/** Rounds: each holds one pair of every contestant, in an order of its own. */
function throughputActions(
  { rounds, processes }: ThroughputPlan,
  contestants: readonly string[],
  fraction: RandomFraction,
): PairAction[] {
  const orders = new Map(contestants.map((contestant) => [contestant, balancedOrders(rounds, fraction)]));
  return Array.from({ length: rounds }, (_, index) =>
    shuffled(contestants, fraction).map((contestant): PairAction => {
      const order = orders.get(contestant)?.[index] ?? 'contestant-first';
      const process = Math.floor((index * processes) / rounds) + 1;
      return { kind: 'pair', contestant, round: index + 1, order, process };
    }),
  ).flat();
}

function revocationActions(
  plan: RevocationPlan,
  strategies: readonly string[],
  boundOf: (strategy: string) => Traits['bound'],
  fraction: RandomFraction,
): StepAction[] {
  const revocable = strategies.filter((name) => boundOf(name) === 'zero' || boundOf(name) === 'staleness-limit');
  const expiring = strategies.filter((name) => boundOf(name) === 'remaining-lifetime');
  const trials = plan.untilExpiryTrials;
  return [
    ...turns('idle', plan.idleTrials, trialsPerTurn, revocable, fraction),
    ...turns('loaded', plan.loadedTrials, trialsPerTurn, revocable, fraction),
    ...(trials === 0 ? [] : shuffled(expiring, fraction)).map(
      (contestant): StepAction => ({
        kind: 'revocation',
        contestant,
        condition: 'until-expiry',
        firstTrial: 1,
        trials,
      }),
    ),
    // Last, because a Redis that was stopped leaves backlogs behind.
    ...turns('redis-paused', plan.redisPausedTrials, 1, revocable, fraction),
  ];
}

/** Turns of a few trials, every contestant once before anyone is twice, with delivery times between. */
function turns(
  condition: 'idle' | 'loaded' | 'redis-paused',
  allTrials: number,
  perTurn: number,
  contestants: readonly string[],
  fraction: RandomFraction,
): StepAction[] {
  if (contestants.length === 0) return [];
  const count = Math.ceil(allTrials / perTurn);
  // As many as trials, at least: what carries a percentile here has one there to be held against.
  const samples = Math.ceil(Math.max(deliverySamples, allTrials) / Math.max(count, 1));
  return Array.from({ length: count }, (_, turn) => {
    const firstTrial = turn * perTurn + 1;
    const trials = Math.min(perTurn, allTrials - turn * perTurn);
    return [
      ...(condition === 'redis-paused' ? [] : [{ kind: 'delivery' as const, condition, samples }]),
      ...shuffled(contestants, fraction).map(
        (contestant): StepAction => ({ kind: 'revocation', contestant, condition, firstTrial, trials }),
      ),
    ];
  }).flat();
}

/** From runs on a two-core machine; only the display of the time left depends on them. */
function estimateMillis(action: StepAction, scenario: Scenario): number {
  switch (action.kind) {
    case 'check':
      return 250;
    case 'size':
      return 300;
    case 'mistake':
      return mistakeMillis(action.mistake, scenario);
    case 'prepare':
      return prepareMillis(action.credentials);
    case 'warm-up':
      return (
        pairStartMillis + warmUpEstimateMillis(Math.max(action.durationMillis, everyTokenMillis(action, scenario)))
      );
    case 'pair':
      return pairEstimateMillis(scenario.throughput);
    case 'delivery':
      return (action.condition === 'loaded' ? 400 : 50) + action.samples;
    case 'revocation':
      return revocationMillis(action, scenario);
    default:
      return measureEstimateMillis(action, scenario);
  }
}

/** Until a cache has been asked for all of them; a token that is new to it takes the longest. */
function everyTokenMillis({ contestant }: { readonly contestant: string }, scenario: Scenario): number {
  const asksForAll = scenario.throughput?.warmupEveryToken === true && contestant.includes('cache');
  return asksForAll ? 0.25 * scenario.credentials : 0;
}

/** The first by logins over HTTP, the others in bulk by a process that is started for it. */
function prepareMillis(credentials: number): number {
  const bulk = Math.max(0, credentials - 2_000);
  return 300 + 1.3 * (credentials - bulk) + (bulk === 0 ? 0 : 1_000 + 0.3 * bulk);
}

/** Two of them wait for the end of a token, and a second more. */
function mistakeMillis(mistake: MistakeName, { mistakes }: Scenario): number {
  const waits = mistake === 'no-expiry' || mistake === 'no-revocation';
  return 250 + (waits ? 1_000 * ((mistakes?.accessTokenLifetimeSeconds ?? 0) + 2) : 0);
}

/** Each slice is handed over, and read before and after. */
function revocationMillis(action: Extract<StepAction, { kind: 'revocation' }>, scenario: Scenario): number {
  switch (action.condition) {
    case 'idle':
      return 60 * action.trials;
    case 'loaded':
      return 400 + 90 * action.trials;
    case 'until-expiry':
      return 1_000 * ((scenario.revocation?.untilExpiryLifetimeSeconds ?? 0) + 2) + 20 * action.trials;
    case 'redis-paused':
      // One stop of Redis serves all contestants; each carries its part.
      return ((scenario.stalenessLimitMillis + 2_500) * action.trials) / Math.max(1, scenario.strategies.length);
  }
}
