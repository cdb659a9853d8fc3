/** A family of strategies, as the registry lists it: a few facts and a way to build one. */

import type { CommandContext } from '../application/context.ts';
import type { RecordCache } from '../eventlog/port.ts';
import type { AlgorithmKeys, KeyRing } from '../keys/key-ring.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import type { TokenLibrary } from '../tokens/libraries/library.ts';
import type { Strategy, Traits } from './strategy.ts';

/** What a strategy may be built on. */
export interface StrategyDependencies {
  readonly context: CommandContext;
  readonly keys: KeyRing;
  /** The `iss` of every self-contained token: one text, compared letter by letter. */
  readonly issuer: string;
  /** What this node knows of revocations; asked by families whose revocation is `followed`. */
  readonly revocations: RevocationView;
  /** This node's near cache of records; asked by families whose state is in `redis and node memory`. */
  readonly records: Pick<RecordCache, 'read'>;
  /** Of every lab user: the reference answers with them, so that its answers are as long as the others'. Absent: one. */
  readonly labRoles?: readonly string[];
}

export type Family = PlainFamily | SignedFamily;

/** Its name is the strategy's name. */
export interface PlainFamily {
  readonly signed: false;
  /** With parameters, where it has any: `session+unsigned`. Absent: the family's. */
  readonly name?: string;
  readonly traits: Traits;
  create(name: string, dependencies: StrategyDependencies): Strategy;
}

/** An algorithm completes the strategy's name, and the traits: `jwt-rs256`. A library may follow, and a way of using it: `jwt-rs256+jose+cache`. */
export interface SignedFamily {
  readonly signed: true;
  readonly traits: Omit<Traits, 'signature'>;
  create(variant: SignedVariant, dependencies: StrategyDependencies): Strategy;
}

/** What algorithm and library settle. */
export interface SignedVariant {
  readonly name: string;
  readonly traits: Traits;
  readonly keys: AlgorithmKeys;
  readonly library: TokenLibrary;
}
