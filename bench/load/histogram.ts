/** Latencies in whole microseconds, kept in an HdrHistogram of three significant digits. */

import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

export type LatencyHistogram = Histogram;

/** Longer waits are recorded as this: a minute, six times what a request is given before it counts as timed out. */
export const highestLatencyMicros = 60_000_000;
const lowestLatencyMicros = 1;
const bucketBits = 32;

/** Empty. Fixed in size (about 70 kB), so that recording never allocates. */
export function createLatencyHistogram(): LatencyHistogram {
  return build({
    bitBucketSize: bucketBits,
    autoResize: false,
    lowestDiscernibleValue: lowestLatencyMicros,
    highestTrackableValue: highestLatencyMicros,
    numberOfSignificantValueDigits: 3,
  });
}

/** Records one latency given in milliseconds with a fraction; what lies outside 1 microsecond to 1 minute is clamped. */
export function recordLatency(histogram: LatencyHistogram, latencyMillis: number): void {
  const latencyMicros = Math.round(latencyMillis * 1_000);
  histogram.recordValue(Math.min(Math.max(latencyMicros, lowestLatencyMicros), highestLatencyMicros));
}

/** HdrHistogram V2, compressed, base64: what any HdrHistogram library reads. */
export function encodeLatencies(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** The inverse of `encodeLatencies`; throws when the text is no histogram. */
export function decodeLatencies(encoded: string): LatencyHistogram {
  return decodeFromCompressedBase64(encoded, bucketBits);
}

/** A new histogram that holds every latency of the given ones. */
export function mergeLatencies(histograms: Iterable<LatencyHistogram>): LatencyHistogram {
  const merged = createLatencyHistogram();
  for (const histogram of histograms) merged.add(histogram);
  return merged;
}

/** The latency in microseconds that a share (0 to 1) of all requests did not exceed; null when nothing was recorded. */
export function latencyQuantileMicros(histogram: LatencyHistogram, share: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(share * 100);
}
