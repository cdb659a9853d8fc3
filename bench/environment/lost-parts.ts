/** Processes that a run relies on, and what to say when one of them ends without being told to. */

import { AuthlabError, type ErrorCode } from '../../src/kernel/errors.ts';
import { endedPart } from './ended-part.ts';
import type { ChildHandle } from './environment.ts';

/** As long as a report of an uncaught error by Node. */
const outputLines = 20;

export class LostParts {
  readonly #lost: Promise<never>;
  #lose: (fault: AuthlabError) => void = () => undefined;

  constructor() {
    this.#lost = new Promise((_, reject) => {
      this.#lose = reject;
    });
    // Who looks only after a fault of his own must not be killed by it.
    this.#lost.catch(() => undefined);
  }

  /** Rejects with the first loss; never resolves. */
  get lost(): Promise<never> {
    return this.#lost;
  }

  /**
   * From now on nobody but the lab may end it.
   * @param name what the user is told has ended
   */
  relyOn(child: ChildHandle, name: string, code: ErrorCode): void {
    void child.ended.then(async ({ code: exitCode, signal, watchdog }) => {
      if (child.isDismissed) return;
      if (watchdog !== undefined) return this.#lose(watchdog);
      const said = await child.lastOutput(outputLines);
      const message = endedPart(`${name} ended in the middle of the run`, { code: exitCode, signal }, said);
      this.#lose(new AuthlabError(code, message));
    });
  }

  /** What was lost until `millis` from now, or null: an end is heard of a moment after what it brings about. */
  async within(millis: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const nothing = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, millis, null);
    });
    return await Promise.race([this.#lost.catch((fault: unknown) => fault), nothing]).finally(() =>
      clearTimeout(timer),
    );
  }
}
