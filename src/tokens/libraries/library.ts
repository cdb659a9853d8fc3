/** What a JWT library has to do for an access token: sign it, and verify it with one key under one algorithm. */

import type { Clock } from '../../kernel/clock.ts';
import type { SignatureKey } from '../../keys/key-ring.ts';

/**
 * A library gets each key as a KeyObject, or imports it once, in the form it likes best; a key given as text would be
 * imported again with every request, as by the variants that show what that costs. None of them chooses a key or an
 * algorithm: both are settled when the functions are made.
 */
export interface TokenLibrary {
  /** As npm knows it, and as it completes a strategy's name: `jwt-rs256+jose`. */
  readonly name: string;
  /** Absent: the library as it is best used. */
  readonly variant?: LibraryVariant;
  signerOf(key: SignatureKey, header: JoseHeader): Signer;
  verifierOf(key: SignatureKey, times: TimeCheck): Verifier;
}

/** Another way of using a library. What is accepted and what is refused is the same in each. */
export interface LibraryVariant {
  /** Completes a strategy's name behind the library's: `jwt-rs256+jose+cache`. */
  readonly name: string;
  /** What is different, for parity proofs and lists; the library is the subject. */
  readonly usage: string;
  /** How many verified tokens are remembered, so that the library is not asked about them again. Absent: none. */
  readonly verifiedTokens?: number;
}

/** The JOSE Header (RFC 7515 4), its members in this order. */
export interface JoseHeader {
  readonly alg: string;
  readonly typ: string;
  readonly kid: string;
}

export interface TimeCheck {
  readonly clock: Clock;
  /** For how long after `exp`, and before `nbf`, a token is accepted. Whole seconds. */
  readonly leewayMillis: number;
}

/** A compact JWS of exactly these claims. */
export type Signer = (claims: Record<string, unknown>) => string | Promise<string>;

/** Judges any text; neither throws nor rejects, whatever the text. */
export type Verifier = (token: string) => Verdict | Promise<Verdict>;

/**
 * `payload` is what was signed, in force now as far as it says; not yet known to be an object, nor ours.
 * `signature`: not a compact JWS of this key under this algorithm, or not in force yet. `expired`: beyond the leeway.
 */
export type Verdict =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly reason: 'signature' | 'expired' };

export const badSignature: Verdict = { ok: false, reason: 'signature' };
export const expired: Verdict = { ok: false, reason: 'expired' };
