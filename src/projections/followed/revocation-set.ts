/** The revocations a node knows: looked up by every request, forgotten only when no token of the session can live. */

import type { Partition, RevocationEntry } from '../../eventlog/port.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SessionIdTable } from './session-id-table.ts';
import { type KnownSessionId, readSessionId, writeSessionId } from './session-id-words.ts';
import { SettledTime } from './settled-time.ts';

/** A part of a clean-up looks at about so many revocations, or at such a share of them. */
const smallestSweep = 2_000;
const sweepsPerPass = 256;

/** Places of a table that are read at a stretch: a fraction of a millisecond. */
const placesPerPage = 32;

/** What a log still knows of a partition's revocations, told one by one; what is not told, it has lost. */
export interface Census {
  /** Takes the revocation in, too. */
  confirm(entry: RevocationEntry): void;
  /**
   * What was known here before the census, has not expired and was not confirmed; to be read once, in pages that may be
   * empty, and with pauses between them as the reader likes.
   */
  unconfirmed(): Generator<readonly RevocationEntry[]>;
}

interface Other {
  readonly expirySeconds: number;
  readonly mark: number;
}

/**
 * Grows by `add` and shrinks by expiry alone; there is no way to take a revocation back. Whatever it does is done in
 * steps of well under a millisecond, however many revocations there are, so that no request waits for it.
 */
export class RevocationSet {
  /** By partition. */
  readonly #tables: (SessionIdTable | undefined)[] = [];
  /** Ids that are not spelled like those that authlab makes; there should be none. */
  readonly #others = new Map<string, Other>();
  readonly #time: SettledTime;
  /** Of the id that is being looked at. */
  readonly #words = new Uint32Array(4);
  /** Counts censuses: what is added carries the number, so that what was known before one can be told apart. */
  #mark = 0;
  /** Where the clean-up goes on. */
  #sweptPartition = 0;
  #sweptPlace = 0;

  constructor(clock: Clock) {
    this.#time = new SettledTime(clock);
  }

  get size(): number {
    let size = this.#others.size;
    for (const table of this.#tables) size += table?.size ?? 0;
    return size;
  }

  /** Whether the session was revoked. May go on saying so for a while after the expiry, when nobody can ask in earnest. */
  has(id: string | KnownSessionId): boolean {
    if (typeof id !== 'string') return this.#hasKnown(id);
    const partition = readSessionId(id, this.#words);
    if (partition < 0) return this.#others.has(id);
    return this.#tables[partition]?.has(this.#words) ?? false;
  }

  /** Of two expiries the later one holds. */
  add(entry: RevocationEntry): void {
    this.#add(entry, false);
  }

  /** At most one census of a partition is under way at any time: a second one ends the first. */
  census(partition: Partition): Census {
    this.#mark += 1;
    const mark = this.#mark;
    return {
      confirm: (entry) => this.#add(entry, true),
      unconfirmed: () => this.#unconfirmed(partition, mark),
    };
  }

  /** Part of a clean-up; often enough for all to be looked at in a minute or so. */
  sweepSome(): void {
    this.sweep(Math.max(smallestSweep, Math.ceil(this.size / sweepsPerPass)));
  }

  /** Looks at the next `least` entries in turn, and at some more, and forgets the expired ones. Stops after the last. */
  sweep(least: number): void {
    const nowSeconds = this.#time.wallMillis() / 1_000;
    let looked = 0;
    for (; this.#sweptPartition < this.#tables.length; this.#sweptPartition += 1, this.#sweptPlace = 0) {
      const table = this.#tables[this.#sweptPartition];
      for (; this.#sweptPlace < (table?.places ?? 0); this.#sweptPlace += 1) {
        if (looked >= least) return;
        looked += table?.sweep(this.#sweptPlace, nowSeconds) ?? 0;
      }
    }
    for (const [id, { expirySeconds }] of this.#others) if (expirySeconds < nowSeconds) this.#others.delete(id);
    this.#sweptPartition = 0;
  }

  #hasKnown(id: KnownSessionId): boolean {
    if (id.partition < 0) return this.#others.has(id.text);
    id.writeWords(this.#words);
    return this.#tables[id.partition]?.has(this.#words) ?? false;
  }

  #add({ id, expiresAtMillis }: RevocationEntry, isConfirmed: boolean): void {
    const seconds = Math.ceil(expiresAtMillis / 1_000);
    const partition = readSessionId(id, this.#words);
    if (partition < 0) {
      const known = this.#others.get(id);
      const mark = isConfirmed ? this.#mark : (known?.mark ?? this.#mark);
      this.#others.set(id, { expirySeconds: Math.max(known?.expirySeconds ?? 0, seconds), mark });
      return;
    }
    this.#tableOf(partition).add(this.#words, seconds, this.#mark, isConfirmed);
  }

  *#unconfirmed(partition: Partition, mark: number): Generator<readonly RevocationEntry[]> {
    const nowSeconds = this.#time.wallMillis() / 1_000;
    if (typeof partition === 'number') {
      const table = this.#tableOf(partition);
      for (let place = 0; place < table.places; ) {
        const page: RevocationEntry[] = [];
        for (const end = place + placesPerPage; place < Math.min(end, table.places); place += 1) {
          table.takeUnmarked(place, mark, nowSeconds, (words, expirySeconds) => {
            page.push({ id: writeSessionId(partition, words), expiresAtMillis: expirySeconds * 1_000 });
          });
        }
        yield page;
      }
    }
    const isOwn = (id: string): boolean => id.startsWith(`${partition}.`);
    yield [...this.#others]
      .filter(([id, other]) => isOwn(id) && other.mark < mark && other.expirySeconds >= nowSeconds)
      .map(([id, { expirySeconds }]) => ({ id, expiresAtMillis: expirySeconds * 1_000 }));
  }

  #tableOf(partition: number): SessionIdTable {
    const known = this.#tables[partition];
    if (known !== undefined) return known;
    const table = new SessionIdTable();
    this.#tables[partition] = table;
    return table;
  }
}
