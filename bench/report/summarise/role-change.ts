/** Role-change staleness: from the acknowledgement of a change of roles to the first answer with the new ones. */

import type { RoleChangeMeasured, RoleChangeObservation } from '../../record/lifecycle-events.ts';
import { referenceContestant } from '../../record/run-events.ts';
import { type Distribution, describeDistribution, largest, median } from '../../statistics/quantiles.ts';
import type { Figure } from './figure.ts';
import { figureFor, type Subject } from './measure-figure.ts';

/**
 * How the new roles reached a client. `told`: the credential it had was answered with them. `refused`: that was refused
 * well before its end, and the renewed one tells them. `outlived`: the old roles lasted as long as the credential did.
 */
export type RoleChangeWay = 'told' | 'refused' | 'outlived';

export interface RoleChangeResults {
  readonly contestant: string;
  readonly staleness: Figure<RoleChangeSummary>;
}

export interface RoleChangeSummary {
  /** Trials that count: the change was acknowledged and every node told the new roles in the end. */
  readonly trials: number;
  /** The others. */
  readonly trialsLeftOut: number;
  readonly nodes: number;
  readonly ways: Readonly<Record<RoleChangeWay, number>>;
  /** How the clients that were refused renewed; null: none was. */
  readonly renewedBy: 'refresh' | 'login' | null;
  /** Over all nodes, from the acknowledgement to the last request that was answered with the old roles; 0 if none. */
  readonly oldRolesMillis: Distribution;
  /** Over all nodes, from the acknowledgement to the first request since which all are answered with the new roles. */
  readonly stalenessMillis: Distribution;
  /** What was left of the credential's lifetime at the change, leeway included; null where it was minutes. */
  readonly remainingLifetimeMillis: { readonly min: number; readonly max: number } | null;
  /** Longest gap between two requests to a node around the change: the resolution. */
  readonly probeSpacingMillis: { readonly p50: number; readonly max: number };
  /** Answers that were neither a profile nor 401, by status. */
  readonly otherStatuses: Readonly<Record<string, number>>;
}

export function summariseRoleChanges(subjects: readonly Subject[]): RoleChangeResults[] {
  return subjects.map((subject) => {
    const trials = subject.events.filter((event) => event.type === 'RoleChangeMeasured');
    const isApplicable = subject.contestant !== referenceContestant;
    const staleness = figureFor(summaryOf(trials), 'role-change', subject, isApplicable);
    return { contestant: subject.contestant, staleness };
  });
}

/** Null when no trial counts. */
function summaryOf(trials: readonly RoleChangeMeasured[]): RoleChangeSummary | null {
  const counted = trials.flatMap((trial) => momentsOf(trial) ?? []);
  const oldRolesMillis = describeDistribution(counted.map(({ lastOldMillis }) => lastOldMillis));
  const stalenessMillis = describeDistribution(counted.map(({ firstNewMillis }) => firstNewMillis));
  if (oldRolesMillis === null || stalenessMillis === null) return null;
  const ways: Record<RoleChangeWay, number> = { told: 0, refused: 0, outlived: 0 };
  for (const { trial } of counted) ways[wayOf(trial)] += 1;
  const observations = counted.flatMap(({ trial }) => trial.observations);
  const spacings = observations.map(({ probeSpacingMillis }) => probeSpacingMillis);
  const lifetimes = counted.flatMap(({ trial }) => trial.remainingLifetimeMillis ?? []);
  return {
    trials: counted.length,
    trialsLeftOut: trials.length - counted.length,
    nodes: largest(counted.map(({ trial }) => trial.observations.length)),
    ways,
    renewedBy: counted.find(({ trial }) => trial.renewal !== null)?.trial.renewal?.by ?? null,
    oldRolesMillis,
    stalenessMillis,
    remainingLifetimeMillis:
      lifetimes.length === 0 ? null : { min: -largest(lifetimes.map((value) => -value)), max: largest(lifetimes) },
    probeSpacingMillis: { p50: median(spacings), max: largest(spacings) },
    otherStatuses: statusesOf(observations),
  };
}

/** Times in tokens are whole seconds: the end may come that much early, and whatever comes earlier is a refusal. */
const earlyEndMillis = 1_000;

function wayOf({ renewal, remainingLifetimeMillis }: RoleChangeMeasured): RoleChangeWay {
  if (renewal === null) return 'told';
  if (remainingLifetimeMillis === null) return 'refused';
  return renewal.sentMillis < remainingLifetimeMillis - earlyEndMillis ? 'refused' : 'outlived';
}

interface Moments {
  readonly trial: RoleChangeMeasured;
  /** After the acknowledgement. */
  readonly lastOldMillis: number;
  readonly firstNewMillis: number;
}

/** Null when the change was not acknowledged, or some node never came to tell the new roles. */
function momentsOf(trial: RoleChangeMeasured): Moments | null {
  const { acknowledgedMillis, observations } = trial;
  const firstNew = observations.flatMap(({ firstNewSentMillis }) => firstNewSentMillis ?? []);
  if (acknowledgedMillis === null || firstNew.length === 0 || firstNew.length < observations.length) return null;
  const lastOld = observations.map(({ lastOldSentMillis }) => lastOldSentMillis ?? 0);
  const sinceThen = (moments: readonly number[]) => Math.max(0, largest(moments) - acknowledgedMillis);
  return { trial, lastOldMillis: sinceThen(lastOld), firstNewMillis: sinceThen(firstNew) };
}

function statusesOf(observations: readonly RoleChangeObservation[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [status, count] of observations.flatMap(({ otherStatuses }) => Object.entries(otherStatuses))) {
    counts[status] = (counts[status] ?? 0) + count;
  }
  return counts;
}
