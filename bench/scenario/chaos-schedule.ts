/** What happens when in a random history: every request and every fault, a pure function of the seed. */

import { type RandomFraction, seededFraction } from '../../src/kernel/random.ts';
import type { ChaosFaultName } from './chaos-schema.ts';

export interface ChaosOperation {
  readonly atMillis: number;
  readonly kind: ChaosOperationKind;
  /** Index into the history's contestants. */
  readonly contestant: number;
  /** Of the contestant alone. */
  readonly user: number;
  /** Counted over the whole history; of `login` the one that begins. */
  readonly session: number;
  readonly node: number;
}

/**
 * `probe`: the protected resource is asked for, with any access token of the session. `stray`: the same with the token of another contestant.
 * `replay`: a refresh token that its session has left behind by two generations. `revoke`, `roles` and `rotate` are an
 * administrator's: end all sessions of the user, change the user's roles, a new signing key in place of the old.
 */
export type ChaosOperationKind =
  | 'login'
  | 'probe'
  | 'stray'
  | 'refresh'
  | 'replay'
  | 'logout'
  | 'logout-all'
  | 'revoke'
  | 'roles'
  | 'rotate';

export interface ChaosFaultTime {
  readonly fault: ChaosFaultName;
  readonly fromMillis: number;
  readonly lastsMillis: number;
  /** Whom it befalls, where it befalls a node. */
  readonly node: number;
}

export interface ChaosSchedule {
  /** In the order of their times. */
  readonly operations: readonly ChaosOperation[];
  /** One after the other; each begins when it is time and the one before it is over. */
  readonly faults: readonly ChaosFaultTime[];
}

export interface ChaosScheduleOptions {
  readonly seed: number;
  readonly contestants: number;
  readonly nodes: number;
  readonly durationMillis: number;
  readonly stalenessLimitMillis: number;
  readonly faults: readonly ChaosFaultName[];
}

/** Between two operations of one contestant, on average. */
const operationEveryMillis = 110;
const sessionsAtStart = 4;
/** Of a history, at which an administrator rotates keys. */
const rotationMoments = [0.08, 0.55] as const;
const firstFaultMillis = 1_000;

/** Out of a hundred; what is left is asked by `probe`. */
const weights: readonly (readonly [ChaosOperationKind, number])[] = [
  ['login', 6],
  ['refresh', 14],
  ['replay', 3],
  ['logout', 7],
  ['logout-all', 1.5],
  ['revoke', 1.5],
  ['roles', 3],
  ['stray', 3],
];

export function chaosSchedule(options: ChaosScheduleOptions): ChaosSchedule {
  const draw = seededFraction(options.seed);
  const faults = drawFaults(options, draw);
  const drawn = new OperationDraw(options, draw);
  for (let contestant = 0; contestant < options.contestants; contestant += 1) drawn.contestant(contestant);
  for (const moment of rotationMoments) drawn.rotation(moment * options.durationMillis);
  return { operations: drawn.operations.toSorted((left, right) => left.atMillis - right.atMillis), faults };
}

function drawFaults(options: ChaosScheduleOptions, draw: RandomFraction): ChaosFaultTime[] {
  const { durationMillis, stalenessLimitMillis, nodes } = options;
  const found: ChaosFaultTime[] = [];
  let fromMillis = firstFaultMillis * (0.5 + draw());
  // Each at most once before any comes a second time.
  let left: ChaosFaultName[] = [];
  while (fromMillis < durationMillis - 1_000) {
    if (left.length === 0) left = [...options.faults];
    const [fault] = left.splice(Math.floor(draw() * left.length), 1);
    if (fault === undefined) break;
    // Some are over before a node closes; others last until what was ended meanwhile is asked about after its bound.
    const lastsMillis = Math.round((0.2 + 2.4 * draw()) * stalenessLimitMillis);
    found.push({ fault, fromMillis: Math.round(fromMillis), lastsMillis, node: Math.floor(draw() * nodes) });
    fromMillis += lastsMillis + 500 + 2_000 * draw();
  }
  return found;
}

class OperationDraw {
  readonly operations: ChaosOperation[] = [];
  readonly #options: ChaosScheduleOptions;
  readonly #draw: RandomFraction;
  #sessions = 0;

  constructor(options: ChaosScheduleOptions, draw: RandomFraction) {
    this.#options = options;
    this.#draw = draw;
  }

  contestant(contestant: number): void {
    const { durationMillis } = this.#options;
    const begun: { readonly user: number; readonly session: number }[] = [];
    const logIn = (atMillis: number): void => {
      // Two sessions of one user must not be taken for one another.
      const shared = begun.length > 0 && this.#draw() < 0.4 ? this.#oneOf(begun).user : begun.length;
      const who = { user: shared, session: this.#sessions++ };
      begun.push(who);
      this.#add({ atMillis, kind: 'login', contestant, ...who, node: this.#node() });
    };
    for (let count = 0; count < sessionsAtStart; count += 1) logIn(50 * this.#draw());
    for (
      let atMillis = 300 * this.#draw();
      atMillis < durationMillis;
      atMillis += 2 * operationEveryMillis * this.#draw()
    ) {
      const kind = this.#kind();
      if (kind === 'login') logIn(atMillis);
      else this.#about(kind, contestant, atMillis, this.#oneOf(begun.slice(-12)));
    }
  }

  rotation(atMillis: number): void {
    const contestant = Math.floor(this.#draw() * this.#options.contestants);
    this.#add({ atMillis, kind: 'rotate', contestant, user: 0, session: 0, node: this.#node() });
  }

  /** What ends a session is followed by a look at every node: at once, while the bound runs, and right after it. */
  #about(
    kind: ChaosOperationKind,
    contestant: number,
    atMillis: number,
    who: { readonly user: number; readonly session: number },
  ): void {
    this.#add({ atMillis, kind, contestant, ...who, node: this.#node() });
    if (kind !== 'logout' && kind !== 'logout-all' && kind !== 'revoke' && kind !== 'replay') return;
    const { stalenessLimitMillis, nodes, durationMillis } = this.#options;
    for (const laterMillis of [
      20,
      0.5 * stalenessLimitMillis,
      1.05 * stalenessLimitMillis,
      1.6 * stalenessLimitMillis,
    ]) {
      if (atMillis + laterMillis >= durationMillis) continue;
      for (let node = 0; node < nodes; node += 1) {
        this.#add({ atMillis: atMillis + laterMillis + 15 * this.#draw(), kind: 'probe', contestant, ...who, node });
      }
    }
  }

  #kind(): ChaosOperationKind {
    let left = 100 * this.#draw();
    for (const [kind, weight] of weights) {
      left -= weight;
      if (left < 0) return kind;
    }
    return 'probe';
  }

  #oneOf<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#draw() * items.length)];
    if (item === undefined) throw new RangeError('nothing to draw from');
    return item;
  }

  #node(): number {
    return Math.floor(this.#draw() * this.#options.nodes);
  }

  #add(operation: ChaosOperation): void {
    this.operations.push({ ...operation, atMillis: Math.round(operation.atMillis) });
  }
}
