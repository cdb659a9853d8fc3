/** One run: steps are taken one after the other, what has ended is watched, and at the end all is well again, or not. */

import { Clients } from './clients.contract.ts';
import { endAll, restartNode } from './faults.contract.ts';
import { type AccessToken, coversToken, type Ending, type Session } from './history.contract.ts';
import { Judge } from './judge.contract.ts';
import { boundMillis, surelyExpiredAt } from './possible-worlds.contract.ts';
import { recoveryMillis, World, type WorldOptions } from './world.contract.ts';

/** All that a step may do. */
export interface Stage {
  readonly world: World;
  readonly clients: Clients;
}

/** After B, and so much later, whoever still accepts it is caught. */
const watchedAfterMillis = [1, 120, 400, 900];
const watchedBeforeMillis = [1_400, 1_100, 800, 500];
const mostWatched = 4;

export class Run implements Stage {
  readonly world: World;
  readonly judge: Judge;
  readonly clients: Clients;
  readonly #uninstall: () => void;

  constructor(options: WorldOptions) {
    this.world = new World(options);
    this.judge = new Judge(this.world);
    this.clients = new Clients(this.world, this.judge);
    this.#uninstall = this.world.time.install();
    this.judge.onCertainEnd = (ending) => this.#watch(ending);
  }

  /** Nodes come up, and know the log. */
  async begin(): Promise<void> {
    await this.world.time.pass(600);
  }

  async step(act: (stage: Stage) => void, thenMillis: number): Promise<void> {
    act(this);
    await this.world.time.pass(thenMillis);
    this.judge.look();
  }

  /** Heals, waits, and asks every node about every credential that was ever issued. */
  async end(): Promise<void> {
    const { world, judge, clients } = this;
    endAll(world);
    for (const [slot, { actor }] of world.slots.entries()) if (actor.isDead) restartNode(world, slot);
    await world.time.pass(recoveryMillis + 100);
    judge.isFinal = true;
    judge.end();
    for (const node of world.living) for (const token of world.history.accessTokens) clients.use(node, token);
    await world.time.pass(500);
    for (const [index, session] of world.history.sessions.entries()) this.#refresh(session, index);
    await world.time.pass(1_800);
    judge.look();
    judge.end();
  }

  /** Gives the timers back. To be called whatever happened. */
  close(): void {
    this.#uninstall();
  }

  /** A text that two runs share if and only if the same things happened in them, at the same times. */
  summary(): string {
    const { history, time } = this.world;
    const exchanges = history.exchanges.map(({ kind, process, sentAt, answeredAt, outcome }) =>
      [kind, process.actor.name, sentAt, answeredAt, outcome].join(' '),
    );
    return [`${time.tasks} tasks`, ...exchanges].join('\n');
  }

  /** The newest token of each family, and of every other one the oldest, too. */
  #refresh({ refreshTokens }: Session, index: number): void {
    const newest = refreshTokens.at(-1);
    const node = this.world.nodeAt(index);
    if (newest === undefined) return;
    this.clients.refresh(node, newest);
    const oldest = refreshTokens[0];
    if (index % 2 === 0 || oldest === undefined || oldest === newest) return;
    this.world.time.plan(this.world.clients, 200, () => this.clients.refresh(node, oldest));
  }

  /** Asks every process again and again, also those that were replaced and are only paused. */
  #watch(ending: Ending): void {
    const { world, clients } = this;
    const ended = world.history.accessTokens.filter((token) => coversToken(ending, token) === 'yes');
    for (const token of ended.slice(-mostWatched)) {
      const bound = boundMillis(token.session, ending);
      if (bound === null) continue;
      for (const millis of this.#momentsFor(token, bound)) {
        world.time.plan(world.clients, millis, () => {
          for (const node of world.living) clients.use(node, token);
        });
      }
    }
  }

  /** After B; and near the token's end, for a record that went before it would let it live again for the leeway. */
  #momentsFor(token: AccessToken, bound: number): readonly number[] {
    const { world } = this;
    const untilOver = surelyExpiredAt(world, token) - world.time.now;
    const late = watchedBeforeMillis.map((before) => untilOver - before).filter((millis) => millis > bound);
    return [...watchedAfterMillis.map((after) => bound + after), ...late];
  }
}
