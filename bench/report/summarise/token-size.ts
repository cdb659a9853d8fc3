/** Bytes of the credential as a real client sends it, against the limit that browsers set to one cookie. */

import type { SizeMeasured } from '../../record/run-events.ts';
import type { LoginRefused } from '../../record/size-events.ts';
import type { TokenSize } from './results.ts';

/** Name and value of one cookie; RFC 6265 section 6.1 asks browsers for at least this much, and they give no more. */
export const cookieLimitBytes = 4_096;

/**
 * One row for each claim profile, in the order measured; the largest of its sizes where it was measured repeatedly. None
 * for users who got no credential: that is a finding too, and not null.
 */
export function summariseSizes(
  events: readonly SizeMeasured[],
  refusedLogins: readonly LoginRefused[],
): TokenSize[] | null {
  const byClaims = new Map<string, TokenSize>();
  for (const event of events) {
    const before = byClaims.get(event.claims);
    const largestCookieBytes = Math.max(event.largestCookieBytes, before?.largestCookieBytes ?? 0);
    byClaims.set(event.claims, {
      claims: event.claims,
      requestHeaderBytes: Math.max(event.requestHeaderBytes, before?.requestHeaderBytes ?? 0),
      authRequestHeaderBytes: Math.max(event.authRequestHeaderBytes, before?.authRequestHeaderBytes ?? 0),
      loginResponseBytes: Math.max(event.loginResponseBytes, before?.loginResponseBytes ?? 0),
      largestCookieBytes,
      fitsCookie: largestCookieBytes <= cookieLimitBytes,
    });
  }
  return byClaims.size === 0 && refusedLogins.length === 0 ? null : [...byClaims.values()];
}
