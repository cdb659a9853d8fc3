/** Whether two load generators say the same: a table of what each makes of the same servers, and of how far they are apart. */

import { differenceWithInterval, fixed, withInterval } from '../report/format.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { lessBackground } from '../report/summarise/background.ts';
import { type Interval, type MeanInterval, ratioInterval, trimmedMeanInterval } from '../statistics/interval.ts';
import { isSoundPair } from '../statistics/load-findings.ts';
import { median } from '../statistics/quantiles.ts';
import type { CheckedRound } from './cross-check.ts';

/** As a share, of the larger of two costs: what is this near is the same for anybody who has to choose. */
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
  /** The one less the other, round by round. */
  readonly costApart: MeanInterval;
  readonly costAgreement: Agreement;
  /** Requests per second of the contestant by those of its reference. */
  readonly ratioByWrk: MeanInterval;
  readonly ratioByLab: MeanInterval;
  /** The one by the other, round by round. */
  readonly wrkByLab: MeanInterval;
  readonly ratioAgreement: Agreement;
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
  const wrkCosts = sound.map(
    ({ byWrk }) => byWrk.contestant.nodeCpuMicrosPerRequest - byWrk.reference.nodeCpuMicrosPerRequest,
  );
  const labPairs = lessBackground(
    sound.map(({ byLab }) => byLab),
    own.flatMap(({ idle }) => idle ?? []),
  );
  const labCosts = labPairs.map(
    ({ contestantSample, referenceSample }) => labCost(contestantSample) - labCost(referenceSample),
  );
  const costByWrk = trimmedMeanInterval(wrkCosts);
  const costByLab = trimmedMeanInterval(labCosts);
  const costApart = trimmedMeanInterval(wrkCosts.map((cost, index) => cost - (labCosts[index] ?? 0)));
  if (!ratioByWrk || !ratioByLab || !wrkByLab || !costByWrk || !costByLab || !costApart) return null;
  const largerCost = Math.max(Math.abs(costByWrk.estimate), Math.abs(costByLab.estimate));
  return {
    contestant,
    soundRounds: sound.length,
    rounds: own.length,
    costByWrk,
    costByLab,
    costApart,
    costAgreement: agreementOf(costApart, { nothing: 0, near: nearEnough * largerCost }),
    ratioByWrk,
    ratioByLab,
    wrkByLab,
    ratioAgreement: agreementOf(wrkByLab, { nothing: 1, near: nearEnough }),
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
 * By how far two load generators are apart, round by round: so little that it does not matter, or no more than the interval
 * of that allows for.
 */
export function agreementOf(apart: Interval, { nothing, near }: { nothing: number; near: number }): Agreement {
  if (Math.abs(apart.estimate - nothing) <= near) return 'within 5 %';
  return apart.low <= nothing && nothing <= apart.high ? 'within their intervals' : 'no';
}

export function crossCheckText(rows: readonly CrossCheckRow[], waking: MeanInterval | null = null): string {
  const ratios = rows.map((row) => [
    row.contestant,
    row.soundRounds === row.rounds ? `${row.rounds}` : `${row.soundRounds} of ${row.rounds}`,
    withInterval(row.ratioByWrk, 3),
    withInterval(row.ratioByLab, 3),
    withInterval(row.wrkByLab, 3),
    row.ratioAgreement,
    `${fixed(row.busyUnderWrk, 2)}, ${fixed(row.busyUnderLab, 2)}`,
  ]);
  const costs = rows.map((row) => [
    row.contestant,
    differenceWithInterval(row.costByWrk, 1),
    differenceWithInterval(row.costByLab, 1),
    differenceWithInterval(row.costApart, 1),
    row.costAgreement,
    `${fixed(row.referenceByWrk, 1)}, ${fixed(row.referenceByLab, 1)}`,
  ]);
  return [
    'Requests per second as a ratio to the reference, and the one ratio by the other; 95 % intervals over rounds.',
    markdownTable(['strategy', 'rounds', 'wrk', 'lab', 'wrk by lab', 'agree', 'busy: wrk, lab'], ratios),
    agreementText(rows, ({ ratioAgreement }) => ratioAgreement),
    'CPU of the node per request over the reference, in microseconds, and what the reference itself spends on one.',
    markdownTable(['strategy', 'wrk', 'lab', 'wrk less lab', 'agree', 'reference: wrk, lab'], costs),
    agreementText(rows, ({ costAgreement }) => costAgreement),
    ...(waking === null ? [] : [wakingText(waking)]),
  ].join('\n\n');
}

function agreementText(rows: readonly CrossCheckRow[], agreement: (row: CrossCheckRow) => Agreement): string {
  const apart = rows.filter((row) => agreement(row) === 'no').map(({ contestant }) => contestant);
  return apart.length === 0 ? 'They agree on every strategy.' : `They do not agree on ${apart.join(', ')}.`;
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

function lessBusy(own: readonly number[], reference: readonly number[]): number {
  return Math.min(median(own), median(reference));
}
