/** A scenario with a sweep is as many scenarios as it has levels, and each of them is planned and measured as one. */

import type { Traits } from '../../src/strategies/strategy.ts';
import { planRun, type RunPlan } from './plan.ts';
import type { Scenario } from './schema.ts';
import type { Sweep, SweepFactor } from './sweep-schema.ts';
import { claimProfiles, type TokenSizePlan } from './token-size-schema.ts';

/** The blocks that a sweep can repeat at each level. */
const sweptBlocks = ['throughput', 'openLoop', 'revocation', 'state', 'tokenSize'] as const;

/** Of each factor, the blocks that it acts on: without one of them every level would be the same. */
const blocksOf: Readonly<Record<SweepFactor, readonly (typeof sweptBlocks)[number][]>> = {
  'added-rtt-millis': ['throughput', 'openLoop', 'revocation'],
  connections: ['throughput'],
  credentials: ['throughput', 'openLoop'],
  nodes: ['revocation'],
  permissions: ['throughput', 'openLoop', 'tokenSize'],
  sessions: ['state'],
  roles: ['throughput', 'openLoop', 'tokenSize'],
  'rsa-bits': ['throughput', 'openLoop', 'tokenSize'],
};

/** What keeps a sweep from making sense of the rest of its scenario; null when nothing does. */
export function sweepFault(scenario: Pick<Scenario, 'sweep'> & Readonly<Record<string, unknown>>): string | null {
  const { sweep } = scenario;
  if (sweep === undefined) return null;
  const acted = blocksOf[sweep.factor];
  if (acted.every((block) => scenario[block] === undefined)) {
    return `changes nothing that is measured: ${sweep.factor} needs ${acted.join(' or ')} (an empty one will do)`;
  }
  if (sweep.factor === 'added-rtt-millis' && scenario.addedRttMillis !== undefined) {
    return 'is over what addedRttMillis fixes: leave one of them out';
  }
  const unswept = acted.includes('tokenSize') ? alwaysUnswept : [...alwaysUnswept, 'tokenSize'];
  const foreign = unswept.filter((block) => scenario[block] !== undefined);
  if (foreign.length > 0) {
    return `does not repeat ${foreign.join(' and ')}: give ${foreign.length === 1 ? 'it' : 'them'} a scenario without a sweep`;
  }
  return profilesFault(sweep.factor, scenario.tokenSize as TokenSizePlan | undefined);
}

const alwaysUnswept: readonly string[] = ['mistakes', 'lifecycle', 'roleChange', 'faults', 'attacks', 'chaos'];

/** One credential of each strategy is sized at each level. */
function profilesFault(factor: SweepFactor, plan: TokenSizePlan | undefined): string | null {
  if (plan === undefined) return null;
  const sized = claimProfiles(plan).length;
  if (factor === 'rsa-bits') return sized === 1 ? null : `sizes one profile at a time: tokenSize has ${sized}`;
  return plan.roles === undefined && plan.profiles === undefined
    ? null
    : `sizes the ${factor} of each level: leave roles and profiles out of tokenSize (\`tokenSize: {}\` will do)`;
}

/** The scenario as it is at one level, itself without a sweep. Another seed at each: another order of the contestants. */
export function scenarioAt(scenario: Scenario, { factor, levels }: Sweep, level: number): Scenario {
  const { sweep: _sweep, ...alike } = { ...scenario, seed: (scenario.seed + levels.indexOf(level)) % 4_294_967_296 };
  switch (factor) {
    case 'connections':
      return alike.throughput === undefined
        ? alike
        : { ...alike, throughput: { ...alike.throughput, connections: level } };
    case 'credentials':
      return { ...alike, credentials: level };
    case 'roles':
    case 'permissions':
      return alike.tokenSize === undefined ? alike : { ...alike, tokenSize: { profiles: [`${factor}-${level}`] } };
    case 'sessions':
      return alike.state === undefined ? alike : { ...alike, state: { ...alike.state, sessions: level } };
    case 'nodes':
      return alike.revocation === undefined ? alike : { ...alike, revocation: { ...alike.revocation, nodes: level } };
    default:
      // The stage is set otherwise, and the scenario is the same.
      return alike;
  }
}

/** Plans a run, whether it has a sweep or not: one level after the other. The same scenario and seed give the same plan. */
export function planScenario(scenario: Scenario, boundOf: (strategy: string) => Traits['bound']): RunPlan {
  const { sweep } = scenario;
  const distanceMillis = scenario.addedRttMillis === undefined ? 0 : setUpMillis['added-rtt-millis'];
  if (sweep === undefined) {
    const plan = planRun(scenario, boundOf);
    return { ...plan, estimateMillis: plan.estimateMillis + distanceMillis };
  }
  const plans = sweep.levels.map((level) => ({ level, plan: planRun(scenarioAt(scenario, sweep, level), boundOf) }));
  return {
    contestants: plans[0]?.plan.contestants ?? [],
    steps: plans.flatMap(({ level, plan }) => plan.steps.map((step) => ({ ...step, level }))),
    estimateMillis: plans.reduce(
      (sum, { plan }) => sum + plan.estimateMillis + setUpMillis[sweep.factor] + distanceMillis,
      0,
    ),
  };
}

/** Beside the steps of a level: what it takes to set its stage. */
const setUpMillis: Readonly<Record<SweepFactor, number>> = {
  'added-rtt-millis': 15_000,
  connections: 2_000,
  credentials: 2_000,
  nodes: 2_000,
  permissions: 2_000,
  sessions: 2_000,
  roles: 2_000,
  'rsa-bits': 4_000,
};
