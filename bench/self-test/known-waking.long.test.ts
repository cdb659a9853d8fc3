/**
 * Self-test of the load generator's staying awake: a contestant that does nothing but let the answers of one turn of its
 * event loop leave together, as they do after a look-up. It is cheaper than the reference, for what is done again and again
 * is at hand in the caches. A generator that sleeps makes it look cheaper still: a server pays for waking that one, and this
 * contestant once a turn. On two cores of a virtual machine, 64 connections: 19 microseconds a request and 43. Needs `dist`.
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
    '(skipped where a run has not both, one that sleeps and one that does not: it has them on two cores) looks cheaper to a generator that sleeps',
    async () => {
      const awake = (await costOfAnsweringTogether(false)).nodeCpuMicros;
      const asleep = (await costOfAnsweringTogether(true)).nodeCpuMicros;
      tellFigures('answers that leave together, by a generator that stays awake and by one that sleeps', {
        awake,
        asleep,
      });
      expect(asleep.high).toBeLessThan(awake.low);
    },
  );
});
