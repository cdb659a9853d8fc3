/** Somebody who writes to a log and somebody who follows it while a test does things to its servers. */

import { expect, vi } from 'vitest';
import { type ErrorCode, isAuthlabError } from '../kernel/errors.ts';
import { appendRequest, terminated } from './event-log-harness.contract.ts';
import type { EventLog, LogEntry, Partition } from './port.ts';

/** Appends one event after another, and repeats under its operation id what was not done, or perhaps done. */
export class Writer {
  /** Session ids of the events that were acknowledged, in order. */
  readonly acknowledged: string[] = [];
  /** What went wrong on the way. */
  readonly failures = new Set<ErrorCode>();
  readonly #log: EventLog;
  readonly #partition: Partition;
  readonly #stream: string;
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(log: EventLog, { partition = 0, stream = 'ada' }: { partition?: Partition; stream?: string } = {}) {
    this.#log = log;
    this.#partition = partition;
    this.#stream = stream;
    this.#done = this.#write();
    // Told by whoever waits for more, or for the end.
    this.#done.catch(() => undefined);
  }

  /** Returns when this many more have been acknowledged than when it was called. */
  async more(count: number, timeout = 15_000): Promise<void> {
    const enough = this.acknowledged.length + count;
    const written = vi.waitUntil(() => this.acknowledged.length >= enough, { timeout, interval: 5 });
    await Promise.race([written, this.#done]);
  }

  /** Returns when the last one is known to be done. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#done;
  }

  async #write(): Promise<void> {
    for (let version = 0; !this.#stopped; version += 1) {
      const sid = `${this.#stream}.${version + 1}`;
      const { partition, stream } = { partition: this.#partition, stream: this.#stream };
      const request = appendRequest({ partition, stream, expectedVersion: version, events: [terminated(sid)] });
      // A conflict would mean that what was acknowledged is not there, or that something is there twice.
      expect(await this.#untilKnown(() => this.#log.append(request))).toMatchObject({ ok: true, version: version + 1 });
      this.acknowledged.push(sid);
    }
  }

  async #untilKnown<Result>(append: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await append();
      } catch (error) {
        if (!isAuthlabError(error, 'ERR_LOG_UNAVAILABLE', 'ERR_LOG_OUTCOME_UNKNOWN')) throw error;
        this.failures.add(error.code);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }
}

/** Follows one partition from its beginning, and goes on from where it was after every failure. */
export class Collector {
  readonly entries: LogEntry[] = [];
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(log: EventLog, partition: Partition = 0) {
    this.#done = this.#collect(log, partition);
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#done;
  }

  async #collect(log: EventLog, partition: Partition): Promise<void> {
    const tail = log.openTail();
    let after = '0-0';
    while (!this.#stopped) {
      try {
        for (const { entry } of await tail.read(new Map([[partition, after]]), 250)) {
          this.entries.push(entry);
          after = entry.position.id;
        }
      } catch (error) {
        if (!isAuthlabError(error, 'ERR_LOG_UNAVAILABLE')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    await tail.close();
  }
}

/** Every acknowledged event stands in the log once, nothing stands twice, and the collector has got all of it. */
export async function expectAllThere(log: EventLog, writer: Writer, collector: Collector): Promise<void> {
  const entries = await log.readEntries(0, '0-0', 1_000_000);
  const written = entries.map(({ event }) => ('sid' in event ? event.sid : ''));
  expect(new Set(written).size).toBe(written.length);
  expect(entries.map(({ position }) => position.number)).toEqual(entries.map((_, index) => index + 1));
  expect(written).toEqual(writer.acknowledged);
  await vi.waitFor(
    () => {
      const collected = new Set(collector.entries.map(({ position }) => position.id));
      expect(entries.filter(({ position }) => !collected.has(position.id))).toEqual([]);
    },
    { timeout: 5_000 },
  );
}
