/** The signing keys a node holds: opened from the state that the log tells, and kept in its ring. */

import type { SigningKey, SigningKeysState } from '../domain/signing-keys.ts';
import { signingKeys } from '../domain/signing-keys.ts';
import { type AlgorithmName, algorithmNames, algorithms } from '../keys/algorithms.ts';
import type { KeyRing, SignatureKey } from '../keys/key-ring.ts';
import { sealingPurpose, unsealKey } from '../keys/sealed-key.ts';
import type { SigningKeysKeeper } from '../projections/followed/followed-signing-keys.ts';

export class HeldKeys implements SigningKeysKeeper {
  readonly stream: string;
  readonly ring: KeyRing;
  readonly #sealingKeys: readonly Buffer[];
  readonly #opened = new Map<string, SignatureKey>();
  #state: SigningKeysState = signingKeys.initial;

  constructor(stream: string, ring: KeyRing) {
    this.stream = stream;
    this.ring = ring;
    this.#sealingKeys = [ring.secretFor(sealingPurpose), ...ring.previousSecretsFor(sealingPurpose)];
  }

  /** What was taken over last. */
  get state(): SigningKeysState {
    return this.#state;
  }

  /** In one step, so that no request finds a key gone whose successor is not there. */
  takeOver(state: SigningKeysState): boolean {
    const opened: SignatureKey[] = [];
    for (const key of state.keys) {
      const found = this.#open(key);
      if (found === null) return false;
      opened.push(found);
    }
    for (const key of opened) {
      this.#opened.set(key.kid, key);
      this.ring.add(key);
    }
    for (const { algorithm, kid, phase } of state.keys) {
      if (phase === 'active') this.ring.activate(algorithm as AlgorithmName, kid);
    }
    const kids = new Set(state.keys.map(({ kid }) => kid));
    for (const { algorithm, kid } of this.ring.accepted) {
      if (kids.has(kid)) continue;
      this.ring.retire(algorithm.name as AlgorithmName, kid);
      this.#opened.delete(kid);
    }
    this.#state = state;
    return true;
  }

  #open({ kid, algorithm, sealedKey }: SigningKey): SignatureKey | null {
    const name = algorithmNames.find((known) => known === algorithm);
    if (name === undefined) return null;
    const opened = this.#opened.get(kid);
    if (opened !== undefined) return opened;
    for (const sealingKey of this.#sealingKeys) {
      const key = unsealKey(sealingKey, algorithms[name], kid, sealedKey);
      if (key !== null) return key;
    }
    return null;
  }
}
