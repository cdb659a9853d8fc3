/** One tail over partitions on different servers: a reader for each partition, and what they find put together. */

import { AuthlabError } from '../kernel/errors.ts';
import { PartitionReader } from './partition-reader.ts';
import type { LogTail, Partition, TailEntry } from './port.ts';

/**
 * A read returns as soon as one reader has found something. The others go on meanwhile, and what they find is kept for the
 * next read, unless that one asks for something else: then it is thrown away, and read again from where the caller is.
 * Where one server is away the others' partitions are delivered all the same, and a read that finds nothing tells of it.
 */
export class SpreadTail implements LogTail {
  readonly #open: (partition: Partition) => LogTail;
  readonly #onClose: (tail: SpreadTail) => void;
  readonly #readers = new Map<Partition, PartitionReader>();
  #settled: () => void = () => undefined;
  #isWaiting = false;
  #closed = false;

  /** @param open opens a tail that is asked for this one partition only */
  constructor(open: (partition: Partition) => LogTail, onClose: (tail: SpreadTail) => void) {
    this.#open = open;
    this.#onClose = onClose;
  }

  async read(after: ReadonlyMap<Partition, string>, waitMillis: number): Promise<readonly TailEntry[]> {
    this.#refuseClosed();
    if (after.size === 0) return [];
    const readers = [...after].map(([partition, id]) => {
      const reader = this.#readerOf(partition);
      reader.readFrom(id, waitMillis);
      return reader;
    });
    await this.#wait(readers, waitMillis);
    this.#refuseClosed();
    const found = readers.flatMap((reader) => reader.take());
    if (found.length > 0) return found;
    for (const { failure } of readers) if (failure !== null) throw failure;
    return [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#settled();
    for (const reader of this.#readers.values()) await reader.close();
    this.#onClose(this);
  }

  #readerOf(partition: Partition): PartitionReader {
    const known = this.#readers.get(partition);
    if (known !== undefined) return known;
    const reader = new PartitionReader(partition, {
      open: this.#open,
      settled: () => this.#settled(),
      isWaitedFor: () => this.#isWaiting,
    });
    this.#readers.set(partition, reader);
    return reader;
  }

  /** Until somebody has found something, nobody is left who could, or the time is over. */
  async #wait(readers: readonly PartitionReader[], waitMillis: number): Promise<void> {
    const isOver = (): boolean =>
      this.#closed || readers.some(({ hasFound }) => hasFound) || readers.every(({ failure }) => failure !== null);
    if (isOver()) return;
    this.#isWaiting = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMillis);
      this.#settled = () => {
        if (isOver()) resolve();
      };
    });
    clearTimeout(timer);
    this.#settled = () => undefined;
    this.#isWaiting = false;
  }

  #refuseClosed(): void {
    if (this.#closed) throw new AuthlabError('ERR_LOG_UNAVAILABLE', 'the tail is closed');
  }
}
