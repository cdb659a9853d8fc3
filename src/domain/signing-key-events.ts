/** What can happen to a signing key. These events stand in the realm's own partition and are followed by every node. */

/**
 * - `when-expired`: each goes on verifying until the last token it signed has expired; nobody notices the rotation.
 * - `at-activation`: none of their tokens is accepted any more, because somebody else may hold one of them.
 */
export type RetireOld = 'when-expired' | 'at-activation';

/** Made known: verifiers accept it and the JWK Set shows it, but nobody signs with it yet. */
export interface SigningKeyAdded {
  readonly type: 'SigningKeyAdded';
  readonly atMillis: number;
  readonly kid: string;
  /** As it ends a strategy's name: `rs256`. */
  readonly algorithm: string;
  /** The private or shared key, sealed under the realm's root secret: base64url, of no use to who only reads the log. */
  readonly sealedKey: string;
  /** When it may sign: every node that answers has heard of it by then. */
  readonly activateAtMillis: number;
  /** What becomes of the keys before it once it signs. */
  readonly retireOld: RetireOld;
}

/** From now on it signs. The key that signed before goes on verifying until its last token has expired. */
export interface SigningKeyActivated {
  readonly type: 'SigningKeyActivated';
  readonly atMillis: number;
  readonly kid: string;
  readonly algorithm: string;
  /** The key that signed before, and when it is due to be retired; absent for the first key of an algorithm. */
  readonly superseded?: { readonly kid: string; readonly retireAtMillis: number };
}

/** From now on nothing it signed is accepted. */
export interface SigningKeyRetired {
  readonly type: 'SigningKeyRetired';
  readonly atMillis: number;
  readonly kid: string;
  readonly algorithm: string;
}

export type SigningKeyEvent = SigningKeyAdded | SigningKeyActivated | SigningKeyRetired;

const retireOlds: ReadonlySet<unknown> = new Set<RetireOld>(['when-expired', 'at-activation']);

/** Whether a log entry's event is one of these, with every member that says which key, since when and how. */
export function isSigningKeyEvent(event: { readonly type: string }): event is SigningKeyEvent {
  const { type, kid, algorithm, sealedKey, activateAtMillis, retireOld, superseded } = event as PossibleEvent;
  if (typeof kid !== 'string' || typeof algorithm !== 'string') return false;
  switch (type) {
    case 'SigningKeyAdded':
      return typeof sealedKey === 'string' && Number.isFinite(activateAtMillis) && retireOlds.has(retireOld);
    case 'SigningKeyActivated':
      return superseded === undefined || isSuperseded(superseded);
    case 'SigningKeyRetired':
      return true;
    default:
      return false;
  }
}

type PossibleEvent = { readonly type: string } & {
  readonly [Member in 'kid' | 'algorithm' | 'sealedKey' | 'activateAtMillis' | 'retireOld' | 'superseded']?: unknown;
};

function isSuperseded(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'kid' in value &&
    typeof value.kid === 'string' &&
    'retireAtMillis' in value &&
    Number.isFinite(value.retireAtMillis)
  );
}
