/** Whatever is taken out of a record, its report is made without it, or what is missing is named: nothing crashes. */

import { describe, expect, it, vi } from 'vitest';
import { isAuthlabError } from '../../src/kernel/errors.ts';
import { isEventType } from '../record/event-schemas.ts';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent, RunStarted } from '../record/run-events.ts';
import { exchange, faultAt, gaining, history } from './example-chaos.ts';
import { inflicted, observed, revoked } from './example-faults.ts';
import { exampleRun } from './example-run.ts';
import { exampleLinkMeasured } from './example-sweep.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';

// Each field of each event is taken out by itself.
vi.setConfig({ testTimeout: 60_000 });

const at = '2026-01-15T10:15:30.000Z';
const notRun = { trial: 1, title: 'a', deed: 'b', source: 'c', reason: 'd' };
const rare: readonly RunEvent[] = [
  exampleLinkMeasured(0),
  { type: 'LoginRefused', at, contestant: 'session', claims: '200 roles', status: 431 },
  { type: 'TokenCacheCounted', at, contestant: 'session', round: 1, lookups: 2, hits: 1 },
  { type: 'CredentialsPrepared', at, contestant: 'session', count: 2_000, durationMillis: 1 },
  { type: 'TrialVoided', at, contestant: 'session', measure: 'revocation', reason: 'no node recovered' },
  { type: 'FaultNotRun', at, fault: 'redis-full', ...notRun },
  inflicted(),
  observed('session', [revoked('revoked-during', [204, 50], [[[200, 0, 100]]])]),
  history([gaining(0), exchange('probe', 500, 200)], { faults: [faultAt(1_500, 2_500)] }),
];

const everything = [
  ...exampleRun({ mistakes: {}, attacks: {}, isFull: true, rounds: 2, strategies: ['session', 'jwt-hs256'] }),
  ...rare,
];

/** One of each kind; the start is every record's. */
const samples = [...new Map(everything.map((event) => [event.type, event])).values()];

/** Of a list its first member stands for all. */
function placesIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  return entries.flatMap(([key, inner]) => [[key], ...placesIn(inner).map((place) => [key, ...place])]);
}

function without<Event extends RunEvent>(event: Event, place: readonly string[]): Event {
  const copy = structuredClone(event);
  const holder = place.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], copy);
  delete (holder as Record<string, unknown>)[place.at(-1) ?? ''];
  return copy;
}

/** The record with this one in the place of its like; `null`: the report was made. */
function faultWith(changed: RunEvent): string | null {
  const [started, ...others] = everything as [RunStarted, ...RunEvent[]];
  const events =
    changed.type === 'RunStarted'
      ? [changed, ...others]
      : [started, ...others.filter(({ type }) => type !== changed.type), changed];
  try {
    toMarkdown(summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'f')));
    return null;
  } catch (error) {
    if (isAuthlabError(error, 'ERR_OUTPUT')) return error.message;
    throw error;
  }
}

describe('a record from which something was taken', () => {
  it('has every kind of event here', () => {
    expect(samples.every(({ type }) => isEventType(type))).toBe(true);
    expect(samples).toHaveLength(22);
  });

  it.each(samples.map((event) => [event.type, event] as const))('%s', (type, event) => {
    expect(faultWith(event)).toBeNull();
    const places = placesIn(event).filter(([first]) => first !== 'type' && first !== 'recordVersion');
    for (const place of places) {
      const fault = faultWith(without(event, place));
      if (fault !== null) expect(fault).toContain(`(${type}) `);
      // What every event has is missed.
      if (place.join() === 'at') expect(fault).toContain('lacks at.');
    }
  });
});
