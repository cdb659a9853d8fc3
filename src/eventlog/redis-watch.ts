/** Looks again and again whether Redis may still serve as the log: someone may have changed its policy since the start. */

import { isAuthlabError } from '../kernel/errors.ts';

/** Told when it begins, when the reason changes, and when it ends. */
export type RedisDiagnostic =
  | {
      readonly type: 'redis-unfit' | 'redis-unreachable';
      /** What is wrong and what to do about it; hosts and ports, never a password. */
      readonly why: string;
    }
  | { readonly type: 'redis-fit' };

const fitIntervalMillis = 60_000;
/** Sooner while something is wrong, so that a server that was put right is soon back. */
const unfitIntervalMillis = 2_000;

/** Begins with a Redis that has just been found fit. */
export class RedisWatch {
  readonly #check: () => Promise<unknown>;
  readonly #tell: (diagnostic: RedisDiagnostic) => void;
  #found: RedisDiagnostic = { type: 'redis-fit' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** @param check throws ERR_ENVIRONMENT_REDIS for a Redis that is away, ERR_LOG_REFUSED for one that is unfit */
  constructor(check: () => Promise<unknown>, tell: (diagnostic: RedisDiagnostic) => void = () => undefined) {
    this.#check = check;
    this.#tell = tell;
  }

  start(): void {
    this.#lookAgain();
  }

  /** Why this server should get no requests; empty while Redis was fit when last looked at. */
  reasons(): readonly string[] {
    return this.#found.type === 'redis-fit' ? [] : [this.#found.type];
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #lookAgain(): void {
    if (this.#stopped) return;
    const isFit = this.#found.type === 'redis-fit';
    this.#timer = setTimeout(() => void this.#look(), isFit ? fitIntervalMillis : unfitIntervalMillis);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const found = await this.#check().then(
      (): RedisDiagnostic => ({ type: 'redis-fit' }),
      (error: unknown): RedisDiagnostic => ({
        type: isAuthlabError(error, 'ERR_LOG_REFUSED') ? 'redis-unfit' : 'redis-unreachable',
        why: isAuthlabError(error) ? error.message : 'the check itself failed',
      }),
    );
    // Stopping makes checks fail that are under way.
    if (this.#stopped) return;
    if (textOf(found) !== textOf(this.#found)) this.#tell(found);
    this.#found = found;
    this.#lookAgain();
  }
}

function textOf(diagnostic: RedisDiagnostic): string {
  return `${diagnostic.type} ${'why' in diagnostic ? diagnostic.why : ''}`;
}
