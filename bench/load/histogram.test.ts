/** Microsecond histograms: what goes in comes out, also through text and together. */

import { describe, expect, it } from 'vitest';
import {
  createLatencyHistogram,
  decodeLatencies,
  encodeLatencies,
  highestLatencyMicros,
  latencyQuantileMicros,
  mergeLatencies,
  recordLatency,
} from './histogram.ts';

function histogramOf(latenciesMillis: readonly number[]) {
  const histogram = createLatencyHistogram();
  for (const latency of latenciesMillis) recordLatency(histogram, latency);
  return histogram;
}

describe('a latency histogram', () => {
  it('keeps fractions of a millisecond as microseconds', () => {
    const histogram = histogramOf([0.25, 0.5, 0.75, 1.5]);
    expect(latencyQuantileMicros(histogram, 0.25)).toBe(250);
    expect(latencyQuantileMicros(histogram, 0.5)).toBe(500);
    expect(latencyQuantileMicros(histogram, 1)).toBe(1_500);
  });

  it('clamps what it cannot hold instead of losing it', () => {
    const histogram = histogramOf([0, 0.000_1, 3_600_000]);
    expect(histogram.totalCount).toBe(3);
    expect(latencyQuantileMicros(histogram, 0)).toBe(1);
    expect(latencyQuantileMicros(histogram, 1)).toBeGreaterThanOrEqual(highestLatencyMicros);
  });

  it('survives being written and read', () => {
    const histogram = histogramOf(Array.from({ length: 5_000 }, (_, index) => 0.05 + index / 100));
    const read = decodeLatencies(encodeLatencies(histogram));
    expect(read.totalCount).toBe(5_000);
    for (const share of [0, 0.5, 0.9, 0.99, 1]) {
      expect(latencyQuantileMicros(read, share)).toBe(latencyQuantileMicros(histogram, share));
    }
    expect(() => decodeLatencies('no histogram')).toThrow();
  });

  it('keeps three significant digits', () => {
    const histogram = histogramOf([12.345_6]);
    expect(Math.abs((latencyQuantileMicros(histogram, 0.5) ?? 0) - 12_346) / 12_346).toBeLessThan(0.001);
  });

  it('merges', () => {
    const merged = mergeLatencies([
      histogramOf([1, 2]),
      decodeLatencies(encodeLatencies(histogramOf([3]))),
      histogramOf([]),
    ]);
    expect(merged.totalCount).toBe(3);
    expect(latencyQuantileMicros(merged, 0.5)).toBe(2_000);
    expect(latencyQuantileMicros(mergeLatencies([]), 0.5)).toBeNull();
  });
});
