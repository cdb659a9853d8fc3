/** Why a look-up costs what a signature does, and a session more than its look-up: only where a run bears it out. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { approachParagraph } from './approach-words.ts';
import { exampleRun } from './example-run.ts';
import { summarise } from './summarise.ts';
import { answerOf } from './words.ts';

const strategies = ['session', 'jwt-hs256', 'denylist-hs256'];

/** A run whose denylist has become a bare look-up, so many microseconds of CPU cheaper than it was. */
function resultsWith({
  cheaper,
  rounds = 12,
  library = true,
}: {
  cheaper: number;
  rounds?: number;
  library?: boolean;
}) {
  const events = exampleRun({ strategies, rounds }).map((event): RunEvent => {
    if (event.type === 'RunStarted') {
      const scenario = { ...event.scenario, strategies: ['session', 'jwt-hs256', 'reference-token'] };
      return { ...event, scenario, dependencies: library ? { 'koa-session': '7.0.2' } : {} };
    }
    if (!('contestant' in event) || event.contestant !== 'denylist-hs256') return event;
    const renamed = { ...event, contestant: 'reference-token' };
    if (renamed.type === 'ContestantDescribed') return { ...renamed, stateLocation: 'redis', signature: null };
    if (renamed.type !== 'PairMeasured') return renamed;
    const { requests, nodeCpuMicros } = renamed.contestantSample;
    const sample = { ...renamed.contestantSample, nodeCpuMicros: nodeCpuMicros - cheaper * requests };
    return { ...renamed, contestantSample: sample };
  });
  return summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));
}

const deeds =
  'reference-token sends Redis one command and verifies no signature; jwt-hs256 asks nobody and verifies one (HS256). For the node ';

describe('why costs are as they are', () => {
  it('is that a look-up and a signature are about as dear, where they are', () => {
    const results = resultsWith({ cheaper: 46, rounds: 40 });
    expect(results.costComparisons.find(({ left }) => left === 'jwt-hs256')?.verdict).toBe('cannot tell');
    expect(approachParagraph(results)).toContain(`${deeds}they differ by less than a third (`);
    expect(answerOf(results).join('\n')).toContain(deeds);
  });

  it('is that one is dearer, where it certainly is', () => {
    expect(approachParagraph(resultsWith({ cheaper: 0 }))).toMatch(/For the node the first is dearer \(\+4\d\.\d \[/);
    expect(approachParagraph(resultsWith({ cheaper: 62 }))).toMatch(/For the node the first is cheaper \(-1\d\.\d \[/);
  });

  it('is what stands around the same look-up', () => {
    expect(approachParagraph(resultsWith({ cheaper: 45 }))).toMatch(
      /session sends Redis one command as well, and costs the node \+4\d\.\d \[.*\] µs more than reference-token: that is the price of what stands around the look-up \(koa-session and its cookie, which keygrip signs\), not of looking up\.$/,
    );
    expect(approachParagraph(resultsWith({ cheaper: 45, library: false }))).toContain('(its session library and');
  });

  it('is not claimed where the run cannot tell, or has nothing to compare', () => {
    // Two rounds leave every interval wider than what it is about.
    expect(approachParagraph(resultsWith({ cheaper: 45, rounds: 2 }))).toBe('');
    // A session that costs what its look-up does.
    expect(approachParagraph(resultsWith({ cheaper: 0 }))).not.toContain('session sends');
    const without = exampleRun({ strategies }).map((event) => JSON.stringify(event));
    expect(approachParagraph(summarise(parseRecord(without.join('\n'), 'events.ndjson')))).toBe('');
  });
});
