/** A node that faults may befall: it is paused, killed and started again where its clients know it to be. */

import { systemClock } from '../../src/kernel/clock.ts';
import type { Environment, LabNode, NodeRequest } from '../environment/environment.ts';
import { httpGet } from '../environment/http-get.ts';
import { until } from '../environment/redis-group.ts';
import { type Standstill, standStill } from '../environment/stopped-child.ts';

const clockDeadlineMillis = 2_000;
/** A server tells whole seconds, and remembers them for as long. */
const clockToleranceMillis = 5_000;

export class FaultNode {
  /** Of the world, from 0. */
  readonly index: number;
  readonly standstills: Standstill[] = [];
  readonly #environment: Pick<Environment, 'startNode'>;
  readonly #request: NodeRequest;
  #current: LabNode;
  #restarting: Promise<void> = Promise.resolve();

  /** `request.port` says where it is found, also after it has been started again. Throws as `startNode`. */
  static async start(
    environment: Pick<Environment, 'startNode'>,
    index: number,
    request: NodeRequest,
  ): Promise<FaultNode> {
    return new FaultNode(environment, index, request, await environment.startNode(request));
  }

  constructor(environment: Pick<Environment, 'startNode'>, index: number, request: NodeRequest, current: LabNode) {
    this.index = index;
    this.#environment = environment;
    this.#request = request;
    this.#current = current;
  }

  get baseUrl(): string {
    return this.#current.baseUrl;
  }

  /** SIGSTOP; returns when none of its code runs any more, with the way to go on. */
  async pause(): Promise<() => Promise<void>> {
    const { child } = this.#current;
    await standStill(child);
    const fromMillis = systemClock.monotonicMillis();
    return async () => {
      // Written down before it goes on: it cannot have decided anything sooner.
      this.standstills.push({ node: this.index, fromMillis, toMillis: systemClock.monotonicMillis() });
      await child.signal('SIGCONT');
    };
  }

  /** Returns when the node's own clock is so many seconds ahead of this one, or behind, as its answers tell. */
  async clockIsAhead(seconds: number): Promise<void> {
    await until(`${this.baseUrl} ${seconds} s ahead`, async () => {
      const { dateMillis } = await httpGet(`${this.baseUrl}/health/live`, clockDeadlineMillis);
      const aheadMillis = (dateMillis ?? Number.NaN) - systemClock.wallMillis();
      return Math.abs(aheadMillis - 1_000 * seconds) < clockToleranceMillis;
    });
  }

  /** SIGKILL; returns when it is gone. */
  async kill(): Promise<void> {
    const { child } = this.#current;
    await child.signal('SIGKILL');
    await child.ended;
  }

  /** Returns at once: how long it takes to be ready is part of what is watched. */
  restart(): void {
    this.#restarting = this.#environment.startNode(this.#request).then((started) => {
      this.#current = started;
    });
    // Told by `settled`.
    this.#restarting.catch(() => undefined);
  }

  /** Throws as `startNode` when a restart has failed. */
  async settled(): Promise<void> {
    await this.#restarting;
  }

  async close(): Promise<void> {
    await this.#restarting.catch(() => undefined);
    await this.#current.child.stop(0);
  }
}
