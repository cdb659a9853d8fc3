/** A look-up that is cheap for the node may be dear for Redis: the headline says both, and what becomes of the order. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';
import { glanceOf } from './glance.ts';
import { leadOf } from './lead-words.ts';
import { toMarkdown } from './markdown.ts';
import { turnedBySum } from './redis-cpu-words.ts';
import { summarise } from './summarise.ts';

/** Of a run in which `session` costs the node half of what `jwt-hs256` does, and Redis so much more than that. */
function resultsWith(redisMicros: number) {
  const events = exampleRun({ strategies: ['session', 'jwt-hs256'], rounds: 12 }).map((event): RunEvent => {
    if (event.type !== 'PairMeasured' || event.contestant !== 'session') return event;
    const { requests, nodeCpuMicros, redisCpuMicros } = event.contestantSample;
    const sample = {
      ...event.contestantSample,
      nodeCpuMicros: nodeCpuMicros - 60 * requests,
      redisCpuMicros: redisCpuMicros + redisMicros * requests,
    };
    return { ...event, contestantSample: sample };
  });
  return summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));
}

const together =
  ' That was with 16 connections that ask again as soon as they are answered: under light load fewer look-ups go to Redis together, and each costs more.';

const noteOf = (results: ReturnType<typeof resultsWith>) => glanceOf(results)[0]?.note;

describe('the CPU of Redis in the headline', () => {
  it('stands beside that of the node, and is added up where the order stays', () => {
    const results = resultsWith(-5);
    expect(leadOf(results)[0]).toMatch(
      /^session checks a request at the least node CPU, \+1\d\.\d \[.*\] µs, and jwt-hs256 takes .* µs\. Redis CPU comes on top: \+3\.\d \[.*\] µs with session; the others ask Redis nothing\. /,
    );
    expect(results.costComparisons[0]).toMatchObject({ verdict: 'costs less', withRedis: { verdict: 'costs less' } });
    expect(leadOf(results)[0]).toMatch(new RegExp(`Together, session still costs least\\.${together}$`));
    expect(turnedBySum(results)).toEqual([]);
    expect(noteOf(results)).toMatch(/certainly less than every other; \+3\.\d \[.*\] µs of Redis CPU on top$/);
  });

  it('turns the order where it certainly does', () => {
    const results = resultsWith(40);
    expect(results.costComparisons[0]).toMatchObject({ verdict: 'costs less', withRedis: { verdict: 'costs more' } });
    expect(turnedBySum(results)).toEqual([{ dearer: 'session', cheaper: ['jwt-hs256'] }]);
    expect(leadOf(results)[0]).toContain(
      `This turns the order: together, jwt-hs256 costs less than session.${together}`,
    );
    expect(noteOf(results)).toMatch(/µs of Redis CPU on top, and together jwt-hs256 costs less$/);
    expect(toMarkdown(results)).toContain(
      'With that of Redis the order turns: together, jwt-hs256 costs less than session.',
    );
  });

  it('claims no order that the sums do not bear out', () => {
    const { nodeCpuMicros } = resultsWith(0).costComparisons[0] ?? { nodeCpuMicros: { estimate: 0 } };
    // As much in Redis as the node is cheaper by, of which some eight are there already.
    const results = resultsWith(-nodeCpuMicros.estimate - 8.5);
    expect(results.costComparisons[0]?.withRedis.verdict).toBe('cannot tell');
    expect(leadOf(results)[0]).toContain(`Together, this run cannot tell session from jwt-hs256.${together}`);
    expect(turnedBySum(results)).toEqual([]);
  });

  it('is the sum, pair by pair', () => {
    const results = resultsWith(40);
    for (const { cost } of results.contestants) {
      if (cost.state !== 'measured') throw new Error('everything was measured');
      const { nodeCpuMicros, redisCpuMicros, nodeAndRedisCpuMicros: both } = cost.value;
      // Means without the extreme fifth need not add up exactly.
      expect(both.estimate).toBeCloseTo(nodeCpuMicros.estimate + redisCpuMicros.estimate, 0);
      expect(both.high - both.low).toBeGreaterThanOrEqual(nodeCpuMicros.high - nodeCpuMicros.low - 2);
    }
  });
});
