/** Reads one partition ahead of whoever asks: at most one read, from the place that was asked for last. */

import type { LogTail, Partition, TailEntry } from './port.ts';

export interface PartitionReaderOptions {
  /** Opens a tail that is asked for this partition only. */
  open(partition: Partition): LogTail;
  /** Told when a read has found something or has failed. */
  settled(): void;
  /** Whether somebody waits: then a read that found nothing begins again, or it would be deaf until the next is asked for. */
  isWaitedFor(): boolean;
}

/** How long a reader that failed rests, in milliseconds: it is asked again with every entry that others deliver. */
const restMillis = 100;

export class PartitionReader {
  readonly #partition: Partition;
  readonly #options: PartitionReaderOptions;
  #tail: LogTail;
  /** Where the read under way, or the one that has found something, began. */
  #from: string | null = null;
  #isReading = false;
  /** Counts reads: the answer of one that was given up is nobody's. */
  #reads = 0;
  #found: readonly TailEntry[] = [];
  #failure: unknown = null;
  #restsUntil = 0;
  #closed = false;

  constructor(partition: Partition, options: PartitionReaderOptions) {
    this.#partition = partition;
    this.#options = options;
    this.#tail = options.open(partition);
  }

  get hasFound(): boolean {
    return this.#found.length > 0;
  }

  /** Why the last read failed, as long as no other has begun. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Sees to it that what comes after `id` is being read, or has been found. */
  readFrom(id: string, waitMillis: number): void {
    if (this.#from === id && (this.#isReading || this.hasFound)) return;
    // A blocked read cannot be told to look elsewhere.
    if (this.#isReading) this.#replaceTail();
    this.#found = [];
    if (performance.now() < this.#restsUntil) return;
    this.#failure = null;
    this.#from = id;
    void this.#read(id, waitMillis);
  }

  /** What was found, once. */
  take(): readonly TailEntry[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#reads += 1;
    await this.#tail.close();
  }

  async #read(id: string, waitMillis: number): Promise<void> {
    this.#reads += 1;
    const read = this.#reads;
    this.#isReading = true;
    do {
      try {
        const found = await this.#tail.read(new Map([[this.#partition, id]]), waitMillis);
        if (read !== this.#reads) return;
        this.#found = found;
      } catch (error) {
        if (read !== this.#reads) return;
        this.#failure = error;
        this.#restsUntil = performance.now() + restMillis;
      }
    } while (!this.hasFound && this.#failure === null && this.#options.isWaitedFor());
    this.#isReading = false;
    this.#options.settled();
  }

  #replaceTail(): void {
    this.#reads += 1;
    this.#isReading = false;
    void this.#tail.close();
    if (!this.#closed) this.#tail = this.#options.open(this.#partition);
  }
}
