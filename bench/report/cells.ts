/** Figures as cells of a table, the same words in the report and on the terminal. */

import { differenceWithInterval, ends, fixed, withInterval } from './format.ts';
import type { Figure } from './summarise/figure.ts';
import type { CostOfCheck, Throughput } from './summarise/load-results.ts';

/** Stands behind a figure with less behind it; the warnings say what. */
export const weakenedMark = '†';

export const absences = {
  'not-in-scenario': 'not asked',
  'not-applicable': '–',
  'not-reached': 'not reached',
} as const;

/** The figure in words of `show`; `void`, or why there is none, otherwise. `show` sees measured values only. */
export function cellOf<Value>(figure: Figure<Value>, show: (value: Value) => string): string {
  switch (figure.state) {
    case 'measured':
      return `${show(figure.value)}${figure.weakenedBy.length > 0 ? ` ${weakenedMark}` : ''}`;
    case 'voided':
      return 'void';
    case 'not-measured':
      return absences[figure.reason];
  }
}

/** One figure over several columns: mark, `void` or absence stand in the first of them alone. */
export function cellsOf<Value>(figure: Figure<Value>, shows: readonly ((value: Value) => string)[]): string[] {
  return shows.map((show, column) => {
    if (column === 0) return cellOf(figure, show);
    return figure.state === 'measured' ? show(figure.value) : '';
  });
}

export function nodeCpuText(cost: CostOfCheck): string {
  return differenceWithInterval(cost.nodeCpuMicros, 1);
}

export function ratioText(throughput: Throughput): string {
  return withInterval(throughput.ratioToReference, 3);
}

/** Requests per second, their interval when there is one. */
export function requestsPerSecondText({ requestsPerSecond: { estimate, low, high } }: Throughput): string {
  return low === null || high === null ? fixed(estimate, 0) : `${fixed(estimate, 0)} ${ends({ low, high }, 0)}`;
}

/**
 * Requests per second, also where they are void: then they are what was seen, and no measure of the server. Where
 * only the generator was too slow, the server could have done at least that much.
 */
export function observedThroughputCell(figure: Figure<Throughput>): string {
  if (figure.state !== 'voided' || figure.observed === null) return cellOf(figure, requestsPerSecondText);
  const pace = figure.reasons.every((reason) => reason === 'generator-saturated' || reason === 'server-not-saturated');
  const seen = fixed(figure.observed.requestsPerSecond.estimate, 0);
  return pace ? `void (at least ${seen})` : `void (seen: ${seen})`;
}
