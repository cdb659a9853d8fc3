/** The answers that one node gave to the prober, in arrays that are allocated before the first of them. */

/** One probe: a request for the protected resource with the victim's credential. Times are monotonic milliseconds. */
export interface Probe {
  /** When it was written to a connection that was ready. */
  readonly sentAt: number;
  /** When the whole answer had been read. */
  readonly receivedAt: number;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
}

/** Ten seconds of a fast node; a longer trial doubles it while it runs. */
const initialCapacity = 32_768;

export class ProbeLog {
  #sentAt: Float64Array;
  #receivedAt: Float64Array;
  #status: Uint16Array;
  #length = 0;

  constructor(capacity = initialCapacity) {
    this.#sentAt = new Float64Array(capacity);
    this.#receivedAt = new Float64Array(capacity);
    this.#status = new Uint16Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  record(sentAt: number, receivedAt: number, status: number): void {
    if (this.#length === this.#status.length) this.#grow();
    this.#sentAt[this.#length] = sentAt;
    this.#receivedAt[this.#length] = receivedAt;
    this.#status[this.#length] = status;
    this.#length += 1;
  }

  /** All probes in the order in which they were sent, which is not the order of their answers. */
  inOrderOfSending(): readonly Probe[] {
    const probes = Array.from({ length: this.#length }, (_, index) => ({
      sentAt: this.#sentAt[index] ?? 0,
      receivedAt: this.#receivedAt[index] ?? 0,
      status: this.#status[index] ?? 0,
    }));
    return probes.sort((left, right) => left.sentAt - right.sentAt);
  }

  #grow(): void {
    const capacity = Math.max(this.#status.length * 2, 1);
    this.#sentAt = enlarged(this.#sentAt, new Float64Array(capacity));
    this.#receivedAt = enlarged(this.#receivedAt, new Float64Array(capacity));
    this.#status = enlarged(this.#status, new Uint16Array(capacity));
  }
}

function enlarged<T extends Float64Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
