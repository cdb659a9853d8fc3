/**
 * Sessions of one partition, each with an expiry and a mark: a hash table in typed arrays, outside of what the garbage
 * collector has to look through.
 */

/** An id takes four words; then come the expiry in seconds, 0 in an empty slot, and the mark. */
const slotWords = 6;
const idWords = 4;
const expiryWord = 4;
const markWord = 5;
/** The word of an id whose lowest bits choose the segment; the slot is chosen by the one before. */
const segmentWord = 1;

/** No step is longer than what it takes to go through so many slots. */
const largestSegment = 1_024;
const smallestSegment = 8;
/** With so many of its slots filled, a segment makes room. */
const fullShare = 0.7;
/** Ids are random, and spread by their own bits. If they were not, segments would grow instead of being split for ever. */
const maximumDepth = 16;

const latestExpiry = 0xff_ff_ff_ff;

interface Segment {
  readonly slots: Uint32Array;
  used: number;
  /** How many lowest bits of the segment word all of its ids share. */
  readonly depth: number;
}

/**
 * Extendible hashing: a directory of small segments. A full segment is split, and the directory alone doubles, so that
 * nothing ever moves a million entries at once. 35 to 70 bytes an entry.
 */
export class SessionIdTable {
  #directory: Segment[] = [segmentFor(0, 0)];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many places there are to sweep and to read. They grow in number; what moves then, moves to a later one. */
  get places(): number {
    return this.#directory.length;
  }

  has(id: Uint32Array): boolean {
    const { slots } = this.#segmentOf(id);
    return slots[slotOf(slots, id, 0) + expiryWord] !== 0;
  }

  /**
   * Of two expiries the later one holds. The mark is for a new entry; one that is there keeps its own, unless it `isMarked`
   * anew.
   */
  add(id: Uint32Array, expirySeconds: number, mark: number, isMarked: boolean): void {
    const expiry = Math.max(1, Math.min(expirySeconds, latestExpiry));
    const segment = this.#segmentOf(id);
    const { slots } = segment;
    const slot = slotOf(slots, id, 0);
    const known = slots[slot + expiryWord] ?? 0;
    if (known === 0) {
      if (isFull(segment)) this.#insert(id, expiry, mark);
      else this.#write(segment, slot, id, expiry, mark);
      return;
    }
    if (known < expiry) slots[slot + expiryWord] = expiry;
    if (isMarked) slots[slot + markWord] = mark;
  }

  /** Forgets the entries of a place that expired earlier. Returns how many it has looked at. */
  sweep(place: number, nowSeconds: number): number {
    const segment = this.#segmentAt(place);
    if (segment === null) return 0;
    const { slots, used } = segment;
    const isLive = (slot: number): boolean => (slots[slot + expiryWord] ?? 0) >= nowSeconds;
    const live = count(slots, isLive);
    if (live < used) this.#replace(place, segment, copyOf(segment, segmentFor(segment.depth, live), isLive));
    return used;
  }

  /**
   * Gives the entries of a place that have a lower mark and have not expired this mark, and tells them, each id in the
   * same array.
   */
  takeUnmarked(
    place: number,
    mark: number,
    nowSeconds: number,
    tell: (id: Uint32Array, expirySeconds: number) => void,
  ) {
    const segment = this.#segmentAt(place);
    if (segment === null) return;
    const { slots } = segment;
    const id = new Uint32Array(idWords);
    for (let slot = 0; slot < slots.length; slot += slotWords) {
      const expiry = slots[slot + expiryWord] ?? 0;
      if (expiry === 0 || expiry < nowSeconds || (slots[slot + markWord] ?? 0) >= mark) continue;
      slots[slot + markWord] = mark;
      copyWords(slots, slot, id, 0, idWords);
      tell(id, expiry);
    }
  }

  /** Where there was no room. */
  #insert(id: Uint32Array, expiry: number, mark: number): void {
    let segment = this.#segmentOf(id);
    while (isFull(segment)) {
      this.#makeRoom(segment, id);
      segment = this.#segmentOf(id);
    }
    this.#write(segment, slotOf(segment.slots, id, 0), id, expiry, mark);
  }

  #write(segment: Segment, slot: number, id: Uint32Array, expiry: number, mark: number): void {
    const { slots } = segment;
    copyWords(id, 0, slots, slot, idWords);
    slots[slot + expiryWord] = expiry;
    slots[slot + markWord] = mark;
    segment.used += 1;
    this.#size += 1;
  }

  /** @param id one of the segment's, to tell where it stands */
  #makeRoom(segment: Segment, id: Uint32Array): void {
    const { slots, used, depth } = segment;
    const bit = 1 << depth;
    const place = (id[segmentWord] ?? 0) & (bit - 1);
    if (slots.length < largestSegment * slotWords || depth >= maximumDepth) {
      this.#replace(place, segment, copyOf(segment, segmentFor(depth, 2 * used), everyOne));
      return;
    }
    if (bit === this.#directory.length) this.#directory = [...this.#directory, ...this.#directory];
    const isUpper = (slot: number): boolean => ((slots[slot + segmentWord] ?? 0) & bit) !== 0;
    const upper = count(slots, isUpper);
    const halves = [
      copyOf(segment, segmentFor(depth + 1, used - upper), (slot) => !isUpper(slot)),
      copyOf(segment, segmentFor(depth + 1, upper), isUpper),
    ] as const;
    for (let at = place; at < this.#directory.length; at += bit) this.#directory[at] = halves[(at & bit) === 0 ? 0 : 1];
  }

  #segmentOf(id: Uint32Array): Segment {
    return this.#directory[(id[segmentWord] ?? 0) & (this.#directory.length - 1)] as Segment;
  }

  /** Null where the segment stands at an earlier place, too. */
  #segmentAt(place: number): Segment | null {
    const segment = this.#directory[place];
    return segment === undefined || place >> segment.depth !== 0 ? null : segment;
  }

  #replace(place: number, { used, depth }: Segment, by: Segment): void {
    this.#size += by.used - used;
    for (let at = place; at < this.#directory.length; at += 1 << depth) this.#directory[at] = by;
  }
}

function segmentFor(depth: number, entries: number): Segment {
  let slots = smallestSegment;
  while (slots * fullShare < entries) slots *= 2;
  return { slots: new Uint32Array(slots * slotWords), used: 0, depth };
}

function isFull({ slots, used }: Segment): boolean {
  return used + 1 > (slots.length / slotWords) * fullShare;
}

function everyOne(): boolean {
  return true;
}

/** Where the id whose words stand in `words` from `from` on is, or the empty slot where it would be. One is always empty. */
function slotOf(slots: Uint32Array, words: Uint32Array, from: number): number {
  const first = words[from] ?? 0;
  let slot = (first & (slots.length / slotWords - 1)) * slotWords;
  while (slots[slot + expiryWord] !== 0) {
    if (
      slots[slot] === first &&
      slots[slot + 1] === words[from + 1] &&
      slots[slot + 2] === words[from + 2] &&
      slots[slot + 3] === words[from + 3]
    ) {
      break;
    }
    slot = slot + slotWords === slots.length ? 0 : slot + slotWords;
  }
  return slot;
}

function count(slots: Uint32Array, passes: (slot: number) => boolean): number {
  let found = 0;
  for (let slot = 0; slot < slots.length; slot += slotWords) {
    if (slots[slot + expiryWord] !== 0 && passes(slot)) found += 1;
  }
  return found;
}

/** Fills an empty segment with the entries that pass. */
function copyOf({ slots }: Segment, copy: Segment, passes: (slot: number) => boolean): Segment {
  for (let slot = 0; slot < slots.length; slot += slotWords) {
    if (slots[slot + expiryWord] === 0 || !passes(slot)) continue;
    copyWords(slots, slot, copy.slots, slotOf(copy.slots, slots, slot), slotWords);
    copy.used += 1;
  }
  return copy;
}

function copyWords(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number, words: number): void {
  for (let word = 0; word < words; word += 1) to[toAt + word] = from[fromAt + word] ?? 0;
}
