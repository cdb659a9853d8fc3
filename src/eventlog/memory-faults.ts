/** What a test can make go wrong between a node and the in-memory log. */

import { AuthlabError } from '../kernel/errors.ts';

/**
 * Which calls a fault strikes: `append` stands for every write, `read` for users, records, revocations and entries,
 * `push` for the connection of a near cache on which the server tells what has changed: held, it tells nothing; failed, it is lost.
 */
export type MemoryCall = 'append' | 'read' | 'beat' | 'tail' | 'push';

/** On the way there nothing has been done yet; on the way back all of it has. */
export type MemoryWay = 'request' | 'reply';

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** Faults of one node's link to the server; another node's link has its own. */
export class MemoryFaults {
  readonly #failing = new Map<string, number>();
  readonly #gates = new Map<string, Gate>();

  /**
   * The next calls fail. On the way there: ERR_LOG_UNAVAILABLE, nothing was done. On the way back the reply is lost:
   * ERR_LOG_OUTCOME_UNKNOWN for an append, ERR_LOG_UNAVAILABLE for the others.
   */
  fail(call: MemoryCall, way: MemoryWay, times = 1): void {
    this.#failing.set(`${call} ${way}`, times);
  }

  /** Calls get stuck, as on a stopped server or a stalled link, until the returned function is called. */
  hold(call: MemoryCall, way: MemoryWay): () => void {
    const place = `${call} ${way}`;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gates.set(place, { opened, open });
    return () => {
      this.#gates.delete(place);
      open();
    };
  }

  /** Carries one call there and back. */
  async carry<Reply>(call: MemoryCall, work: () => Reply | Promise<Reply>): Promise<Reply> {
    await this.#pass(call, 'request');
    const reply = await work();
    await this.#pass(call, 'reply');
    return reply;
  }

  async #pass(call: MemoryCall, way: MemoryWay): Promise<void> {
    const place = `${call} ${way}`;
    await this.#gates.get(place)?.opened;
    const left = this.#failing.get(place) ?? 0;
    if (left === 0) return;
    this.#failing.set(place, left - 1);
    if (way === 'reply' && call === 'append') {
      throw new AuthlabError('ERR_LOG_OUTCOME_UNKNOWN', 'the reply of the in-memory log was lost');
    }
    throw new AuthlabError('ERR_LOG_UNAVAILABLE', `the in-memory log failed a ${call} on request`);
  }
}
