import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, newTally, play, stories, type Tally, tell, worldOptions } from './randomized.contract.ts';

const { AUTHLAB_SEED: seed, AUTHLAB_PATH: path, AUTHLAB_REPLAY: replayPath, AUTHLAB_SECONDS: seconds } = process.env;

/**
 * Unless told otherwise: so many runs of each of these seeds, the same every time, so that a red test is the change's
 * fault. AUTHLAB_SEED plays another, and AUTHLAB_SECONDS others, one seed after the other, until it is over.
 */
const runs = 500;
const usualSeeds = [1, 2];

async function playSeed(played: number, tally: Tally): Promise<void> {
  const property = fc.asyncProperty(worldOptions, stories(replayPath), async (options, story) => {
    count(tally, await play(options, story));
  });
  const details = await fc.check(property, {
    numRuns: runs,
    // Where the time is given, somebody waits for the answer, and not for the shortest story.
    endOnFailure: seconds !== undefined,
    seed: played,
    ...(path === undefined ? {} : { path }),
  });
  if (details.failed) throw new Error(tell(details));
}

/** A judge who has seen nothing has proved nothing. */
function expectEventful(tally: Tally): void {
  const of = (name: string): number => (tally.outcomes[name] ?? 0) / tally.runs;
  expect(tally.runs).toBeGreaterThan(100);
  expect(of('use ok')).toBeGreaterThan(2);
  expect(of('use refused')).toBeGreaterThan(2);
  expect(of('use unknown')).toBeGreaterThan(1);
  expect(of('refresh ok')).toBeGreaterThan(1);
  expect(of('logout ok')).toBeGreaterThan(0.5);
  expect(tally.certainEnds / tally.runs).toBeGreaterThan(0.5);
  expect(tally.crashes / tally.runs).toBeGreaterThan(0.2);
}

describe('whatever happens to nodes, servers, links and clocks', () => {
  if (seconds === undefined) {
    const seeds = seed === undefined ? usualSeeds : [Number(seed)];
    test.each(seeds)('every answer keeps I1 to I16: seed %i', { timeout: 180_000 }, async (played) => {
      const tally = newTally();
      await playSeed(played, tally);
      if (path === undefined) expectEventful(tally);
    });
  } else {
    const forMillis = Number(seconds) * 1_000;
    test(`every answer keeps I1 to I16: for ${seconds} s`, { timeout: forMillis + 120_000 }, async () => {
      const first = seed === undefined ? Date.now() % 1_000_000_000 : Number(seed);
      const until = Date.now() + forMillis;
      const tally = newTally();
      let next = first;
      for (; Date.now() < until; next += 1) await playSeed(next, tally);
      console.info(`${tally.runs} runs of the seeds ${first} to ${next - 1}: ${JSON.stringify(tally)}`);
      expectEventful(tally);
    });
  }

  test('the same seed gives the same history, to the last request and millisecond', async () => {
    const samples = fc.sample(fc.tuple(worldOptions, stories()), { seed: 7, numRuns: 20 });
    for (const [options, story] of samples) {
      const first = (await play(options, story)).summary();
      const second = (await play(options, story)).summary();
      expect(second).toBe(first);
    }
  });
});
