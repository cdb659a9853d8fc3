/** Self-test of latency: servers with a known service time and a known stall, each measured by a whole run. Needs `dist`. */

import { describe, expect, it } from 'vitest';
import type { OpenLoopSummary } from '../report/summarise/open-loop.ts';
import { measuredOf, resultsOfRun, tellFigures } from './known-run.contract.ts';
import { type KnownTruth, standIn } from './known-server.contract.ts';

const strategies = [standIn];
const credentials = 100;
const connections = 64;

async function openLoopOf(truth: KnownTruth): Promise<OpenLoopSummary> {
  const openLoop = { ratePerSecond: 200, rounds: 3, windowMillis: 4_000, warmupMillis: 300, connections };
  const { measures, warnings } = await resultsOfRun({ strategies, credentials, openLoop }, truth);
  const own = measures.openLoop?.find(({ contestant }) => contestant === standIn);
  if (own?.latency.state === 'measured') return own.latency.value;
  throw new Error(`not measured: ${JSON.stringify({ own, warnings })}`);
}

describe('a server with a service time of 40 ms', () => {
  it('has that latency at a fixed arrival rate, over a reference that has none', async () => {
    const found = await openLoopOf({ serviceMillis: 40 });
    tellFigures('a service time of 40 ms, at a fixed arrival rate', found);
    const { p50Micros, p50OverReferenceMicros, serviceMicros } = found;
    // Timers ring up to a millisecond late; what else the machine does is in the interval.
    expect(p50OverReferenceMicros.high).toBeGreaterThan(40_000);
    expect(p50OverReferenceMicros.low).toBeLessThan(41_500);
    expect(p50Micros.high).toBeGreaterThan(40_000);
    // An interval that holds everything would hold the truth as well.
    expect(p50OverReferenceMicros.high - p50OverReferenceMicros.low).toBeLessThan(6_000);
    expect(serviceMicros.p50).toBeGreaterThan(40_000);
    expect(serviceMicros.p50).toBeLessThan(46_000);
  });

  it('has that latency in a closed loop', async () => {
    // Slices that hold many answers of each connection, or the turn's beginning would be what is measured.
    const throughput = { rounds: 2, windowMillis: 1_600, sliceMillis: 800, warmupMillis: 300, connections };
    const results = await resultsOfRun({ strategies, credentials, throughput }, { serviceMillis: 40 });
    const latency = measuredOf(results, standIn, (contestant) => contestant.latency);
    tellFigures('a service time of 40 ms, in a closed loop', latency);
    const { p50Micros } = latency;
    expect(p50Micros).toBeGreaterThan(40_000);
    expect(p50Micros).toBeLessThan(50_000);
  });
});

describe('a server that stalls for 100 ms once a second', () => {
  it('shows it at the 99th percentile of the open loop, to 10 %', async () => {
    const stall = { everyMillis: 1_000, forMillis: 100 };
    const found = await openLoopOf({ stall });
    tellFigures('a stall of 100 ms a second', found);
    const { latencyMicros, referenceMicros } = found;
    // One request in ten falls into a stall and waits for 0 to 100 ms: one in a hundred for 90 ms or more. What the
    // machine adds by itself is seen in the windows of the reference, which lie between.
    const machineMicros = referenceMicros.p99 ?? 0;
    expect(latencyMicros.p99).toBeGreaterThan(81_000);
    expect(latencyMicros.p99).toBeLessThan(99_000 + machineMicros);
    expect(latencyMicros.p50).toBeLessThan(40_000);
    // A machine with other work to do would widen the limit until everything passes.
    expect(machineMicros).toBeLessThan(20_000);
  });
});
