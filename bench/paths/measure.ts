/** Measures small pieces of code against each other: in short turns, each round in another order, so that what disturbs one disturbs all. */

import { ratioInterval, trimmedMeanInterval } from '../statistics/interval.ts';

/** One piece of code, run so many times at a stretch. */
export interface Path {
  /** Heading of its table. */
  readonly group: string;
  readonly name: string;
  /** Name of the path in the same group that it is compared with; its own for the floor itself. */
  readonly floor: string;
  /** Asynchronous only where the code is. */
  turn(times: number): void | Promise<void>;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly turnMillis: number;
  /** In [0, 1), seeded: the order of each round. */
  readonly random: () => number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** Ends of 95 % intervals; null where too few rounds carry one. */
export interface PathResult {
  readonly group: string;
  readonly name: string;
  readonly floor: string;
  readonly micros: number;
  /** Time by time of the floor, each round for itself: below 1 is faster. */
  readonly ratio: { readonly estimate: number; readonly low: number; readonly high: number } | null;
}

/** Throws RangeError when a path names a floor that its group lacks. */
export async function measurePaths(paths: readonly Path[], options: MeasureOptions): Promise<PathResult[]> {
  const floors = paths.map((path) => floorOf(path, paths));
  const times: number[] = [];
  for (const path of paths) times.push(await timesFor(path, options));
  const readings = paths.map((): number[] => []);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const index of shuffled(paths.length, options.random)) {
      const [path, count] = [paths[index], times[index]];
      if (path !== undefined && count !== undefined)
        readings[index]?.push((await elapsed(path, count, options)) / count);
    }
  }
  return paths.map(({ group, name, floor }, index) => {
    const [own = [], reference = []] = [readings[index], readings[floors[index] ?? index]];
    const ratio = ratioInterval(own.map((millis, round) => Math.log(millis / (reference[round] ?? Number.NaN))));
    return { group, name, floor, micros: 1_000 * (trimmedMeanInterval(own)?.estimate ?? own[0] ?? Number.NaN), ratio };
  });
}

function floorOf(path: Path, paths: readonly Path[]): number {
  const index = paths.findIndex(({ group, name }) => group === path.group && name === path.floor);
  if (index < 0) throw new RangeError(`${path.group} has no path ${path.floor}`);
  return index;
}

/** Doubles until a turn is long enough, and not by an accident; meanwhile the code is compiled. */
async function timesFor(path: Path, options: MeasureOptions): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const millis = Math.min(await elapsed(path, times, options), await elapsed(path, times, options));
    if (millis >= options.turnMillis) return Math.max(1, Math.round((times * options.turnMillis) / millis));
  }
}

async function elapsed(path: Path, times: number, { now }: MeasureOptions): Promise<number> {
  const begun = now();
  const running = path.turn(times);
  if (running instanceof Promise) await running;
  return now() - begun;
}

function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
