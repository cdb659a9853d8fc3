/** Follows a prober's answers as they come and tells when all nodes have come to stand where a trial waits for them. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import { type Deferred, deferred } from '../load/deferred.ts';
import type { Credential } from '../workload/credential.ts';
import { type ProbeVerdict, verdictOf } from './observe.ts';
import type { Probe, ProbeLog } from './probe-log.ts';
import type { Prober } from './prober.ts';

/** The latest answers of one node that all say the same. */
export interface Streak {
  readonly verdict: ProbeVerdict | null;
  /** Status of the latest of them. */
  readonly status: number;
  readonly length: number;
  /** Monotonic time of the first and the latest of them. */
  readonly since: number;
  readonly latestAt: number;
}

interface Waiting {
  readonly condition: (streak: Streak) => boolean;
  readonly met: Deferred<boolean>;
}

const noAnswers: Streak = { verdict: null, status: 0, length: 0, since: 0, latestAt: 0 };

export class Watch {
  readonly logs: readonly ProbeLog[];
  readonly #prober: Prober;
  readonly #streaks: Streak[];
  readonly #signal: AbortSignal | undefined;
  #waiting: Waiting | null = null;

  /** Starts the prober with the victim's credential. */
  constructor(prober: Prober, victim: Credential, signal?: AbortSignal) {
    this.#prober = prober;
    this.#signal = signal;
    this.#streaks = prober.contestant.nodes.map(() => noAnswers);
    this.logs = prober.start(victim, (node, probe) => this.#hear(node, probe));
  }

  get streaks(): readonly Streak[] {
    return this.#streaks;
  }

  /**
   * Returns true as soon as the condition holds for the streaks of all nodes at once, false when it has not within
   * `deadlineMillis`. Throws ERR_INTERRUPTED when the signal fires. One caller at a time.
   */
  async until(condition: (streak: Streak) => boolean, deadlineMillis: number): Promise<boolean> {
    const met = deferred<boolean>();
    const timer = setTimeout(() => met.resolve(false), deadlineMillis);
    const interrupt = (): void => met.reject(new AuthlabError('ERR_INTERRUPTED', 'interrupted during a trial'));
    this.#signal?.addEventListener('abort', interrupt);
    if (this.#signal?.aborted) interrupt();
    this.#waiting = { condition, met };
    this.#test();
    try {
      return await met.promise;
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener('abort', interrupt);
      this.#waiting = null;
    }
  }

  /** Ends the probing; after that the logs are complete. */
  async stop(): Promise<void> {
    await this.#prober.stop();
  }

  #hear(node: number, probe: Probe): void {
    const before = this.#streaks[node] ?? noAnswers;
    const verdict = verdictOf(probe.status);
    const { status, receivedAt: latestAt } = probe;
    this.#streaks[node] =
      before.verdict === verdict
        ? { verdict, status, length: before.length + 1, since: before.since, latestAt }
        : { verdict, status, length: 1, since: latestAt, latestAt };
    this.#test();
  }

  #test(): void {
    const { condition, met } = this.#waiting ?? {};
    if (condition && this.#streaks.every(condition)) met?.resolve(true);
  }
}
