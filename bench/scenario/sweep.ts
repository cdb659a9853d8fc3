/** A scenario with a sweep is as many scenarios as it has levels, and each of them is planned and measured as one. */

import type { Traits } from '../../src/strategies/strategy.ts';
import { planRun, type RunPlan } from './plan.ts';
import type { Scenario } from './schema.ts';
import type { Sweep, SweepFactor } from './sweep-schema.ts';

/** The blocks that a sweep repeats at each level. */
export const sweptBlocks = ['throughput', 'openLoop', 'revocation', 'state'] as const;

/** Of each factor, the blocks that it acts on: without one of them every level would be the same. */
const blocksOf: Readonly<Record<SweepFactor, readonly (typeof sweptBlocks)[number][]>> = {
  'added-rtt-millis': ['throughput', 'openLoop', 'revocation'],
  connections: ['throughput'],
  credentials: ['throughput', 'openLoop'],
  nodes: ['revocation'],
  sessions: ['state'],
  roles: ['throughput', 'openLoop'],
  'rsa-bits': ['throughput', 'openLoop'],
};

/** What keeps a sweep from making sense of the rest of its scenario; null when nothing does. */
export function sweepFault(scenario: Pick<Scenario, 'sweep'> & Readonly<Record<string, unknown>>): string | null {
  const { sweep } = scenario;
  if (sweep === undefined) return null;
  const acted = blocksOf[sweep.factor];
  if (acted.every((block) => scenario[block] === undefined)) {
    return `changes nothing that is measured: ${sweep.factor} needs ${acted.join(' or ')} (an empty one will do)`;
  }
  const foreign = unsweptBlocks.filter((block) => scenario[block] !== undefined);
  if (foreign.length === 0) return null;
  return `does not repeat ${foreign.join(' and ')}: give ${foreign.length === 1 ? 'it' : 'them'} a scenario without a sweep`;
}

const unsweptBlocks = ['tokenSize', 'mistakes', 'lifecycle', 'roleChange', 'faults'] as const;

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
  if (sweep === undefined) return planRun(scenario, boundOf);
  const plans = sweep.levels.map((level) => ({ level, plan: planRun(scenarioAt(scenario, sweep, level), boundOf) }));
  return {
    contestants: plans[0]?.plan.contestants ?? [],
    steps: plans.flatMap(({ level, plan }) => plan.steps.map((step) => ({ ...step, level }))),
    estimateMillis: plans.reduce((sum, { plan }) => sum + plan.estimateMillis + setUpMillis[sweep.factor], 0),
  };
}

/** Beside the steps of a level: what it takes to set its stage. */
const setUpMillis: Readonly<Record<SweepFactor, number>> = {
  'added-rtt-millis': 15_000,
  connections: 2_000,
  credentials: 2_000,
  nodes: 2_000,
  sessions: 2_000,
  roles: 2_000,
  'rsa-bits': 4_000,
};
