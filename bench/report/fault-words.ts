/** Behaviour under fault in words: a cell for each contestant, the answer, and what the configuration promised in vain. */

import { counted, countedStatuses, duration, fixed, listed } from './format.ts';
import type { AnswersMeanwhile, FaultScore, PromiseKind } from './summarise/fault-score.ts';
import { type BrokenPromise, brokenPromisesOf, type FaultResults } from './summarise/faults.ts';

/** Sooner than this after the fault has begun is at once. */
const atOnceMillis = 250;

/** `goes on`, `refuses (503) from 1.94 s on; accepts revoked for 1.20 s (bound 2.00 s)`: the most that one cell can say. */
export function behaviourText(score: FaultScore): string {
  const { befallen, others, falseRejections, acknowledged, lost } = score;
  const parts = [
    others === null ? answersText(befallen) : `${answersText(befallen)}; elsewhere ${answersText(others)}`,
    revokedText(score),
    falseRejections.credentials === 0 ? '' : `refuses ${counted(falseRejections.credentials, 'valid one')} (401)`,
    lost === 0 ? '' : `lost ${fixed(lost, 0)} of ${fixed(acknowledged, 0)} acknowledged`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** How those were answered who had not logged out. */
function answersText({ statuses, disturbedFromMillis }: AnswersMeanwhile): string {
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const accepted = statuses[200] ?? 0;
  if (total === 0) return 'was not asked';
  if (disturbedFromMillis === null || accepted === total) return 'goes on';
  const { 200: _, ...others } = statuses;
  const worst = Object.entries(others).toSorted(([, left], [, right]) => right - left);
  const [[status = '0', count] = ['0', 0]] = worst;
  const word = status === '0' ? 'no answer' : `refuses (${status})`;
  const from = disturbedFromMillis < atOnceMillis ? '' : ` from ${duration(disturbedFromMillis)} on`;
  // A few among many are no outage.
  if (count < accepted && disturbedFromMillis < atOnceMillis)
    return `goes on, but for ${countedStatuses(others)} of ${fixed(total, 0)}`;
  return `${word}${from}`;
}

function revokedText({ acceptedRevoked, boundMillis }: FaultScore): string {
  const { longestMillis, uncertainMillis, falseAccepts } = acceptedRevoked;
  if (longestMillis === 0) return '';
  if (boundMillis === null) return 'accepts revoked by design';
  const least = uncertainMillis === null ? 'at least ' : '';
  const text = `for ${least}${duration(longestMillis)} (bound ${duration(boundMillis)})`;
  return falseAccepts.requests === 0 ? `accepts revoked ${text}` : `ACCEPTS REVOKED ${text}`;
}

export function recoveryText({ recovery: { millis, disturbedMillis, newcomerMillis } }: FaultScore): string {
  if (disturbedMillis === 0) return 'not needed';
  if (millis === null) {
    return newcomerMillis === null
      ? 'not within the watch'
      : `sessions gone; a login after ${duration(newcomerMillis)}`;
  }
  return millis === 0 ? `before its end (${duration(disturbedMillis ?? 0)} after it began)` : duration(millis);
}

export function logoutText({ logouts }: FaultScore): string {
  const { statuses, longestMillis, doneAllTheSame } = logouts;
  const done = doneAllTheSame === 0 ? '' : `; ${fixed(doneAllTheSame, 0)} done all the same`;
  return `${countedStatuses(statuses)} within ${duration(longestMillis)}${done}`;
}

/** Accepted too late / refused though valid / acknowledged and lost: credentials, each of how many. */
export function faultsText(score: FaultScore): string {
  const { acceptedRevoked, falseRejections, lost, acknowledged } = score;
  const { credentials, longestMillis } = acceptedRevoked.falseAccepts;
  const late = credentials === 0 ? '0' : `${fixed(credentials, 0)} (up to ${duration(longestMillis)} late)`;
  return `${late} / ${fixed(falseRejections.credentials, 0)} / ${fixed(lost, 0)} of ${fixed(acknowledged, 0)}`;
}

const promiseTexts: Readonly<Record<PromiseKind, (score: FaultScore) => string>> = {
  'refuses-revoked': ({ acceptedRevoked: { falseAccepts } }) =>
    `accepted ${counted(falseAccepts.credentials, 'revoked credential')} up to ${duration(falseAccepts.longestMillis)} later than the bound allows`,
  'loses-nothing': ({ lost, acknowledged }) =>
    `lost ${fixed(lost, 0)} of ${counted(acknowledged, 'acknowledged logout')}`,
  'keeps-valid': ({ falseRejections }) =>
    `refused ${counted(falseRejections.credentials, 'valid credential')} with 401`,
  'answers-in-time': ({ longestAnswerMillis }) => `kept somebody waiting for ${duration(longestAnswerMillis)}`,
};

/** What comes first in the report: each promise of a configuration that was not kept. */
export function brokenPromiseSentences(faults: readonly FaultResults[] | null): string[] {
  return brokenPromisesOf(faults ?? []).map(({ title, score }: BrokenPromise) => {
    const kept = score.brokenPromises.map((kind) => promiseTexts[kind](score));
    return `A promise was broken (${title}): ${score.contestant} ${listed(kept)}.`;
  });
}

/** For the answer; empty when nothing was inflicted. */
export function faultsParagraph(faults: readonly FaultResults[] | null): string {
  const inflicted = (faults ?? []).flatMap(({ title, inflicted: one }) => (one === null ? [] : [{ title, ...one }]));
  if (inflicted.length === 0) return '';
  const names = [...new Set(inflicted.flatMap(({ contestants }) => contestants.map(({ contestant }) => contestant)))];
  const told = (of: (score: FaultScore) => boolean) =>
    names.flatMap((name) => {
      const titles = inflicted.flatMap(({ title, contestants }) =>
        contestants.some((score) => score.contestant === name && of(score)) ? [title] : [],
      );
      return titles.length === 0 ? [] : [{ name, titles }];
    });
  const open = told(({ failure }) => failure === 'open');
  const lost = told((score) => score.lost > 0);
  const refused = told(({ falseRejections }) => falseRejections.credentials > 0);
  const byDesign = told(({ failure, acceptedRevoked }) => failure === 'by-design' && acceptedRevoked.longestMillis > 0);
  const longest = Math.max(
    ...inflicted.flatMap(({ contestants }) => contestants.map((one) => one.longestAnswerMillis)),
  );
  const places = (found: typeof open) => found.map(({ name, titles }) => `${name} (${listed(titles)})`);
  return [
    `${inflicted.length === 1 ? 'One fault was' : `${fixed(inflicted.length, 0)} faults were`} inflicted.`,
    open.length === 0
      ? 'Nobody let a logged-out credential in later than its published bound.'
      : `Logged-out credentials were let in later than the published bound by ${listed(places(open))}.`,
    lost.length === 0
      ? 'No acknowledged logout was lost.'
      : `Acknowledged logouts were lost by ${listed(places(lost))}.`,
    refused.length === 0
      ? 'No valid credential was called invalid.'
      : `Valid credentials were called invalid by ${listed(places(refused))}.`,
    byDesign.length === 0
      ? ''
      : `${listed(byDesign.map(({ name }) => name))} accepted logged-out credentials throughout, as their design says.`,
    `The longest answer of a running node took ${duration(longest)}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
