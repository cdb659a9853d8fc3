/** The signing keys of a node: what its log, its configuration and its administrators say about them, brought together. */

import {
  addSigningKey,
  advanceSigningKeys,
  type MakeKey,
  provideSigningKey,
  type RotatedSigningKey,
  rotateSigningKey,
  type SigningKeysContext,
} from '../application/signing-keys.ts';
import type { RetireOld } from '../domain/signing-key-events.ts';
import { activeKey, type NewSigningKey, nextDueMillis } from '../domain/signing-keys.ts';
import { AuthlabError, type ErrorCode, isAuthlabError } from '../kernel/errors.ts';
import { type AlgorithmName, algorithmNames } from '../keys/algorithms.ts';
import type { KeyRing, SignatureKey } from '../keys/key-ring.ts';
import { newSignatureKey } from '../keys/new-key.ts';
import { sealingPurpose, sealKey } from '../keys/sealed-key.ts';
import { readSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { HeldKeys } from './held-keys.ts';

/** Told to the operator. */
export type SigningKeysDiagnostic =
  /** A key of the configuration has had its time in this realm, and is not used any more. */
  | {
      readonly type: 'configured-key-is-over';
      readonly algorithm: string;
      readonly kid: string;
      readonly phase: 'superseded' | 'retired';
    }
  /** Something is due that this node cannot bring about at present. */
  | { readonly type: 'signing-keys-stuck'; readonly code: ErrorCode | 'unexpected' }
  | { readonly type: 'signing-keys-unstuck' };

export interface NodeSigningKeysOptions {
  readonly context: SigningKeysContext;
  readonly ring: KeyRing;
  /** What this node's strategies sign by. */
  readonly needed: readonly AlgorithmName[];
  /** Keys of the configuration, at most one of each algorithm. */
  readonly given: readonly SignatureKey[];
  /** Bits of the keys that this node makes; absent: the algorithm's default. */
  readonly sizes: Partial<Readonly<Record<AlgorithmName, number>>>;
  readonly realm: string;
  tell(diagnostic: SigningKeysDiagnostic): void;
}

export class NodeSigningKeys {
  /** Takes over what the log tells; to be followed by the node's follower. */
  readonly held: HeldKeys;
  readonly #options: NodeSigningKeysOptions;
  readonly #sealingKey: Buffer;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | null = null;
  #isStuck = false;

  private constructor(options: NodeSigningKeysOptions) {
    const { context, ring } = options;
    this.#options = options;
    this.#sealingKey = ring.secretFor(sealingPurpose);
    this.held = new HeldKeys(context.stream, ring);
  }

  /**
   * Fills the ring; where no key signs yet, one is made or taken from the configuration, and of several nodes that start
   * at once the first wins for all. Afterwards each needed algorithm has a key that signs.
   * Throws ERR_INPUT_INVALID at `secret` when the realm's keys were sealed under another; else as `execute` does.
   */
  static async open(options: NodeSigningKeysOptions): Promise<NodeSigningKeys> {
    const keys = new NodeSigningKeys(options);
    await keys.#load();
    await keys.#provide();
    await keys.#load();
    return keys;
  }

  /** Null where this node signs nothing by an algorithm of this name. Throws as `execute` does. */
  async rotate(algorithm: string, retireOld: RetireOld): Promise<RotatedSigningKey | null> {
    const name = algorithmNames.find((known) => known === algorithm);
    if (name === undefined || !this.#options.needed.includes(name)) return null;
    return await rotateSigningKey(this.#options.context, { algorithm, makeKey: this.#makerOf(name), retireOld });
  }

  /** Looks at every interval whether something is due. The timer keeps no process alive. */
  start(intervalMillis: number): void {
    this.#timer ??= setInterval(() => void this.look(), intervalMillis).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /**
   * Brings about what is due: whichever node comes first does it, and the others find it done. One that ends in between
   * leaves it to the next. Also sees to it that there are keys when the log came back without any. Costs no round trip
   * while nothing is due; never throws: what fails is tried again with the next look.
   */
  look(): Promise<void> {
    this.#looking ??= this.#act().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #act(): Promise<void> {
    const { context, needed } = this.#options;
    const { state } = this.held;
    const due = nextDueMillis(state);
    const isDue = due !== null && due <= context.clock.wallMillis();
    const isLacking = needed.some((algorithm) => activeKey(state, algorithm) === undefined);
    if (!isDue && !isLacking) return;
    try {
      if (isDue) await advanceSigningKeys(context);
      if (isLacking) await this.#provide();
      if (this.#isStuck) this.#options.tell({ type: 'signing-keys-unstuck' });
      this.#isStuck = false;
    } catch (error) {
      const code = isAuthlabError(error) ? error.code : 'unexpected';
      if (!this.#isStuck) this.#options.tell({ type: 'signing-keys-stuck', code });
      this.#isStuck = true;
    }
  }

  /** The state is taken over here at the start alone; later it comes in order through the follower. */
  async #load(): Promise<void> {
    const { context, realm } = this.#options;
    const { state } = await readSigningKeys(context.log, context.stream);
    if (this.held.takeOver(state)) return;
    const message =
      `is not the one under which the signing keys of the realm ${realm} were sealed; ` +
      "give this node the secret of the realm's other nodes (as previousSecret, if it is to change), or a realm of its own";
    throw new AuthlabError('ERR_INPUT_INVALID', 'The signing keys in the log cannot be opened.', {
      faults: [{ place: 'secret', message }],
    });
  }

  async #provide(): Promise<void> {
    const { context, needed, given, tell } = this.#options;
    for (const key of given) {
      const { algorithm, kid } = key;
      if (!needed.some((name) => name === algorithm.name)) continue;
      const outcome = await addSigningKey(context, this.#sealed(key));
      if (outcome.type !== 'over') continue;
      tell({ type: 'configured-key-is-over', algorithm: algorithm.name, kid, phase: outcome.phase });
    }
    for (const name of needed) await provideSigningKey(context, name, this.#makerOf(name));
  }

  #makerOf(name: AlgorithmName): MakeKey {
    const { context, sizes } = this.#options;
    return async () => this.#sealed(await newSignatureKey(name, context.random, sizes[name]));
  }

  #sealed(key: SignatureKey): NewSigningKey {
    const { algorithm, kid } = key;
    return { kid, algorithm: algorithm.name, sealedKey: sealKey(this.#sealingKey, key, this.#options.context.random) };
  }
}
