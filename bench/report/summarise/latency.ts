/** Closed-loop latency from send, in microseconds: the histograms of all sound windows added up. */

import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { PairMeasured } from '../../record/run-events.ts';
import { smallestCountFor } from '../../statistics/quantiles.ts';
import type { LatencySummary } from './load-results.ts';

/** Null when there is no sound pair. */
export function summariseLatency(pairs: readonly PairMeasured[]): LatencySummary | null {
  const own = merged(pairs.map((pair) => pair.contestantSample.latencyHistogram));
  const reference = merged(pairs.map((pair) => pair.referenceSample.latencyHistogram));
  if (own === null || reference === null) return null;
  return {
    requests: own.totalCount,
    p50Micros: own.getValueAtPercentile(50),
    p90Micros: percentile(own, 0.9),
    p99Micros: percentile(own, 0.99),
    maxMicros: own.maxValue,
    referenceP50Micros: reference.getValueAtPercentile(50),
    referenceP99Micros: percentile(reference, 0.99),
  };
}

function merged(encoded: readonly string[]): Histogram | null {
  const [first, ...others] = encoded.map((text) => decodeFromCompressedBase64(text, 32, false));
  if (first === undefined) return null;
  first.autoResize = true;
  for (const other of others) first.add(other);
  return first.totalCount === 0 ? null : first;
}

function percentile(histogram: Histogram, share: 0.9 | 0.99): number | null {
  return histogram.totalCount >= smallestCountFor(share) ? histogram.getValueAtPercentile(100 * share) : null;
}
