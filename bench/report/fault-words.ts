/** Behaviour under fault in words: a cell for each contestant, the answer, and what the configuration promised in vain. */

import { counted, countedStatuses, duration, fixed, listed } from './format.ts';
import type { AnswersMeanwhile } from './summarise/fault-answers.ts';
import type { FaultScore, PromiseKind } from './summarise/fault-score.ts';
import { type BrokenPromise, brokenPromisesOf, type FaultResults, type InflictedFault } from './summarise/faults.ts';

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
function answersText({ statuses, disturbedFromMillis, disturbedMillis, stoppedMillis }: AnswersMeanwhile): string {
  const { 200: _, ...others } = statuses;
  const [worst] = Object.entries(others).toSorted(([, left], [, right]) => right - left);
  const status = worst?.[0] ?? '200';
  const word = status === '0' ? 'no answer' : `refuses (${status})`;
  if (stoppedMillis !== null) return worst === undefined ? 'stands still' : `stands still, then ${word}`;
  if (disturbedFromMillis === null) return 'goes on';
  const isAtOnce = disturbedFromMillis < atOnceMillis;
  if (disturbedMillis === null) return isAtOnce ? word : `${word} from ${duration(disturbedFromMillis)} on`;
  return `${word} for ${duration(disturbedMillis)}${isAtOnce ? '' : `, from ${duration(disturbedFromMillis)} on`}`;
}

function revokedText({ acceptedRevoked, boundMillis }: FaultScore): string {
  const { longestMillis, uncertainMillis, falseAccepts } = acceptedRevoked;
  if (longestMillis === 0) return '';
  if (boundMillis === null) return 'accepts revoked by design';
  const least = uncertainMillis === null ? 'at least ' : '';
  const text = `for ${least}${duration(longestMillis)} (bound ${duration(boundMillis)})`;
  return falseAccepts.requests === 0 ? `accepts revoked ${text}` : `ACCEPTS REVOKED ${text}`;
}

export function recoveryText({ recovery, falseRejections }: FaultScore): string {
  const { millis, disturbedMillis, newcomerMillis, newcomerLogins } = recovery;
  if (disturbedMillis === 0) return 'not needed';
  if (millis !== null) return millis === 0 ? 'before its end' : duration(millis);
  if (newcomerMillis === null) return 'not within the watch';
  if (falseRejections.credentials === 0) return 'not: what was lost stays lost';
  const logins = newcomerLogins === 1 ? 'a login' : `${counted(newcomerLogins, 'login')}, of which one held,`;
  return `sessions gone; ${logins} after ${duration(newcomerMillis)}`;
}

export function logoutText({ logouts }: FaultScore): string {
  const { statuses, longestMillis, doneAllTheSame } = logouts;
  const done = doneAllTheSame === null || doneAllTheSame === 0 ? '' : `; ${fixed(doneAllTheSame, 0)} done all the same`;
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
  'answers-in-time': ({ longestAnswerMillis }) =>
    `kept somebody waiting for ${duration(longestAnswerMillis)}, longer than a node may`,
};

/** What comes first in the report: each promise of a configuration that was not kept. */
export function brokenPromiseSentences(faults: readonly FaultResults[] | null): string[] {
  return brokenPromisesOf(faults ?? []).map(({ title, score }: BrokenPromise) => {
    const kept = score.brokenPromises.map((kind) => promiseTexts[kind](score));
    return `A promise was broken (${title}): ${score.contestant} ${listed(kept)}.`;
  });
}

interface Inflicted extends InflictedFault {
  readonly title: string;
}

/** For the answer; empty when nothing was inflicted. */
export function faultsParagraph(faults: readonly FaultResults[] | null): string {
  const inflicted = (faults ?? []).flatMap(({ title, inflicted: one }) => (one === null ? [] : [{ title, ...one }]));
  if (inflicted.length === 0) return '';
  const scores = inflicted.flatMap(({ contestants }) => contestants);
  const open = placesOf(inflicted, ({ failure }) => failure === 'open');
  const lost = placesOf(inflicted, (score) => score.lost > 0);
  const refused = placesOf(inflicted, ({ falseRejections }) => falseRejections.credentials > 0);
  const byDesign = scores.filter(
    ({ failure, acceptedRevoked }) => failure === 'by-design' && acceptedRevoked.longestMillis > 0,
  );
  const names = [...new Set(byDesign.map(({ contestant }) => contestant))];
  const longest = Math.max(...scores.map(({ longestAnswerMillis }) => longestAnswerMillis));
  return [
    `${inflicted.length === 1 ? 'One fault was' : `${fixed(inflicted.length, 0)} faults were`} inflicted.`,
    open === ''
      ? 'Nobody let a logged-out credential in later than its published bound.'
      : `Logged-out credentials were let in later than the published bound by ${open}.`,
    lost === '' ? 'No acknowledged logout was lost.' : `Acknowledged logouts were lost by ${lost}.`,
    refused === '' ? 'No valid credential was called invalid.' : `Valid credentials were called invalid by ${refused}.`,
    open + lost + refused === '' || brokenPromisesOf(faults ?? []).length > 0
      ? ''
      : 'Nowhere there does the configuration promise otherwise.',
    names.length === 0 ? '' : `${listed(names)} accepted logged-out credentials throughout, as their design says.`,
    `The longest answer of a running node took ${duration(longest)}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Two sentences for the top of the report; none when nothing was inflicted. */
export function faultsLead(faults: readonly FaultResults[] | null): string[] {
  const inflicted = (faults ?? []).flatMap(({ title, inflicted: one }) => (one === null ? [] : [{ title, ...one }]));
  const [first] = inflicted;
  if (first === undefined) return [];
  const under = inflicted.length === 1 ? `Under "${first.title}"` : `Under ${fixed(inflicted.length, 0)} faults`;
  const open = placesOf(inflicted, ({ failure, lost }) => failure === 'open' || lost > 0);
  const served = first.contestants
    .map(({ contestant }) => ({
      contestant,
      faults: inflicted.filter(({ contestants }) =>
        contestants.some((one) => one.contestant === contestant && isServed(one)),
      ).length,
    }))
    .toSorted((left, right) => right.faults - left.faults);
  const [most, least] = [served[0]?.faults ?? 0, served.at(-1)?.faults ?? 0];
  const those = (count: number) =>
    listed(served.filter((one) => one.faults === count).map(({ contestant }) => contestant));
  return [
    open === ''
      ? `${under} nobody let a logged-out credential in later than its published bound, and no acknowledged logout was lost.`
      : `${under} logged-out credentials were let in later than the published bound, or logouts lost, by ${open}.`,
    most === least
      ? `All served those who had not logged out alike: without a break under ${fixed(most, 0)} of them.`
      : `Those who had not logged out were served without a break by ${those(most)} under ${fixed(most, 0)} of them, and by ${those(least)} under ${fixed(least, 0)}.`,
  ];
}

/** Nobody who had not logged out was refused, or kept without an answer, anywhere. */
function isServed({ befallen, others, falseRejections }: FaultScore): boolean {
  const isUndisturbed = [befallen, others].every((each) => each === null || each.disturbedFromMillis === null);
  return isUndisturbed && falseRejections.requests === 0;
}

/** `session and epoch-hs256 (Redis killed); jwt-hs256 (Redis slow)`: those of whom the same is to be said together. */
function placesOf(inflicted: readonly Inflicted[], of: (score: FaultScore) => boolean): string {
  const titles = new Map<string, string[]>();
  for (const { title, contestants } of inflicted) {
    for (const { contestant } of contestants.filter(of))
      titles.set(contestant, [...(titles.get(contestant) ?? []), title]);
  }
  const names = new Map<string, string[]>();
  for (const [name, own] of titles) names.set(listed(own), [...(names.get(listed(own)) ?? []), name]);
  return [...names].map(([own, whose]) => `${listed(whose)} (${own})`).join('; ');
}
