/** What "until it expires" was in a run, and what it is in service: runs cut lifetimes short, to see the end. */

import { duration, listed } from './format.ts';
import type { Results } from './summarise/results.ts';
import type { TradeOff } from './summarise/trade-off.ts';

/** Of those that the trade-off shows; empty where all of them can revoke. Markup. */
export function expirySentence({ contestants }: Pick<Results, 'contestants'>, tradeOff: TradeOff): string {
  const expiring = tradeOff.points.filter(({ exposure }) => exposure.kind === 'until-expiry');
  if (expiring.length === 0) return '';
  const travelling = (transport: 'bearer' | 'cookie') =>
    expiring
      .map(({ contestant }) => contestant)
      .filter(
        (name) => contestants.find(({ contestant }) => contestant === name)?.description?.transport === transport,
      );
  const kinds = [
    ['of the access token', travelling('bearer')] as const,
    ['of the session cookie', travelling('cookie')] as const,
  ].filter(([, names]) => names.length > 0);
  const inService = `*Until it expires*: in service the lifetime ${listed(kinds.map(([what, names]) => `${what} (${listed(names)})`))}`;
  const left = lifetimeMillisOf(tradeOff);
  return left === null
    ? `${inService}.`
    : `${inService}. This run cut it short to see the end: no more than ${duration(left)} of it were left at a logout.`;
}

/** The longest that was left, milliseconds; null where nobody was watched until then. */
export function lifetimeMillisOf({ points }: TradeOff): number | null {
  const left = points.flatMap(({ exposure }) =>
    exposure.kind === 'until-expiry' && exposure.lifetimeMillis !== null ? [exposure.lifetimeMillis] : [],
  );
  return left.length === 0 ? null : Math.max(...left);
}
