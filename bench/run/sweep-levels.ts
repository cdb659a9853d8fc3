/** The levels of a sweep, one after the other: each a lab of its own, with a realm, secrets and nodes that no other has. */

import { systemRandomBytes } from '../../src/kernel/random.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { scenarioAt } from '../scenario/sweep.ts';
import type { Sweep } from '../scenario/sweep-schema.ts';
import type { AddedRoundTrip } from './added-round-trip.ts';
import type { Lab } from './lab.ts';

/** The lab as it is at this level; all that is recorded by it says so. */
export async function labAt(whole: Lab, sweep: Sweep, level: number, distance: AddedRoundTrip): Promise<Lab> {
  const { factor, levels } = sweep;
  const { addedRttMillis } = whole.scenario;
  const lab: Lab = {
    ...whole,
    scenario: scenarioAt(whole.scenario, sweep, level),
    realm: `${whole.realm}-${levels.indexOf(level) + 1}`,
    record: (event) => whole.record({ ...event, level }),
  };
  whole.progress.note(`${factor} ${level}`);
  if (factor === 'added-rtt-millis') return distance.over(lab, level);
  const placed = addedRttMillis === undefined ? lab : await distance.over(lab, addedRttMillis);
  switch (factor) {
    case 'roles':
    case 'permissions':
      return { ...placed, nodeDefaults: { claims: `${factor}-${level}` } };
    case 'rsa-bits':
      return { ...placed, secrets: await createLabSecrets(systemRandomBytes, level) };
    default:
      return placed;
  }
}
