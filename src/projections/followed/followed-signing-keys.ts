/** Followed projection of the realm's partition: the signing keys' state, handed on whenever it has changed. */

import { isSigningKeyEvent, type SigningKeyEvent } from '../../domain/signing-key-events.ts';
import { type SigningKeysState, signingKeys } from '../../domain/signing-keys.ts';
import type { EventLog, LogEntry, Partition, Position } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';
import { readSigningKeys } from '../inline/signing-keys-state.ts';
import type { PartitionProjection } from './partition-projection.ts';

/** Whoever keeps the keys of a node. */
export interface SigningKeysKeeper {
  /** Whose events count; those of other streams are passed over. */
  readonly stream: string;
  /** From now on these are the keys. False when one of them cannot be opened, and then nothing has changed. */
  takeOver(state: SigningKeysState): boolean;
}

/**
 * Unlike a revocation, an old event of a key must not be applied again: a retired key would come back. So events count
 * only in their order, and those that the state read at the rebuild includes are known by their version.
 */
export class FollowedSigningKeys implements PartitionProjection {
  readonly #log: EventLog;
  readonly #keeper: SigningKeysKeeper | undefined;
  #version = 0;
  #state: SigningKeysState = signingKeys.initial;

  /** Without a keeper the events are only looked at, so that one that is not understood is noticed. */
  constructor(log: EventLog, keeper: SigningKeysKeeper | undefined) {
    this.#log = log;
    this.#keeper = keeper;
  }

  /** The position first: what comes into the state while it is read is told apart by its version. */
  async rebuild(partition: Partition): Promise<Position> {
    const position = await this.#log.beat(partition);
    if (this.#keeper === undefined) return position;
    const { version, state } = await readSigningKeys(this.#log, this.#keeper.stream);
    if (!this.#keeper.takeOver(state)) {
      throw new AuthlabError(
        'ERR_LOG_CORRUPT',
        'A signing key in the log cannot be opened with the secret of this node.',
      );
    }
    this.#version = version;
    this.#state = state;
    return position;
  }

  learn({ event }: LogEntry): boolean {
    return isSigningKeyEvent(event);
  }

  apply({ event, stream, version }: LogEntry): boolean {
    if (stream !== this.#keeper?.stream || version <= this.#version) return true;
    const state = signingKeys.evolve(this.#state, event as SigningKeyEvent);
    if (!this.#keeper.takeOver(state)) return false;
    this.#version = version;
    this.#state = state;
    return true;
  }
}
