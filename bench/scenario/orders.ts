/** Orders that a seed draws, so that slow drift of the machine favours nobody. */

import type { RandomFraction } from '../../src/kernel/random.ts';

export type PairOrderName = 'contestant-first' | 'reference-first';

/** As many rounds with the contestant first as with the reference first; an odd one out falls to chance. */
export function balancedOrders(rounds: number, fraction: RandomFraction): PairOrderName[] {
  const odd = fraction() < 0.5 ? 0 : 1;
  const orders = Array.from({ length: rounds }, (_, index) =>
    (index + odd) % 2 === 0 ? ('contestant-first' as const) : ('reference-first' as const),
  );
  return shuffled(orders, fraction);
}

/** Fisher and Yates: every order equally probable. */
export function shuffled<Item>(items: readonly Item[], fraction: RandomFraction): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(fraction() * left.length), 1));
  return order;
}
