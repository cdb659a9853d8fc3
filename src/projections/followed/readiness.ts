/** Whether a node has, since its start, been fresh in every partition at least once; and who waits for that. */

import type { Partition } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

export class Readiness {
  /** Resolves when no partition is behind any more; rejects with ERR_INTERRUPTED when that is given up before. */
  readonly reached: Promise<void>;
  readonly #behind: Set<Partition>;
  #settle: { readonly resolve: () => void; readonly reject: (error: AuthlabError) => void } | null = null;

  constructor(partitions: Iterable<Partition>) {
    this.#behind = new Set(partitions);
    this.reached = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Who does not wait for the start must not be killed by its interruption.
    this.reached.catch(() => undefined);
  }

  get isReached(): boolean {
    return this.#behind.size === 0;
  }

  caughtUp(partition: Partition): void {
    this.#behind.delete(partition);
    if (this.isReached) this.#settle?.resolve();
  }

  /** Does nothing to one that was reached. */
  interrupt(): void {
    this.#settle?.reject(new AuthlabError('ERR_INTERRUPTED', 'the follower was stopped before it had caught up'));
  }
}
