/** The near cache of records: what both adapters share. It keeps a link to the server, proves contact, and answers reads. */

import { isAuthlabError } from '../kernel/errors.ts';
import type { RecordCache, RecordCacheOptions, RecordCacheStatus, RecordName } from './port.ts';
import { type Moment, RecordMemory } from './record-cache-memory.ts';

/** Two connections to each server that live and die together: one reads, the other is told what has changed of that. */
export interface TrackedLink {
  /**
   * A read that makes the server remember who is to be told. Throws an AuthlabError where asking again is no use: the
   * server hangs or refuses; anything else where only this link broke.
   */
  read(key: string, partition: number): Promise<string | null>;
  /** Resolves when all connections have answered a question sent now; rejects when one does not. */
  ping(): Promise<unknown>;
  close(): void;
}

export interface LinkListener {
  /** These records have changed; null: all may have. */
  changed(keys: readonly string[] | null): void;
  /** One of the connections is gone. May be told more than once. */
  lost(): void;
}

/** Where records come from. */
export interface RecordSource {
  keyOf(partition: number, record: RecordName): string;
  /** An ordinary read, which nobody tracks. */
  readDirectly(partition: number, record: RecordName): Promise<string | null>;
  /** Connects within a deadline of its own, and rejects when it cannot. */
  connect(listener: LinkListener): Promise<TrackedLink>;
}

const retryDelayMillis = 50;

/** Never fresh without a link. Whatever fails is tried again until `close`; meanwhile every read is an ordinary one. */
export class NearRecordCache implements RecordCache {
  readonly #options: RecordCacheOptions;
  readonly #source: RecordSource;
  readonly #onClose: (cache: NearRecordCache) => void;
  readonly #memory: RecordMemory;
  readonly #pingTimer: ReturnType<typeof setInterval>;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #link: TrackedLink | null = null;
  #closed = false;
  #hits = 0;
  #misses = 0;

  constructor(options: RecordCacheOptions, source: RecordSource, onClose: (cache: NearRecordCache) => void) {
    this.#options = options;
    this.#source = source;
    this.#onClose = onClose;
    this.#memory = new RecordMemory(options);
    this.#pingTimer = setInterval(() => this.#ping(), options.pingIntervalMillis);
    this.#pingTimer.unref();
    void this.#connect();
  }

  read(partition: number, record: RecordName): string | null | Promise<string | null> {
    const { clock } = this.#options;
    const link = this.#link;
    if (link !== null && this.#memory.isFresh(clock.monotonicMillis(), clock.wallMillis())) {
      const key = this.#source.keyOf(partition, record);
      const known = this.#memory.recall(key);
      if (known !== undefined) {
        this.#hits += 1;
        return known;
      }
      this.#misses += 1;
      return this.#readTracked(link, key, partition, record);
    }
    this.#misses += 1;
    return this.#source.readDirectly(partition, record);
  }

  status(): RecordCacheStatus {
    const now = this.#now();
    return {
      fresh: this.#memory.isFresh(now.monotonicMillis, now.wallMillis),
      ageMillis: this.#memory.ageMillis(now),
      entries: this.#memory.size,
      hits: this.#hits,
      misses: this.#misses,
    };
  }

  close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    this.#link?.close();
    this.#link = null;
    this.#memory.close();
    this.#onClose(this);
    return Promise.resolve();
  }

  async #readTracked(link: TrackedLink, key: string, partition: number, record: RecordName): Promise<string | null> {
    const mark = this.#memory.ask(key);
    try {
      const value = await link.read(key, partition);
      this.#memory.answered(mark, value);
      return value;
    } catch (error) {
      this.#memory.answered(mark, null);
      this.#lose(link);
      if (isAuthlabError(error)) throw error;
      return this.#source.readDirectly(partition, record);
    }
  }

  async #connect(): Promise<void> {
    let link: TrackedLink | null = null;
    let isLost = false;
    const listener: LinkListener = {
      changed: (keys) => {
        if (!isLost) this.#memory.forget(keys);
      },
      lost: () => {
        isLost = true;
        if (link !== null) this.#lose(link);
      },
    };
    link = await this.#source.connect(listener).catch(() => null);
    if (this.#closed || isLost) link?.close();
    if (link === null || isLost) this.#retry();
    else if (!this.#closed) {
      this.#link = link;
      this.#memory.open(this.#now());
      this.#ping();
    }
  }

  #retry(): void {
    if (this.#closed) return;
    this.#retryTimer = setTimeout(() => void this.#connect(), retryDelayMillis);
    this.#retryTimer.unref();
  }

  /** Everything remembered goes with the link: what the server says from now on, nobody hears. */
  #lose(link: TrackedLink): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#memory.close();
    link.close();
    this.#retry();
  }

  #ping(): void {
    const link = this.#link;
    if (link === null) return;
    const now = this.#now();
    if (this.#memory.isSilent(now)) {
      this.#lose(link);
      return;
    }
    const ping = this.#memory.pinged(now);
    // A ping that fails proves nothing; silence or the loss of the connection tells the rest.
    link.ping().then(
      () => this.#memory.ponged(ping),
      () => undefined,
    );
  }

  #now(): Moment {
    const { clock } = this.#options;
    return { monotonicMillis: clock.monotonicMillis(), wallMillis: clock.wallMillis() };
  }
}
