/** Virtual time: whatever a run does waits in one queue, so that a minute passes in milliseconds and always alike. */

import type { Clock } from '../kernel/clock.ts';

/** A process of its own, a node or a Redis server: it can stand still, and it can end. */
export class Actor {
  readonly name: string;
  readonly clock: ActorClock;
  isPaused = false;
  /** Nothing it had planned happens any more. */
  isDead = false;
  /** What came due or arrived while it stood still. */
  readonly held: Task[] = [];

  constructor(name: string, clock: ActorClock) {
    this.name = name;
    this.clock = clock;
  }
}

export interface ClockFacts {
  readonly wallAtStart: number;
  readonly aheadMillis: number;
  readonly wallSpeed: number;
  readonly speed: number;
}

/** A machine's two clocks, each with a speed of its own; wall time can jump, monotonic time can stand still. */
export class ActorClock implements Clock {
  /** Of the monotonic clock, and of the timers that go by it. */
  readonly speed: number;
  readonly #wallSpeed: number;
  /** How far wall time is ahead of the true time, drift aside. */
  aheadMillis: number;
  /** For how long the machine has been suspended, which its monotonic clock does not notice. */
  suspendedMillis = 0;
  readonly #time: { readonly now: number };
  readonly #wallAtStart: number;

  constructor(time: { readonly now: number }, facts: ClockFacts) {
    this.#time = time;
    this.#wallAtStart = facts.wallAtStart;
    this.#wallSpeed = facts.wallSpeed;
    this.aheadMillis = facts.aheadMillis;
    this.speed = facts.speed;
  }

  wallMillis(): number {
    return Math.floor(this.#wallAtStart + this.aheadMillis + this.#time.now * this.#wallSpeed);
  }

  monotonicMillis(): number {
    return 1_000 + (this.#time.now - this.suspendedMillis) * this.speed;
  }
}

interface Task {
  readonly actor: Actor;
  readonly kind: 'timer' | 'message';
  readonly work: () => void;
  at: number;
  order: number;
  isCancelled: boolean;
}

/** Taken before any test can replace it: lets everything happen that needs no time. */
const nextTurn = setImmediate;

export class VirtualTime {
  /** True time, in milliseconds since the start. Nobody in the run knows it. */
  now = 0;
  /** Who is at work; whatever is planned meanwhile is its own. */
  current: Actor | null = null;
  /** How many tasks have run: a measure of the run, and of whether two runs are the same. */
  tasks = 0;
  #order = 0;
  /** By time, then by order. */
  readonly #queue: Task[] = [];

  plan(actor: Actor, delayMillis: number, work: () => void, kind: Task['kind'] = 'message'): Task {
    const task = { actor, kind, work, at: this.now + delayMillis, order: 0, isCancelled: false };
    this.#enqueue(task);
    return task;
  }

  /** Stands still: what comes due waits. A suspended one's monotonic clock and timers stand still, too. */
  pause(actor: Actor): void {
    actor.isPaused = true;
  }

  /** Goes on: timers that have come due fire first, then what has arrived is read, as Node does it. */
  resume(actor: Actor, suspendedMillis = 0): void {
    if (!actor.isPaused) return;
    actor.isPaused = false;
    actor.clock.suspendedMillis += suspendedMillis;
    const held = actor.held.splice(0).filter(({ isCancelled }) => !isCancelled);
    if (suspendedMillis > 0) this.#postpone(actor, held, suspendedMillis);
    for (const kind of ['timer', 'message'] as const) {
      for (const task of held) if (task.kind === kind) this.#enqueue(task);
    }
  }

  /** Lets time pass. Everything that a task sets off without needing time has happened before the next one. */
  async pass(millis: number): Promise<void> {
    const end = this.now + millis;
    for (;;) {
      const task = this.#queue[0];
      if (task === undefined || task.at > end) break;
      this.#queue.shift();
      if (task.isCancelled || task.actor.isDead) continue;
      if (task.actor.isPaused) {
        task.actor.held.push(task);
        continue;
      }
      this.now = Math.max(this.now, task.at);
      await this.#run(task);
    }
    this.now = end;
  }

  /** Takes the place of the timers for as long as the run lasts. Returns how to give them back. */
  install(): () => void {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const cancel = (timer: Timer | undefined): void => timer?.cancel();
    Object.assign(globalThis, {
      setTimeout: (work: (...given: unknown[]) => void, delay = 0, ...given: unknown[]) =>
        new Timer(this, this.#worker(), delay, false, () => work(...given)),
      setInterval: (work: (...given: unknown[]) => void, delay = 0, ...given: unknown[]) =>
        new Timer(this, this.#worker(), delay, true, () => work(...given)),
      clearTimeout: cancel,
      clearInterval: cancel,
    });
    return () => Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
  }

  async #run(task: Task): Promise<void> {
    this.tasks += 1;
    this.current = task.actor;
    try {
      task.work();
      await new Promise<void>((resolve) => nextTurn(resolve));
    } finally {
      this.current = null;
    }
  }

  #worker(): Actor {
    if (this.current === null) throw new Error('a timer was set by nobody');
    return this.current;
  }

  /** The timers of a suspended machine have as much time left as they had. */
  #postpone(actor: Actor, held: readonly Task[], millis: number): void {
    const waiting = this.#queue.filter((task) => task.actor === actor);
    for (const task of [...held, ...waiting]) if (task.kind === 'timer') task.at += millis;
    this.#queue.sort(byTime);
  }

  #enqueue(task: Task): void {
    task.at = Math.max(task.at, this.now);
    this.#order += 1;
    task.order = this.#order;
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#queue[middle];
      if (other !== undefined && byTime(other, task) < 0) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, task);
  }
}

function byTime(left: Task, right: Task): number {
  return left.at - right.at || left.order - right.order;
}

/** As Node's, as far as production code uses it. Its delay is measured by the clock of whoever set it. */
class Timer {
  readonly #time: VirtualTime;
  #task: Task;

  constructor(time: VirtualTime, actor: Actor, delayMillis: number, repeats: boolean, work: () => void) {
    this.#time = time;
    const fire = (): void => {
      if (repeats) this.#task = this.#time.plan(actor, delayMillis / actor.clock.speed, fire, 'timer');
      work();
    };
    this.#task = time.plan(actor, delayMillis / actor.clock.speed, fire, 'timer');
  }

  cancel(): void {
    this.#task.isCancelled = true;
  }

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }
}
