/** A family of strategies, as the registry lists it: a few facts and a way to build one. */

import type { CommandContext } from '../application/context.ts';
import type { KeyRing, SignatureKey } from '../keys/key-ring.ts';
import type { RevocationView } from '../projections/followed/follower.ts';
import type { Strategy, Traits } from './strategy.ts';

/** What a strategy may be built on. */
export interface StrategyDependencies {
  readonly context: CommandContext;
  readonly keys: KeyRing;
  /** The `iss` of every self-contained token: one text, compared letter by letter. */
  readonly issuer: string;
  /** What this node knows of revocations; asked by families whose revocation is `followed`. */
  readonly revocations: RevocationView;
}

export type Family = PlainFamily | SignedFamily;

/** Its name is the strategy's name. */
export interface PlainFamily {
  readonly signed: false;
  readonly traits: Traits;
  create(name: string, dependencies: StrategyDependencies): Strategy;
}

/** An algorithm completes the strategy's name, and the traits: `jwt-rs256`. */
export interface SignedFamily {
  readonly signed: true;
  readonly traits: Omit<Traits, 'signature'>;
  create(name: string, traits: Traits, key: SignatureKey, dependencies: StrategyDependencies): Strategy;
}
