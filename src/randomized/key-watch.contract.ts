/** Looks over the log's shoulder: which signing key was known, and which was retired, and when. */

import type { MemoryServer } from '../eventlog/memory-server.ts';
import type { History } from './history.contract.ts';

export class KeyWatch {
  readonly #time: { readonly now: number };
  readonly #history: History;
  #server: MemoryServer | null = null;
  #seenId = '0-0';

  constructor(time: { readonly now: number }, history: History) {
    this.#time = time;
    this.#history = history;
  }

  /** Right after a write: what is new in the realm's partition has happened just now. */
  look(server: MemoryServer): void {
    if (server.lastId('realm') === this.#seenId && server === this.#server) return;
    this.#server ??= server;
    // A server that is not the primary any more writes nothing that counts.
    if (server !== this.#server) return;
    const { now } = this.#time;
    for (const { position, event } of server.readEntries('realm', this.#seenId, Number.POSITIVE_INFINITY)) {
      this.#seenId = position.id;
      if (!('kid' in event)) continue;
      const life = this.#history.keys.get(event.kid);
      if (life === undefined) this.#history.keys.set(event.kid, { addedAt: now, retiredAt: null, isLost: false });
      else if (event.type === 'SigningKeyRetired') life.retiredAt ??= now;
    }
  }

  /** Another server, or the same without its last writes: what was retired since may be back. */
  follow(server: MemoryServer, lostSince: number): void {
    this.#server = server;
    this.#seenId = server.lastId('realm');
    for (const life of this.#history.keys.values()) {
      if (life.retiredAt !== null && life.retiredAt >= lostSince) life.retiredAt = null;
      if (life.addedAt >= lostSince) life.isLost = true;
    }
  }
}
