/** Looks again and again whether Redis may still serve as the log: someone may have changed its policy since the start. */

import { isAuthlabError } from '../kernel/errors.ts';

const fitIntervalMillis = 60_000;
/** Sooner while something is wrong, so that a server that was put right is soon back. */
const unfitIntervalMillis = 2_000;

/** Begins with a Redis that has just been found fit. */
export class RedisWatch {
  readonly #check: () => Promise<unknown>;
  #reason: 'redis-unreachable' | 'redis-unfit' | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** @param check throws ERR_ENVIRONMENT_REDIS for a Redis that is away, ERR_LOG_REFUSED for one that is unfit */
  constructor(check: () => Promise<unknown>) {
    this.#check = check;
  }

  start(): void {
    this.#lookAgain();
  }

  /** Why this server should get no requests; empty while Redis was fit when last looked at. */
  reasons(): readonly string[] {
    return this.#reason === null ? [] : [this.#reason];
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #lookAgain(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), this.#reason === null ? fitIntervalMillis : unfitIntervalMillis);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    try {
      await this.#check();
      this.#reason = null;
    } catch (error) {
      this.#reason = isAuthlabError(error, 'ERR_LOG_REFUSED') ? 'redis-unfit' : 'redis-unreachable';
    }
    this.#lookAgain();
  }
}
