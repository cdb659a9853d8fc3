/** Latency at a fixed arrival rate, from the intended start: all sound windows together, and round by round. */

import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { OpenLoopMeasured, OpenLoopSample } from '../../record/open-loop-events.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { type Interval, trimmedMeanInterval } from '../../statistics/interval.ts';
import { type Finding, limits } from '../../statistics/warnings.ts';
import type { Figure } from './figure.ts';
import { figureFor, type Subject } from './measure-figure.ts';
import { intervalOf } from './verdicts.ts';

export interface OpenLoopResults {
  readonly contestant: string;
  readonly latency: Figure<OpenLoopSummary>;
}

export interface OpenLoopSummary {
  /** Windows of each side that count. */
  readonly rounds: number;
  readonly requests: number;
  /** In these, with the time they had waited when the window was given up. */
  readonly unanswered: number;
  /** Mean over rounds of each round's median, with its interval. */
  readonly p50Micros: Interval;
  /** The same less the reference's in the adjacent window. */
  readonly p50OverReferenceMicros: Interval;
  /** Over the windows of all rounds. */
  readonly latencyMicros: OpenLoopDistribution;
  readonly referenceMicros: OpenLoopDistribution;
  /** From the moment of sending: what a client that forgets its own waiting would have told. */
  readonly serviceMicros: OpenLoopDistribution;
  /** How late requests were sent although a connection was free. */
  readonly latenessMicros: OpenLoopDistribution;
}

/** Percentiles are null where fewer than ten requests lie beyond them. */
export interface OpenLoopDistribution {
  readonly p50: number;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number;
}

export function summariseOpenLoop(subjects: readonly Subject[]): OpenLoopResults[] {
  return subjects.map((subject) => {
    const summary = summaryOf(windowsOf(subject.events).filter(isSound));
    return {
      contestant: subject.contestant,
      latency: figureFor(summary, 'open-loop', subject, true, openLoopFindings(subject.events)),
    };
  });
}

/** What is to be warned of in the windows of one contestant. */
export function openLoopFindings(events: readonly RunEvent[]): Finding[] {
  const windows = windowsOf(events);
  const sound = windows.filter(isSound);
  const findings: Finding[] = [];
  if (sound.length < windows.length) findings.push(answersFinding(windows, windows.length - sound.length));
  const unanswered = sound.reduce((sum, { contestantSample }) => sum + contestantSample.unanswered, 0);
  if (unanswered > 0) findings.push({ kind: 'requests-unanswered', requests: unanswered });
  const lateness = merged(sound.map(({ contestantSample }) => contestantSample.latenessHistogram));
  const p99Micros = lateness?.getValueAtPercentile(99) ?? 0;
  if (p99Micros > limits.pacerLateMicros) findings.push({ kind: 'pacer-late', p99Micros });
  return findings;
}

function windowsOf(events: readonly RunEvent[]): OpenLoopMeasured[] {
  return events.filter((event) => event.type === 'OpenLoopMeasured');
}

function answersFinding(windows: readonly OpenLoopMeasured[], roundsLeftOut: number): Finding {
  const statuses: Record<string, number> = {};
  const samples = windows.flatMap(({ contestantSample, referenceSample }) => [contestantSample, referenceSample]);
  for (const [status, count] of samples.flatMap((sample) => Object.entries(sample.statuses))) {
    if (status !== '200') statuses[status] = (statuses[status] ?? 0) + count;
  }
  const errors = samples.reduce((sum, sample) => sum + sample.errors, 0);
  return { kind: 'open-loop-answers', statuses, errors, roundsLeftOut, rounds: windows.length };
}

/** Both windows had the right answers and no others; one that was not given an answer is late, not wrong. */
function isSound({ contestantSample, referenceSample }: OpenLoopMeasured): boolean {
  return [contestantSample, referenceSample].every(
    ({ statuses, errors }) => errors === 0 && Object.keys(statuses).every((status) => status === '200'),
  );
}

/** Null below two rounds: there is no interval then. */
function summaryOf(windows: readonly OpenLoopMeasured[]): OpenLoopSummary | null {
  const own = windows.map(({ contestantSample }) => medianMicros(contestantSample));
  const over = windows.map(({ referenceSample }, index) => (own[index] ?? 0) - medianMicros(referenceSample));
  const p50Micros = trimmedMeanInterval(own);
  const p50OverReferenceMicros = trimmedMeanInterval(over);
  const latencyMicros = distributionOf(windows, (event) => event.contestantSample.latencyHistogram);
  const referenceMicros = distributionOf(windows, (event) => event.referenceSample.latencyHistogram);
  const serviceMicros = distributionOf(windows, (event) => event.contestantSample.serviceHistogram);
  const latenessMicros = distributionOf(windows, (event) => event.contestantSample.latenessHistogram);
  if (p50Micros === null || p50OverReferenceMicros === null) return null;
  if (latencyMicros === null || referenceMicros === null || serviceMicros === null || latenessMicros === null) {
    return null;
  }
  return {
    rounds: windows.length,
    requests: windows.reduce((sum, { contestantSample }) => sum + contestantSample.requests, 0),
    unanswered: windows.reduce((sum, { contestantSample }) => sum + contestantSample.unanswered, 0),
    p50Micros: intervalOf(p50Micros),
    p50OverReferenceMicros: intervalOf(p50OverReferenceMicros),
    latencyMicros,
    referenceMicros,
    serviceMicros,
    latenessMicros,
  };
}

function medianMicros({ latencyHistogram }: OpenLoopSample): number {
  return merged([latencyHistogram])?.getValueAtPercentile(50) ?? 0;
}

function distributionOf(
  windows: readonly OpenLoopMeasured[],
  histogramOf: (event: OpenLoopMeasured) => string,
): OpenLoopDistribution | null {
  const histogram = merged(windows.map(histogramOf));
  if (histogram === null) return null;
  const carried = (share: number) =>
    histogram.totalCount * (1 - share) >= fewestBeyond - 1e-6 ? histogram.getValueAtPercentile(100 * share) : null;
  return {
    p50: histogram.getValueAtPercentile(50),
    p90: carried(0.9),
    p99: carried(0.99),
    p999: carried(0.999),
    max: histogram.maxValue,
  };
}

/** Observations that must lie beyond a percentile, as everywhere in the report. */
const fewestBeyond = 10;

function merged(encoded: readonly string[]): Histogram | null {
  const [first, ...others] = encoded.map((text) => decodeFromCompressedBase64(text, 32, false));
  if (first === undefined) return null;
  first.autoResize = true;
  for (const other of others) first.add(other);
  return first.totalCount === 0 ? null : first;
}
