/** Behaviour under fault: one entry a fault, with the scores of every contestant under it. */

import type { FaultInflicted, FaultName, FaultNotRun, FaultObserved } from '../../record/fault-events.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { median } from '../../statistics/quantiles.ts';
import type { Observation } from './fault-accepts.ts';
import { type FaultScore, scoreOf } from './fault-score.ts';

export interface FaultResults extends Pick<FaultInflicted, 'title' | 'deed' | 'source'> {
  readonly fault: FaultName;
  /** Null when it was never inflicted; then `notRun` says why. */
  readonly inflicted: InflictedFault | null;
  /** Why trials did not come about; empty when all did. */
  readonly notRun: readonly string[];
}

export interface InflictedFault
  extends Pick<FaultInflicted, 'redis' | 'befalls' | 'nodes' | 'concession' | 'deadlineMillis'> {
  readonly trials: number;
  /** From its beginning to the moment when its cause was gone: shortest and longest trial. */
  readonly lastedMillis: { readonly min: number; readonly max: number };
  /** Between two requests to one node with one credential: median over all nodes and credentials of their means. */
  readonly spacingMillis: number;
  /** The longest answer to a request that asks nobody. */
  readonly machineMillis: number;
  /** In the scenario's order; without those that were left out. */
  readonly contestants: readonly FaultScore[];
}

/** In the scenario's order, as far as it was reached. */
export function summariseFaults(
  events: readonly RunEvent[],
  names: readonly FaultName[],
  contestants: readonly string[],
): FaultResults[] {
  return [...new Set(names)].flatMap((fault) => {
    const own = events.filter(isOfFaults).filter((event) => event.fault === fault);
    const trials = own.filter((event) => event.type === 'FaultInflicted');
    const observed = own.filter((event) => event.type === 'FaultObserved');
    const failed = own.filter((event) => event.type === 'FaultNotRun');
    const told = trials[0] ?? failed[0];
    if (told === undefined) return [];
    const { title, deed, source } = told;
    const inflicted = inflictedOf(trials, observed, contestants);
    return [{ fault, title, deed, source, inflicted, notRun: [...new Set(failed.map(({ reason }) => reason))] }];
  });
}

/** What the configuration promises, and was not kept: the report says it before anything else. */
export interface BrokenPromise {
  readonly fault: FaultName;
  readonly title: string;
  readonly score: FaultScore;
}

export function brokenPromisesOf(faults: readonly FaultResults[]): BrokenPromise[] {
  return faults.flatMap(({ fault, title, inflicted }) =>
    (inflicted?.contestants ?? []).flatMap((score) =>
      score.brokenPromises.length === 0 ? [] : [{ fault, title, score }],
    ),
  );
}

function isOfFaults(event: RunEvent): event is RunEvent & (FaultInflicted | FaultObserved | FaultNotRun) {
  return event.type === 'FaultInflicted' || event.type === 'FaultObserved' || event.type === 'FaultNotRun';
}

function inflictedOf(
  inflicted: readonly FaultInflicted[],
  observed: readonly FaultObserved[],
  contestants: readonly string[],
): InflictedFault | null {
  const [first] = inflicted;
  if (first === undefined) return null;
  const { redis, befalls, nodes, concession, deadlineMillis } = first;
  const lasted = inflicted.map(({ endedMillis }) => endedMillis);
  return {
    redis,
    befalls,
    nodes,
    concession,
    deadlineMillis,
    trials: inflicted.length,
    lastedMillis: { min: Math.min(...lasted), max: Math.max(...lasted) },
    spacingMillis: spacingOf(observed),
    machineMillis: Math.max(...inflicted.map((one) => one.machineMillis)),
    contestants: contestants.flatMap((contestant) => {
      const own = inflicted.flatMap((times): Observation[] => {
        const seen = observed.find((event) => event.contestant === contestant && event.trial === times.trial);
        return seen === undefined ? [] : [{ times, seen }];
      });
      return own.length === 0 ? [] : [scoreOf(contestant, own)];
    }),
  };
}

function spacingOf(observed: readonly FaultObserved[]): number {
  const answers = observed.flatMap(({ credentials }) => credentials.flatMap((credential) => credential.answers));
  const means = answers.flatMap(({ streaks }) => {
    const count = streaks.reduce((sum, streak) => sum + streak.count, 0);
    const [first, last] = [streaks[0], streaks.at(-1)];
    return first === undefined || last === undefined || count < 2
      ? []
      : [(last.lastMillis - first.firstMillis) / (count - 1)];
  });
  return means.length === 0 ? 0 : median(means);
}
