/** What a check costs Redis beside the node, in words: apart from the node's, and where the sum of both turns the order. */

import { counted, differenceWithInterval, fewListed, listed } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { CostOfCheck } from './summarise/load-results.ts';
import type { Results } from './summarise/results.ts';

/** Commands a request: from here on a strategy asks Redis on at least every second one. */
export const asksRedis = 0.5;
/** Below, it does not ask even on every twentieth. */
export const neverAsks = 0.05;

export interface Costed {
  readonly name: string;
  readonly cost: CostOfCheck;
}

/** The cheapest first, by the node's CPU. */
export function costedOf({ contestants }: Pick<Results, 'contestants'>): Costed[] {
  return contestants
    .flatMap(({ contestant: name, cost }): Costed[] => {
      const value = measuredValue(cost);
      return value === null || name === 'none' ? [] : [{ name, cost: value }];
    })
    .toSorted((left, right) => left.cost.nodeCpuMicros.estimate - right.cost.nodeCpuMicros.estimate);
}

/** Empty where nobody asks Redis. */
export function redisCpuSentence(costed: readonly Costed[]): string {
  const asking = costed
    .filter(({ cost }) => cost.redisCommands.estimate >= asksRedis)
    .toSorted((left, right) => left.cost.redisCpuMicros.estimate - right.cost.redisCpuMicros.estimate);
  const texts = asking.map(({ name, cost }) => `${differenceWithInterval(cost.redisCpuMicros, 1)} µs with ${name}`);
  if (texts.length === 0) return '';
  const range = texts.length > 3 ? `from ${texts[0]} to ${texts.at(-1)}` : listed(texts);
  const others = costed.filter(({ name }) => asking.every((one) => one.name !== name));
  const isSilent = others.every(({ cost }) => Math.abs(cost.redisCommands.estimate) < neverAsks);
  const rest = others.length > 0 && isSilent ? '; the others ask Redis nothing' : '';
  return `Redis CPU comes on top: ${range}${rest}.`;
}

/**
 * Where nobody took less than one that asks Redis: it owes that to the load as well. Who waits answers many requests
 * together. Empty elsewhere, and where the run compares numbers of connections.
 */
export function togetherSentence({ run: { scenario } }: Pick<Results, 'run'>, [cheapest]: readonly Costed[]): string {
  if (cheapest === undefined || cheapest.cost.redisCommands.estimate < asksRedis) return '';
  if (scenario.throughput === undefined || scenario.sweep?.factor === 'connections') return '';
  const many = counted(scenario.throughput.connections, 'connection');
  return `That was with ${many} that ask again as soon as they are answered: under light load fewer look-ups go to Redis together, and each costs more.`;
}

export interface Turned {
  /** By the node's CPU it certainly costs less than `cheaper`, and with that of Redis certainly more. */
  readonly dearer: string;
  readonly cheaper: readonly string[];
}

/** Those whose order the sum turns, as far as the run can tell both. */
export function turnedBySum({ costComparisons }: Pick<Results, 'costComparisons'>): Turned[] {
  const found = new Map<string, string[]>();
  for (const { left, right, verdict, withRedis } of costComparisons) {
    if (verdict === 'cannot tell' || withRedis.verdict === 'cannot tell' || verdict === withRedis.verdict) continue;
    const [dearer, cheaper] = verdict === 'costs less' ? [left, right] : [right, left];
    found.set(dearer, [...(found.get(dearer) ?? []), cheaper]);
  }
  return [...found].map(([dearer, cheaper]) => ({ dearer, cheaper }));
}

/** `together, jwt-hs256 costs less than reference-token`; empty where nothing turns. */
export function turnedText(results: Pick<Results, 'costComparisons'>): string {
  const parts = turnedBySum(results).map(
    ({ dearer, cheaper }) =>
      `${fewListed(cheaper, 'other')} ${cheaper.length === 1 ? 'costs' : 'cost'} less than ${dearer}`,
  );
  return parts.length === 0 ? '' : `together, ${listed(parts)}`;
}

/** What becomes of the order, and of the cheapest by the node's CPU, when Redis' is counted too. */
export function sumSentence(results: Results, [cheapest, ...others]: readonly Costed[]): string {
  const turned = turnedText(results);
  if (turned !== '') return `This turns the order: ${turned}.`;
  if (cheapest === undefined || cheapest.cost.redisCommands.estimate < asksRedis) return '';
  const sums = others.map(({ name }) => {
    const found = results.costComparisons.find(
      ({ left, right }) => (left === cheapest.name && right === name) || (left === name && right === cheapest.name),
    );
    return { name, found };
  });
  const certain = sums.filter(({ found }) => found !== undefined && found.verdict !== 'cannot tell');
  const unsure = certain.filter(({ found }) => found?.withRedis.verdict === 'cannot tell').map(({ name }) => name);
  if (unsure.length > 0) {
    return `Together, this run cannot tell ${cheapest.name} from ${fewListed(unsure, 'other')}.`;
  }
  return certain.length === others.length && others.length > 0 ? `Together, ${cheapest.name} still costs least.` : '';
}
