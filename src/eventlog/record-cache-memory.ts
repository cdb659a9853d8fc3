/**
 * What a node remembers of records: entries, marks on the reads that are under way, and for how long all of it may be
 * relied on. No I/O, no timers. The server pushes the name of every record that was read here and has changed.
 */

/** One moment on both clocks: the monotonic one may stand still while a machine is suspended, the wall clock may jump. */
export interface Moment {
  readonly monotonicMillis: number;
  readonly wallMillis: number;
}

/** The reads of one record that are under way; handed back with each answer. */
export interface ReadMark {
  readonly key: string;
  /** Reads that have not been answered. */
  open: number;
  /** The record changed meanwhile: an answer may be older than the change, and nobody will tell again. */
  spoiled: boolean;
}

/** Proof of contact on its way, as long as the connections it was sent on live. */
export interface SentPing {
  /** Taken before it was sent: what was acknowledged earlier has been pushed before the answer. */
  readonly sent: Moment;
  readonly life: number;
}

export interface RecordMemoryOptions {
  readonly stalenessLimitMillis: number;
  readonly maximumEntries: number;
}

/** Closed until `open`: remembers nothing and is never fresh. */
export class RecordMemory {
  readonly #options: RecordMemoryOptions;
  readonly #entries = new Map<string, string>();
  readonly #marks = new Map<string, ReadMark>();
  #life = 0;
  #opened: Moment | null = null;
  #since: Moment | null = null;

  constructor(options: RecordMemoryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** New connections: whatever was pushed while there were none was lost, so nothing is left of before. */
  open(now: Moment): void {
    this.close();
    this.#opened = now;
  }

  close(): void {
    this.#life += 1;
    this.#opened = null;
    this.#since = null;
    this.forget(null);
  }

  /** Whether every change acknowledged longer ago than the staleness limit is known here. */
  isFresh(monotonicMillis: number, wallMillis: number): boolean {
    const { stalenessLimitMillis } = this.#options;
    return (
      this.#since !== null &&
      monotonicMillis - this.#since.monotonicMillis <= stalenessLimitMillis &&
      wallMillis - this.#since.wallMillis <= stalenessLimitMillis
    );
  }

  /** The record as it was last read, if it has not changed since. Means something only while the memory is fresh. */
  recall(key: string): string | undefined {
    return this.#entries.get(key);
  }

  /** Marks a read that is sent right after, on the connection whose reads the server remembers. */
  ask(key: string): ReadMark {
    const mark = this.#marks.get(key) ?? { key, open: 0, spoiled: false };
    mark.open += 1;
    this.#marks.set(key, mark);
    return mark;
  }

  /** Remembers the answer unless it raced a change. Null, for absent or failed, is not remembered: anybody can ask for what is not there. */
  answered(mark: ReadMark, value: string | null): void {
    mark.open -= 1;
    if (mark.spoiled) return;
    if (mark.open === 0) this.#marks.delete(mark.key);
    if (value === null) return;
    this.#entries.delete(mark.key);
    this.#entries.set(mark.key, value);
    if (this.#entries.size > this.#options.maximumEntries) this.#forgetOldest();
  }

  /** The server says that these have changed; null: any of them may have. */
  forget(keys: readonly string[] | null): void {
    if (keys === null) {
      this.#entries.clear();
      for (const mark of this.#marks.values()) mark.spoiled = true;
      this.#marks.clear();
      return;
    }
    for (const key of keys) {
      this.#entries.delete(key);
      const mark = this.#marks.get(key);
      if (mark === undefined) continue;
      mark.spoiled = true;
      // A read sent from now on is answered from after the change.
      this.#marks.delete(key);
    }
  }

  pinged(now: Moment): SentPing {
    return { sent: now, life: this.#life };
  }

  /** Both connections have answered, each behind everything that was pushed on it before. */
  ponged(ping: SentPing): void {
    if (ping.life !== this.#life || this.#opened === null) return;
    if (this.#since === null || ping.sent.monotonicMillis >= this.#since.monotonicMillis) this.#since = ping.sent;
  }

  /** How long ago the newest answered ping was sent; null when none was answered in this life. */
  ageMillis(now: Moment): number | null {
    return this.#since === null ? null : elapsed(this.#since, now);
  }

  /** Whether the connections have been silent for longer than the staleness limit: they prove nothing any more. */
  isSilent(now: Moment): boolean {
    const last = this.#since ?? this.#opened;
    return last !== null && elapsed(last, now) > this.#options.stalenessLimitMillis;
  }

  #forgetOldest(): void {
    const { value: oldest } = this.#entries.keys().next();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** By the clock that says more. */
function elapsed(then: Moment, now: Moment): number {
  return Math.max(now.monotonicMillis - then.monotonicMillis, now.wallMillis - then.wallMillis);
}
