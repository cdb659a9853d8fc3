import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, newTally, play, stories, tell, worldOptions } from './randomized.contract.ts';

const { AUTHLAB_SEED: seed, AUTHLAB_PATH: path, AUTHLAB_REPLAY: replayPath, AUTHLAB_SECONDS: seconds } = process.env;

/**
 * Unless told otherwise: so many runs of each of these seeds, the same every time, so that a red test is the change's
 * fault. AUTHLAB_SECONDS plays others, for as long as it says.
 */
const runs = 500;
const usualSeeds = [1, 2, 3, 4, 5];
const seeds = seed !== undefined ? [Number(seed)] : seconds === undefined ? usualSeeds : [Date.now() % 1_000_000_000];
const limitMillis = (seconds === undefined ? 120 : Number(seconds)) * 1_000;

describe('whatever happens to nodes, servers, links and clocks', () => {
  test.each(seeds)('every answer keeps I1 to I16: seed %i', { timeout: limitMillis + 60_000 }, async (played) => {
    const tally = newTally();
    const property = fc.asyncProperty(worldOptions, stories(replayPath), async (options, story) => {
      count(tally, await play(options, story));
    });
    const details = await fc.check(property, {
      numRuns: seconds === undefined ? runs : Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: limitMillis,
      // Where the time is given, somebody waits for the answer, and not for the shortest story.
      endOnFailure: seconds !== undefined,
      seed: played,
      ...(path === undefined ? {} : { path }),
    });
    if (details.failed) throw new Error(tell(details));
    if (path !== undefined) return;

    console.info(`${tally.runs} runs of seed ${details.seed}: ${JSON.stringify(tally)}`);
    const of = (name: string): number => (tally.outcomes[name] ?? 0) / tally.runs;
    expect(tally.runs).toBeGreaterThan(100);
    expect(of('use ok')).toBeGreaterThan(2);
    expect(of('use refused')).toBeGreaterThan(2);
    expect(of('use unknown')).toBeGreaterThan(1);
    expect(of('refresh ok')).toBeGreaterThan(1);
    expect(of('logout ok')).toBeGreaterThan(0.5);
    expect(tally.certainEnds / tally.runs).toBeGreaterThan(0.5);
    expect(tally.crashes / tally.runs).toBeGreaterThan(0.2);
  });

  test('the same seed gives the same history, to the last request and millisecond', async () => {
    const samples = fc.sample(fc.tuple(worldOptions, stories()), { seed: 7, numRuns: 20 });
    for (const [options, story] of samples) {
      const first = (await play(options, story)).summary();
      const second = (await play(options, story)).summary();
      expect(second).toBe(first);
    }
  });
});
