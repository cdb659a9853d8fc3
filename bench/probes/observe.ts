/** What one node did around one revocation, judged from the probes that were sent to it. */

import type { RevocationObservation } from '../record/run-events.ts';
import type { Probe } from './probe-log.ts';

export type ProbeVerdict = 'accepted' | 'refused' | 'other';

/** Only 200 accepts and only 401 refuses. Anything else, and no answer (0), is neither: it is counted apart. */
export function verdictOf(status: number): ProbeVerdict {
  if (status === 200) return 'accepted';
  return status === 401 ? 'refused' : 'other';
}

/** Probes on either side of the change that tell how finely it was looked at. */
const neighbours = 10;

/**
 * Judges one node's probes. A probe counts from the moment it was sent: one that was under way when the revoke was sent
 * says nothing about it. The node has refused from the first probe after which no acceptance follows, a 503 being a
 * refusal that says so; a single late acceptance moves that moment behind itself. A node that gave no answer but none
 * or errors of the connection has refused nothing.
 *
 * `probes` may come in any order; `acknowledgedAt` is null when the revoke was not acknowledged.
 */
export function observe(
  node: number,
  probes: Iterable<Probe>,
  revokeSentAt: number,
  acknowledgedAt: number | null,
): RevocationObservation {
  const inOrder = [...probes].sort((left, right) => left.sentAt - right.sentAt);
  const afterwards = inOrder.filter((probe) => probe.sentAt >= revokeSentAt);
  const lastAccepted = afterwards.findLast(isAccepted);
  const firstRefused = afterwards.find(
    (probe) => !isAccepted(probe) && probe.status !== 0 && !(lastAccepted && probe.sentAt <= lastAccepted.sentAt),
  );
  const lastAcceptedLate =
    acknowledgedAt === null
      ? undefined
      : afterwards.findLast((probe) => isAccepted(probe) && probe.sentAt > acknowledgedAt);
  const sinceRevoke = (probe: Probe | undefined): number | null =>
    probe ? toMicrosecond(probe.sentAt - revokeSentAt) : null;

  return {
    node,
    requests: inOrder.length,
    lastAcceptedSentMillis: sinceRevoke(lastAccepted),
    firstRefusedSentMillis: sinceRevoke(firstRefused),
    lastAcceptedAfterAcknowledgementMillis: sinceRevoke(lastAcceptedLate),
    probeSpacingMillis: toMicrosecond(
      longestGap(inOrder, firstRefused ? inOrder.indexOf(firstRefused) : inOrder.length - 1),
    ),
    otherStatuses: countOthers(inOrder),
  };
}

/** Milliseconds to three places: finer than any of these moments is known. */
export function toMicrosecond(millis: number): number {
  return Math.round(millis * 1_000) / 1_000;
}

function isAccepted(probe: Probe): boolean {
  return verdictOf(probe.status) === 'accepted';
}

/** The longest time between two probes sent one after the other, near the probe at `change`; 0 with fewer than two. */
export function longestGap(inOrder: readonly Pick<Probe, 'sentAt'>[], change: number): number {
  const near = inOrder.slice(Math.max(0, change - neighbours), change + neighbours + 1);
  let longest = 0;
  let previous = near[0];
  for (const probe of near) {
    if (previous) longest = Math.max(longest, probe.sentAt - previous.sentAt);
    previous = probe;
  }
  return longest;
}

function countOthers(probes: readonly Probe[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of probes) {
    if (verdictOf(status) === 'other') counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}
