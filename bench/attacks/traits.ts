/** What attacks take aim at, told by traits: no attack knows a strategy's name. Null: it is there; else, in a few words, why not. */

import type { Contestant } from '../workload/contestant.ts';

type Traits = Contestant['traits'];

/** It lets in whoever shows a token that is signed and says by itself who that is. */
export function carriesToken({ transport, signature }: Traits): boolean {
  return transport === 'bearer' && signature !== undefined;
}

export function withoutToken(traits: Traits): string | null {
  return carriesToken(traits) ? null : 'no signed token';
}

/** Its tokens are verified with a key that everybody may know. */
export function withoutPublicKey(traits: Traits): string | null {
  if (!carriesToken(traits)) return 'no signed token';
  return (traits.signature?.algorithm ?? 'HS').startsWith('HS') ? 'no public key' : null;
}

export function withoutEllipticCurve(traits: Traits): string | null {
  return carriesToken(traits) && traits.signature?.algorithm === 'ES256' ? null : 'no ECDSA';
}

/** What it has signed is verified with a secret, which may be guessed. */
export function withoutSharedSecret({ signature }: Traits): string | null {
  return /^H(?:S|MAC)/.test(signature?.algorithm ?? '') ? null : 'no HMAC signature';
}

/** Its credential says something to whoever reads it: a token, or a cookie that holds the session itself. */
export function unreadable(traits: Traits): string | null {
  return carriesToken(traits) || traits.stateLocation === 'cookie' ? null : 'nothing to read in it';
}

/** It checks credentials at all. */
export function withoutSessions({ bound }: Traits): string | null {
  return bound === 'unbounded' ? 'nothing is checked' : null;
}

export function withoutRefresh({ refresh }: Traits): string | null {
  return refresh ? null : 'no refresh token';
}

export function withoutBearer({ transport }: Traits): string | null {
  return transport === 'bearer' ? null : 'no bearer token';
}

/** A cookie opens the protected resource. */
export function withoutSessionCookie({ transport }: Traits): string | null {
  return transport === 'cookie' ? null : 'no session cookie';
}

/** A cookie opens something: the protected resource or the refresh. */
export function withoutCookie({ transport, refresh }: Traits): string | null {
  return transport === 'cookie' || refresh ? null : 'no cookie';
}

/** The session cookie holds the session and is trusted for its signature. */
export function withoutSignedCookie(traits: Traits): string | null {
  return traits.transport === 'cookie' && traits.signature !== undefined ? null : 'no signed cookie';
}
