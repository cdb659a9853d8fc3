/** The generator's side of the protocol: obeys the commands that arrive on a connection, one load at a time. */

import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { DelayLinkAlarm } from '../environment/delay-link-alarm.ts';
import { alternate, type OwnTurning } from './alternate.ts';
import { type LoadResult, type RunningLoad, runClosedLoopWindow, startClosedLoop } from './closed-loop.ts';
import { CredentialPool } from './credential-pool.ts';
import { type Alarm, type OpenLoopResult, runOpenLoop } from './open-loop.ts';
import type { GeneratorAnswer, GeneratorCommand, GeneratorRequest, KeyedTarget, OpenLoopCommand } from './protocol.ts';

/** Serves until the connection ends, then stops whatever load is running and returns. */
export async function serveGenerator(connection: Duplex): Promise<void> {
  const service = new GeneratorService();
  const lines = createInterface({ input: connection, crlfDelay: Number.POSITIVE_INFINITY });
  const closed = new Promise<void>((resolve) => {
    connection.once('close', resolve);
    // The lab's death shows as an error or as an end: both are followed by a close.
    connection.on('error', () => undefined);
  });
  lines.on('line', (line) => {
    const request = JSON.parse(line) as GeneratorRequest;
    void service.answer(request).then((answer) => {
      if (connection.writable) connection.write(`${JSON.stringify(answer)}\n`);
    });
  });
  await closed;
  await service.close();
}

class GeneratorService {
  readonly #pools = new Map<string, CredentialPool>();
  #background: readonly RunningLoad[] = [];
  #turns = new AbortController();
  #windowRuns = false;
  #alarm: Alarm | null = null;
  #ring: () => void = () => undefined;

  /** Never rejects. */
  async answer({ id, command }: GeneratorRequest): Promise<GeneratorAnswer> {
    try {
      if (command.type === 'run-open-loop') {
        return { id, ok: true, results: [], openLoop: await this.#runOpenLoop(command.window) };
      }
      if (command.type === 'alternate') {
        return { id, ok: true, results: [], sendingMillis: await this.#alternate(command) };
      }
      return { id, ok: true, results: await this.#obey(command) };
    } catch (error) {
      return { id, ok: false, message: isAuthlabError(error) ? error.message : 'an unforeseen error' };
    }
  }

  async close(): Promise<void> {
    await this.#stopLoad();
  }

  async #obey(
    command: Exclude<GeneratorCommand, { type: 'run-open-loop' | 'alternate' }>,
  ): Promise<readonly LoadResult[]> {
    switch (command.type) {
      case 'keep-credentials':
        this.#pools.set(command.key, new CredentialPool(command.credentials));
        return [];
      case 'forget-credentials':
        this.#pools.delete(command.key);
        return [];
      case 'run-window':
        return [await this.#runWindow(command.window, command.window.durationMillis)];
      case 'start-load':
        return this.#startLoad(command.targets, command.held ?? false);
      case 'stop-load':
        return this.#stopLoad();
    }
  }

  async #runWindow(target: KeyedTarget, durationMillis: number): Promise<LoadResult> {
    this.#refuseWhileBusy();
    const pool = this.#poolOf(target);
    this.#windowRuns = true;
    try {
      return await runClosedLoopWindow(target, pool, durationMillis);
    } finally {
      this.#windowRuns = false;
    }
  }

  async #runOpenLoop(window: OpenLoopCommand): Promise<OpenLoopResult> {
    this.#refuseWhileBusy();
    const pool = this.#poolOf(window);
    this.#windowRuns = true;
    try {
      return await runOpenLoop(window, pool, (ring) => this.#alarmFor(ring));
    } finally {
      this.#windowRuns = false;
    }
  }

  /** One alarm for the life of the process: it has a thread. */
  #alarmFor(ring: () => void): Alarm {
    this.#ring = ring;
    this.#alarm ??= new DelayLinkAlarm(() => this.#ring());
    return this.#alarm;
  }

  async #startLoad(targets: readonly KeyedTarget[], isHeld: boolean): Promise<readonly LoadResult[]> {
    this.#refuseWhileBusy();
    const pooled = targets.map((target) => ({ target, pool: this.#poolOf(target) }));
    this.#background = pooled.map(({ target, pool }) => startClosedLoop(target, pool));
    // A load that ends by itself is reported when it is stopped.
    for (const load of this.#background) load.ended.catch(() => undefined);
    await Promise.all(this.#background.map((load) => load.flowing));
    if (isHeld) await Promise.all(this.#background.map((load) => load.hold()));
    return [];
  }

  #alternate(turning: OwnTurning): Promise<readonly number[]> {
    this.#turns = new AbortController();
    return alternate(this.#background, turning, this.#turns.signal);
  }

  #stopLoad(): Promise<readonly LoadResult[]> {
    this.#turns.abort();
    const loads = this.#background;
    this.#background = [];
    return Promise.all(loads.map((load) => load.stop()));
  }

  /** Two loads at once would be measured as one. */
  #refuseWhileBusy(): void {
    if (this.#windowRuns || this.#background.length > 0) {
      throw new AuthlabError('ERR_INPUT_INVALID', 'another load is still running');
    }
  }

  #poolOf(target: Pick<KeyedTarget, 'credentialsKey'>): CredentialPool {
    const pool = this.#pools.get(target.credentialsKey);
    if (!pool) throw new AuthlabError('ERR_INPUT_INVALID', `no credentials are kept for ${target.credentialsKey}`);
    return pool;
  }
}
