/** Carries out the steps of the measures beside cost, revocation, size and mistakes. */

import type { MeasureAction } from '../scenario/plan-measures.ts';
import { tryAttacks } from './attack-steps.ts';
import { performChaos } from './chaos-steps.ts';
import { inflictFault } from './fault-steps.ts';
import type { Lab } from './lab.ts';
import { measureLifecycle, measureRoleChanges } from './lifecycle-steps.ts';
import { measureOpenLoop } from './open-loop-steps.ts';
import type { Stage } from './stage.ts';
import { measureState } from './state-steps.ts';

/** What the display says while they run. */
export const measurePhases: Readonly<Record<MeasureAction['kind'], string>> = {
  'open-loop': 'measuring latency at a fixed rate',
  state: 'measuring what sessions occupy',
  lifecycle: 'measuring login, refresh and logout',
  'role-change': 'changing roles',
  fault: 'breaking things',
  attack: 'attacking',
  chaos: 'breaking things at random',
};

/** Throws what the measure throws. */
export async function performMeasure(lab: Lab, stage: Stage, action: MeasureAction): Promise<void> {
  switch (action.kind) {
    case 'open-loop':
      return measureOpenLoop(lab, stage, action);
    case 'state':
      return measureState(lab, stage, action);
    case 'lifecycle':
      return measureLifecycle(lab, stage, action);
    case 'role-change':
      return measureRoleChanges(lab, stage, action);
    case 'fault':
      return inflictFault(lab, stage, action);
    case 'attack':
      return tryAttacks(lab, stage, action);
    case 'chaos':
      return performChaos(lab, stage, action);
  }
}
