/** The delay link held to what it was asked for. Times what runs: wants a quiet machine. */

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type DelayLink, startDelayLink } from '../environment/delay-link.ts';
import type { Supervisor } from '../environment/environment.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import { summariseLink } from '../report/summarise/link.ts';
import { measureRoundTrips } from './round-trip.ts';

const directUrl = inject('redisUrl');
const toleranceMicros = 300;
let supervisor: Supervisor;
let link: DelayLink;

beforeAll(async () => {
  supervisor = await startSupervisor();
  link = await startDelayLink({ supervisor, target: directUrl });
});

afterAll(() => supervisor.close());

describe('the delay link', () => {
  it.each([0, 0.5, 1, 2, 5])('adds %s ms to the median round trip, to 0.3 ms', { retry: 2 }, async (addedMillis) => {
    await link.setAddedMillis(addedMillis);
    const trips = await measureRoundTrips({ directUrl, linkUrl: link.url, samples: 1_000 });
    const at = new Date(0).toISOString();
    const summary = summariseLink({ type: 'LinkMeasured', at, addedMillisAsked: addedMillis, ...trips });
    const added = summary?.addedMicros.p50 ?? Number.NaN;
    expect(added).toBeGreaterThanOrEqual(addedMillis * 1_000);
    expect(added).toBeLessThanOrEqual(addedMillis * 1_000 + toleranceMicros);
  });
});
