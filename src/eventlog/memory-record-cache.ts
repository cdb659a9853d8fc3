/** The near cache's link to the in-memory server: reads that it remembers, and pushes that come in order or not at all. */

import type { MemoryFaults } from './memory-faults.ts';
import type { MemoryServer } from './memory-server.ts';
import type { RecordName } from './port.ts';
import type { LinkListener, TrackedLink } from './record-cache.ts';

export class MemoryRecordLink implements TrackedLink {
  readonly #server: MemoryServer;
  readonly #faults: MemoryFaults;
  readonly #listener: LinkListener;
  readonly #stopWatching: () => void;
  /** Names of what was read and has not changed since: like Redis, the server tells once. */
  readonly #tracked = new Set<string>();
  /** The last thing on the push connection: nothing overtakes it. */
  #pushed: Promise<void> = Promise.resolve();
  #closed = false;

  static async connect(server: MemoryServer, faults: MemoryFaults, listener: LinkListener): Promise<TrackedLink> {
    await faults.carry('push', () => undefined);
    return new MemoryRecordLink(server, faults, listener);
  }

  constructor(server: MemoryServer, faults: MemoryFaults, listener: LinkListener) {
    this.#server = server;
    this.#faults = faults;
    this.#listener = listener;
    this.#stopWatching = server.watchRecords({
      changed: (keys) => this.#changed(keys),
      lost: () => this.#lose(),
    });
  }

  async read(key: string): Promise<string | null> {
    const value = await this.#faults.carry('read', () => {
      this.#demandOpen();
      this.#tracked.add(key);
      return this.#server.readRecord(...recordOf(key));
    });
    this.#demandOpen();
    return value;
  }

  async ping(): Promise<void> {
    await Promise.all([this.#push(() => undefined), this.#faults.carry('read', () => this.#demandOpen())]);
    this.#demandOpen();
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
  }

  #changed(keys: readonly string[] | null): void {
    const told = keys === null ? null : keys.filter((key) => this.#tracked.delete(key));
    if (told === null) this.#tracked.clear();
    if (told === null || told.length > 0) void this.#push(() => this.#listener.changed(told));
  }

  #push(deliver: () => void): Promise<void> {
    this.#pushed = this.#pushed
      .then(() => this.#faults.carry('push', () => undefined))
      .then(
        () => {
          if (!this.#closed) deliver();
        },
        () => this.#lose(),
      );
    return this.#pushed;
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#listener.lost();
  }

  #demandOpen(): void {
    if (this.#closed) throw new Error('the connection was lost');
  }
}

/** What `recordKey` named. */
function recordOf(key: string): [number, RecordName] {
  const [partition = '', kind = '', ...id] = key.split(':');
  return [Number(partition), { kind: kind as RecordName['kind'], id: id.join(':') }];
}
