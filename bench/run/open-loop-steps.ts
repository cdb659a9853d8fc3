/** Windows at a fixed arrival rate: the contestant's and the reference's, one right after the other. */

import type { LabNode } from '../environment/environment.ts';
import type { OpenLoopAction } from '../scenario/plan-open-loop.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

export async function measureOpenLoop(lab: Lab, stage: Stage, action: OpenLoopAction): Promise<void> {
  const { contestant: name, round, order } = action;
  const { openLoop } = lab.scenario;
  if (openLoop === undefined) return;
  const { ratePerSecond, windowMillis: durationMillis, rampMillis, connections } = openLoop;
  const { contestant, node, reference } = await stage.pair(name);
  const window = ({ baseUrl }: LabNode) =>
    lab.generator.runOpenLoop({
      baseUrl,
      path: contestant.protectedPath,
      connections,
      credentialsKey: name,
      ratePerSecond,
      durationMillis,
      rampMillis,
    });
  const isFirst = order === 'contestant-first';
  const first = await window(isFirst ? node : reference);
  const second = await window(isFirst ? reference : node);
  const [contestantSample, referenceSample] = isFirst ? [first, second] : [second, first];
  lab.record({ type: 'OpenLoopMeasured', contestant: name, round, order, contestantSample, referenceSample });
}
