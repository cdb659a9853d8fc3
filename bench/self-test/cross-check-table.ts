/** Whether two load generators say the same: a table of what each makes of the same servers, and of how far they are apart. */

import { differenceWithInterval, fixed, signed, withInterval } from '../report/format.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { lessBackground } from '../report/summarise/background.ts';
import { type Interval, type MeanInterval, ratioInterval, trimmedMeanInterval } from '../statistics/interval.ts';
import { isSoundPair } from '../statistics/load-findings.ts';
import { median } from '../statistics/quantiles.ts';
import type { CheckedRound } from './cross-check.ts';

/** As a share of the larger: costs this near are the same for anybody who has to choose. */
const nearEnough = 0.05;

export type Agreement = 'within 5 %' | 'within their intervals' | 'no';

export interface CrossCheckRow {
  readonly contestant: string;
  /** In which every answer was the right one, of both load generators. */
  readonly soundRounds: number;
  readonly rounds: number;
  /** CPU per request of the node, less the reference's, in microseconds. */
  readonly costByWrk: MeanInterval;
  readonly costByLab: MeanInterval;
  /** Of these two. */
  readonly agreement: Agreement;
  /** Requests per second of the contestant by those of its reference. */
  readonly ratioByWrk: MeanInterval;
  readonly ratioByLab: MeanInterval;
  /** The one by the other, round by round. */
  readonly wrkByLab: MeanInterval;
  /** Medians of what a request costs the reference, in microseconds of CPU: why the ratios are apart. */
  readonly referenceByWrk: number;
  readonly referenceByLab: number;
  /** Median event-loop utilisation of the less busy of both nodes: who is below 0.9 could have done more. */
  readonly busyUnderWrk: number;
  readonly busyUnderLab: number;
}

/** Null below two sound rounds. */
export function crossCheckRow(contestant: string, rounds: readonly CheckedRound[]): CrossCheckRow | null {
  const own = rounds.filter((round) => round.contestant === contestant);
  const sound = own.filter(isSound);
  const wrkLogs = sound.map(({ byWrk }) => Math.log(wrkRate(byWrk.contestant) / wrkRate(byWrk.reference)));
  const labLogs = sound.map(({ byLab }) => Math.log(labRate(byLab.contestantSample) / labRate(byLab.referenceSample)));
  const ratioByWrk = ratioInterval(wrkLogs);
  const ratioByLab = ratioInterval(labLogs);
  const wrkByLab = ratioInterval(wrkLogs.map((logarithm, index) => logarithm - (labLogs[index] ?? 0)));
  const costByWrk = trimmedMeanInterval(
    sound.map(({ byWrk }) => byWrk.contestant.nodeCpuMicrosPerRequest - byWrk.reference.nodeCpuMicrosPerRequest),
  );
  const labPairs = lessBackground(
    sound.map(({ byLab }) => byLab),
    own.flatMap(({ idle }) => idle ?? []),
  );
  const costByLab = trimmedMeanInterval(
    labPairs.map(({ contestantSample, referenceSample }) => labCost(contestantSample) - labCost(referenceSample)),
  );
  if (!ratioByWrk || !ratioByLab || !wrkByLab || !costByWrk || !costByLab) return null;
  return {
    contestant,
    soundRounds: sound.length,
    rounds: own.length,
    costByWrk,
    costByLab,
    agreement: agreementOf(costByWrk, costByLab),
    ratioByWrk,
    ratioByLab,
    wrkByLab,
    referenceByWrk: median(sound.map(({ byWrk }) => byWrk.reference.nodeCpuMicrosPerRequest)),
    referenceByLab: median(labPairs.map(({ referenceSample }) => labCost(referenceSample))),
    busyUnderWrk: lessBusy(
      sound.map(({ byWrk }) => byWrk.contestant.nodeEventLoopUtilisation),
      sound.map(({ byWrk }) => byWrk.reference.nodeEventLoopUtilisation),
    ),
    busyUnderLab: lessBusy(
      sound.map(({ byLab }) => byLab.contestantSample.nodeEventLoopUtilisation),
      sound.map(({ byLab }) => byLab.referenceSample.nodeEventLoopUtilisation),
    ),
  };
}

/**
 * Of two differences. Within their intervals: each holds the other's estimate, which asks more than that they overlap; so
 * much must hold of the reference against itself, of which no share can be told.
 */
export function agreementOf(left: Interval, right: Interval): Agreement {
  const larger = Math.max(Math.abs(left.estimate), Math.abs(right.estimate));
  if (Math.abs(left.estimate - right.estimate) <= nearEnough * larger) return 'within 5 %';
  return holds(left, right.estimate) && holds(right, left.estimate) ? 'within their intervals' : 'no';
}

/**
 * They are judged by the CPU that a check costs. A ratio of throughput depends on who asks: the dearer a request is for the
 * reference too, the less the same check weighs.
 */
export function crossCheckText(rows: readonly CrossCheckRow[], waking: MeanInterval | null = null): string {
  const costs = rows.map((row) => [
    row.contestant,
    row.soundRounds === row.rounds ? `${row.rounds}` : `${row.soundRounds} of ${row.rounds}`,
    differenceWithInterval(row.costByWrk, 1),
    differenceWithInterval(row.costByLab, 1),
    signed(row.costByWrk.estimate - row.costByLab.estimate, 1),
    row.agreement,
    `${fixed(row.busyUnderWrk, 2)}, ${fixed(row.busyUnderLab, 2)}`,
  ]);
  const ratios = rows.map((row) => [
    row.contestant,
    withInterval(row.ratioByWrk, 3),
    withInterval(row.ratioByLab, 3),
    withInterval(row.wrkByLab, 3),
    `${fixed(row.referenceByWrk, 1)}, ${fixed(row.referenceByLab, 1)}`,
  ]);
  const apart = rows.filter(({ agreement }) => agreement === 'no').map(({ contestant }) => contestant);
  return [
    'CPU of the node per request over the reference, in microseconds; 95 % intervals over rounds.',
    markdownTable(['strategy', 'rounds', 'wrk', 'lab', 'apart', 'agree', 'busy: wrk, lab'], costs),
    apart.length === 0 ? 'They agree on every strategy.' : `They do not agree on ${apart.join(', ')}.`,
    'Requests per second as a ratio to the reference, and the one ratio by the other. These need not agree: a request for nothing does not cost the server the same under both (the last column, microseconds of CPU), and where it costs more, the same check weighs less beside it.',
    markdownTable(['strategy', 'wrk', 'lab', 'wrk by lab', 'reference: wrk, lab'], ratios),
    ...(waking === null ? [] : [wakingText(waking)]),
  ].join('\n\n');
}

/**
 * What a request for nothing costs the server more where wrk sleeps between answers than where it stays awake, round by
 * round, in microseconds of CPU. Null where it never slept.
 */
export function wakingCost(rounds: readonly CheckedRound[]): MeanInterval | null {
  const differences = rounds.flatMap((round) =>
    round.byWrkAsleep === null || round.byWrkAsleep.failures > 0 || !isSound(round)
      ? []
      : [round.byWrkAsleep.nodeCpuMicrosPerRequest - round.byWrk.reference.nodeCpuMicrosPerRequest],
  );
  return trimmedMeanInterval(differences);
}

function wakingText(waking: MeanInterval): string {
  return `Both stay awake while they wait for answers. Under a wrk that sleeps, a request for nothing costs the server ${differenceWithInterval(waking, 1)} microseconds: the price of waking it.`;
}

function isSound({ byWrk, byLab }: CheckedRound): boolean {
  const failures = byWrk.contestant.failures + byWrk.reference.failures;
  return failures === 0 && isSoundPair({ ...byLab, contestantAnswerBytes: 0, referenceAnswerBytes: 0 });
}

function wrkRate({ requests, durationMillis }: CheckedRound['byWrk']['contestant']): number {
  return requests / durationMillis;
}

function labRate({ requests, durationMillis }: CheckedRound['byLab']['contestantSample']): number {
  return requests / durationMillis;
}

function labCost({ nodeCpuMicros, requests }: CheckedRound['byLab']['contestantSample']): number {
  return nodeCpuMicros / requests;
}

function holds({ low, high }: Interval, value: number): boolean {
  return low <= value && value <= high;
}

function lessBusy(own: readonly number[], reference: readonly number[]): number {
  return Math.min(median(own), median(reference));
}
