/** Whether a payload that was signed is in force now, for libraries that are not asked, and for what was verified before. */

import { badSignature, expired, type TimeCheck, type Verdict } from './library.ts';

/** Demands an `exp`. Judges as every library does: `nbf` with the leeway, the moment of `exp` and leeway no longer. */
export function judgeTimes(
  payload: { readonly exp?: unknown; readonly nbf?: unknown },
  { clock, leewayMillis }: TimeCheck,
): Verdict {
  const { exp, nbf } = payload;
  const nowMillis = clock.wallMillis();
  if (typeof exp !== 'number') return badSignature;
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= nowMillis + leewayMillis)) return badSignature;
  return nowMillis < exp * 1000 + leewayMillis ? { ok: true, payload } : expired;
}
