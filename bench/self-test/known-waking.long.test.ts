/**
 * Self-test of the load generator's staying awake: a contestant that does nothing but let the answers of one turn of its
 * event loop leave together, as they do after a look-up. A server pays for waking a generator that sleeps, and that one pays
 * for it once a turn: it would be found cheaper than the reference. Needs `dist`.
 */

import { describe, expect, it } from 'vitest';
import { planPinning, planWaiting } from '../environment/cores.ts';
import { measuredOf, resultsOfRun, tellFigures } from './known-run.contract.ts';
import { standIn } from './known-server.contract.ts';

const waiting = await planWaiting(await planPinning());

/** Microseconds of CPU a request over the reference; with so many connections, most turns bring more than one request. */
async function costOfAnsweringTogether(generatorSleeps: boolean) {
  const throughput = { rounds: 8, windowMillis: 400, warmupMillis: 1_500, connections: 64 };
  const asked = { strategies: [standIn], credentials: 200, throughput };
  const results = await resultsOfRun(asked, { answersTogether: true }, { generatorSleeps });
  return measuredOf(results, standIn, ({ cost }) => cost);
}

describe('a contestant whose answers leave together', () => {
  it.skipIf(waiting !== 'awake-giving-way')(
    '(skipped where a run has not both, one that sleeps and one that does not: it has them on two cores) costs no less than the reference',
    async () => {
      const awake = await costOfAnsweringTogether(false);
      const asleep = await costOfAnsweringTogether(true);
      tellFigures('answers that leave together, by a generator that stays awake and by one that sleeps', {
        awake: awake.nodeCpuMicros,
        asleep: asleep.nodeCpuMicros,
      });
      expect(awake.verdict).not.toBe('costs less');
      expect(asleep.nodeCpuMicros.estimate).toBeLessThan(awake.nodeCpuMicros.estimate);
    },
  );
});
