/** Waiting that can be cut short: for a retry that need not wait any longer, and for an end that must not. */

export class Pauses {
  readonly #waking = new Set<() => void>();
  #ended = false;

  /** Resolves after `millis`, or earlier by `skip` or `end`. The timer keeps no process alive. */
  pause(millis: number): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waking.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, millis);
      timer.unref();
      this.#waking.add(wake);
    });
  }

  /** Ends the pauses that are under way. */
  skip(): void {
    for (const wake of [...this.#waking]) wake();
  }

  /** Ends them and all that would come. */
  end(): void {
    this.#ended = true;
    this.skip();
  }
}
