/** What nodes do by themselves, and the pairs without it: only for the time in which it was the other side's turn. */

import type { BackgroundMeasured, IdlePeriod } from '../../record/background-events.ts';
import type { PairMeasured, WindowSample } from '../../record/run-events.ts';
import { median } from '../../statistics/quantiles.ts';

/** As much of a pair, and of an idle time, as this needs. */
type Windows = Pick<PairMeasured, 'process' | 'contestantSample' | 'referenceSample'>;
type Idle = Pick<BackgroundMeasured, 'process' | 'contestantIdle' | 'referenceIdle'>;

/** A pair as costs are computed from it: the CPU of its nodes is less what was taken off. */
export interface CostPair extends PairMeasured {
  /** CPU per request, microseconds; absent where no background was measured. */
  readonly takenOff?: { readonly contestant: number; readonly reference: number };
}

/** CPU of nodes that nobody asks: they beat, follow the log, and keep their keys. */
export interface Background {
  /** Microseconds of CPU in a second: medians over the processes. */
  readonly contestantMicrosPerSecond: number;
  readonly referenceMicrosPerSecond: number;
  /** Per request of the contestant, less the same of the reference: by so much its cost would be higher. */
  readonly takenOffMicros: number;
}

/** Microseconds in a millisecond. */
interface Rates {
  readonly contestant: number;
  readonly reference: number;
}

/**
 * Counters are read before and after a stretch in which contestant and reference take turns, so that each is charged with
 * what it did by itself meanwhile. In its own turns that is part of what it costs; in the other's it is taken off, as it
 * was while the process stood idle: the median of its idle periods, so that a rare heavy one takes off nothing. Pairs of a
 * process without such a period, and those of records that do not tell the turns apart, stay as they are.
 */
export function lessBackground<Pair extends Windows>(
  pairs: readonly Pair[],
  measured: readonly Idle[],
): readonly (Pair & Pick<CostPair, 'takenOff'>)[] {
  const rates = new Map<number, Rates | null>();
  return pairs.map((pair) => {
    const { process = 1 } = pair;
    if (!rates.has(process)) rates.set(process, ratesOf(measured, process));
    const own = rates.get(process) ?? null;
    if (own === null) return pair;
    const [contestantSample, contestant] = lessOf(pair.contestantSample, own.contestant);
    const [referenceSample, reference] = lessOf(pair.referenceSample, own.reference);
    return { ...pair, contestantSample, referenceSample, takenOff: { contestant, reference } };
  });
}

/** Null where nothing was taken off. */
export function summariseBackground(
  pairs: readonly CostPair[],
  measured: readonly BackgroundMeasured[],
): Background | null {
  const takenOff = pairs.flatMap((pair) => (pair.takenOff === undefined ? [] : [pair.takenOff]));
  if (takenOff.length === 0) return null;
  const processes = [...new Set(measured.map(({ process = 1 }) => process))];
  const rates = processes.flatMap((process) => ratesOf(measured, process) ?? []);
  return {
    contestantMicrosPerSecond: 1_000 * median(rates.map(({ contestant }) => contestant)),
    referenceMicrosPerSecond: 1_000 * median(rates.map(({ reference }) => reference)),
    takenOffMicros: median(takenOff.map(({ contestant, reference }) => contestant - reference)),
  };
}

function ratesOf(measured: readonly Idle[], process: number): Rates | null {
  const own = measured.filter((event) => (event.process ?? 1) === process);
  if (own.length === 0) return null;
  return {
    contestant: median(own.map(({ contestantIdle }) => rateOf(contestantIdle))),
    reference: median(own.map(({ referenceIdle }) => rateOf(referenceIdle))),
  };
}

function rateOf({ cpuMicros, durationMillis }: IdlePeriod): number {
  return cpuMicros / durationMillis;
}

/** The sample, and what was taken off it per request: never more than was spent. */
function lessOf(sample: WindowSample, rate: number): readonly [WindowSample, number] {
  const { nodeCpuMicros, requests, otherTurnsMillis = 0 } = sample;
  const taken = Math.min(nodeCpuMicros, rate * otherTurnsMillis);
  return [{ ...sample, nodeCpuMicros: nodeCpuMicros - taken }, taken / requests];
}
