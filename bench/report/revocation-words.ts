/** What became of revoked credentials, in words. */

import { counted, duration, listed } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { ContestantResults, Results, RevocationSummary } from './summarise/results.ts';

/** What the trials of one strategy showed, over all conditions in which it can revoke. */
export interface Revoked {
  readonly contestant: string;
  /** Longest exposure, milliseconds; null when no revoke was acknowledged: then there was nothing to be exposed after. */
  readonly exposure: number | null;
  /** Acknowledged ones. */
  readonly trials: number;
  readonly boundMillis: number | null;
  /** Apart: with Redis there, and while it stood still; null where there were no trials. */
  readonly undisturbed: Exposed | null;
  readonly redisPaused: Exposed | null;
}

export interface Exposed {
  /** Milliseconds; null when no revoke was acknowledged. */
  readonly exposure: number | null;
  readonly trials: number;
}

/** Of a strategy that broke its bound nothing is claimed but that. */
export function revokedOf(results: Results): Revoked[] {
  return withoutFalseAccepts(results).flatMap(({ contestant, revocation }) => {
    const undisturbed = [revocation.idle, revocation.loaded].flatMap((figure) => measuredValue(figure) ?? []);
    const redisPaused = [revocation['redis-paused']].flatMap((figure) => measuredValue(figure) ?? []);
    const summaries = [...undisturbed, ...redisPaused];
    if (summaries.length === 0) return [];
    const { boundMillis = null } = summaries[0] ?? {};
    const whole = { exposure: longestExposure(summaries), trials: trialsOf(summaries), boundMillis };
    return [{ contestant, ...whole, undisturbed: exposedIn(undisturbed), redisPaused: exposedIn(redisPaused) }];
  });
}

export interface Expiring {
  readonly contestant: string;
  readonly value: RevocationSummary;
}

/** Those that cannot revoke and were watched until their credentials expired. */
export function expiringOf(results: Results): Expiring[] {
  return withoutFalseAccepts(results).flatMap(({ contestant, revocation }) => {
    const value = measuredValue(revocation['until-expiry']);
    return value === null ? [] : [{ contestant, value }];
  });
}

export function revocationParagraph(results: Results): string {
  const judged = revokedOf(results);
  const closed = judged.filter(({ exposure }) => exposure === 0);
  const open = judged.filter(({ exposure }) => exposure !== null && exposure > 0);
  const sentences = [
    closed.length === 0
      ? ''
      : `No request sent after a logout was acknowledged was accepted with its credential by ${listed(closed.map(({ contestant, trials }) => `${contestant} (${counted(trials, 'trial')})`))}.`,
    ...open.map(
      ({ contestant, exposure, trials, boundMillis }) =>
        `${contestant} accepted requests sent up to ${duration(exposure ?? 0)} after the acknowledgement in ${counted(trials, 'trial')}${boundMillis === null ? '' : ` (published bound ${duration(boundMillis)})`}.`,
    ),
    expirySentence(expiringOf(results)),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function withoutFalseAccepts({ validity, contestants }: Results): ContestantResults[] {
  const broken = validity.state === 'valid' ? [] : validity.falseAccepts.map((found) => found.contestant);
  return contestants.filter(({ contestant }) => contestant !== 'none' && !broken.includes(contestant));
}

function longestExposure(summaries: readonly RevocationSummary[]): number | null {
  const windows = summaries.flatMap(({ exposureWindowMillis }) => exposureWindowMillis?.max ?? []);
  return windows.length === 0 ? null : Math.max(...windows);
}

function trialsOf(summaries: readonly RevocationSummary[]): number {
  return summaries.reduce((sum, { exposureWindowMillis }) => sum + (exposureWindowMillis?.count ?? 0), 0);
}

function exposedIn(summaries: readonly RevocationSummary[]): Exposed | null {
  return summaries.length === 0 ? null : { exposure: longestExposure(summaries), trials: trialsOf(summaries) };
}

/** `51 trials`; `51 trials of each`; `51 or more trials of each`. */
export function trialsOfEach(of: readonly { readonly trials: number }[]): string {
  const numbers = of.map(({ trials }) => trials);
  const fewest = Math.min(...numbers);
  if (of.length === 1) return counted(fewest, 'trial');
  return numbers.every((number) => number === fewest)
    ? `${counted(fewest, 'trial')} of each`
    : `${fewest} or more trials of each`;
}

function expirySentence(expiring: readonly Expiring[]): string {
  const seen = expiring.flatMap(({ contestant, value }) => {
    const { revocationLatencyMillis: latency, remainingLifetimeMillis: lifetime } = value;
    if (latency === null || lifetime === null) return [];
    return [
      `${contestant} for up to ${duration(latency.max)} (at most ${duration(lifetime.max)} were left, leeway included)`,
    ];
  });
  if (seen.length === 0) return '';
  return `Not revocable before it expires, a logged-out credential went on being accepted by ${listed(seen)}. To end sooner is no fault: a JWT ends on a whole second, and leeway need not be granted.`;
}

/** One sentence for the top of the report; empty where nothing was measured. */
export function revocationLead(results: Results): string {
  const judged = revokedOf(results);
  const exposedBy = (pick: (of: Revoked) => Exposed | null) =>
    judged.flatMap((of) => {
      const { exposure = null, trials = 0 } = pick(of) ?? {};
      return exposure === null ? [] : [{ contestant: of.contestant, exposure, trials }];
    });
  const undisturbed = exposedBy((of) => of.undisturbed);
  const closed = exposedBy((of) => of.undisturbed ?? of.redisPaused).filter(({ exposure }) => exposure === 0);
  const through = ({ contestant, exposure, trials }: (typeof undisturbed)[number], where = '') =>
    `${contestant} let requests through for up to ${duration(exposure)}${where} (in ${counted(trials, 'trial')})`;
  const expiring = expiringOf(results);
  const parts = [
    ...(closed.length === 0
      ? []
      : [
          `${listed(closed.map(({ contestant }) => contestant))} let nothing through any more (none in ${trialsOfEach(closed)})`,
        ]),
    ...undisturbed.filter(({ exposure }) => exposure > 0).map((exposed) => through(exposed)),
    ...exposedBy((of) => of.redisPaused)
      .filter(({ exposure }) => exposure > 0)
      .map((exposed) => through(exposed, ' while Redis stood still')),
    ...(expiring.length === 0
      ? []
      : [`${listed(expiring.map(({ contestant }) => contestant))} let them through until the credential expires`]),
  ];
  return parts.length === 0 ? '' : `Once a logout is acknowledged, ${listed(parts)}.`;
}
