/** How long a logged-out credential lived on, in the sentence at the top: each trial counts where it belongs. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { exampleRecord } from './example-run.ts';
import { revocationLead, trialsOfEach } from './revocation-words.ts';
import type { ContestantResults, Results, RevocationSummary } from './summarise/results.ts';
import { summarise } from './summarise.ts';

const results = summarise(parseRecord(exampleRecord({}), 'events.ndjson'));

type Revocation = ContestantResults['revocation'];

/** Of the example's `session` alone, with what was seen in each condition; nothing in the others. */
function leadOf(seen: Partial<Record<keyof Revocation, { readonly max: number; readonly count: number }>>): string {
  const own = results.contestants.find(({ contestant }) => contestant === 'session');
  const { idle } = own?.revocation ?? {};
  if (own === undefined || idle?.state !== 'measured') throw new Error('the example has no revocations of session');
  const figure = (condition: keyof Revocation) => {
    const of = seen[condition];
    if (of === undefined) return { state: 'not-measured', reason: 'not-in-scenario' } as const;
    const window = { ...idle.value.exposureWindowMillis, ...of } as RevocationSummary['exposureWindowMillis'];
    return { ...idle, value: { ...idle.value, exposureWindowMillis: window } };
  };
  const revocation = Object.fromEntries(
    Object.keys(own.revocation).map((condition) => [condition, figure(condition as keyof Revocation)]),
  ) as unknown as Revocation;
  const alone: Results = { ...results, contestants: [{ ...own, revocation }] };
  return revocationLead(alone);
}

describe('the lead on revocation', () => {
  it('tells apart what was seen with Redis there and while it stood still', () => {
    expect(
      leadOf({
        idle: { max: 0, count: 30 },
        loaded: { max: 0, count: 20 },
        'redis-paused': { max: 1_830, count: 2 },
      }),
    ).toBe(
      'Once a logout is acknowledged, session let nothing through any more (none in 50 trials) and session let requests through for up to 1.83 s while Redis stood still (in 2 trials).',
    );
  });

  it('claims no closed window where one condition had an open one', () => {
    expect(leadOf({ idle: { max: 0, count: 30 }, loaded: { max: 4, count: 20 } })).toBe(
      'Once a logout is acknowledged, session let requests through for up to 4.00 ms (in 50 trials).',
    );
  });

  it('tells of trials with Redis standing still where there are no others', () => {
    expect(leadOf({ 'redis-paused': { max: 0, count: 3 } })).toContain('session let nothing through any more');
    expect(leadOf({})).toBe('');
  });
});

describe('trials of several', () => {
  it('are as many of each, or as many or more', () => {
    expect(trialsOfEach([{ trials: 1 }])).toBe('1 trial');
    expect(trialsOfEach([{ trials: 51 }, { trials: 51 }])).toBe('51 trials of each');
    expect(trialsOfEach([{ trials: 51 }, { trials: 52 }])).toBe('51 or more trials of each');
  });
});
