/** How many requests shared a turn of the node's event loop, in words: whoever waits for Redis is met with others. */

import { referenceContestant } from '../record/run-events.ts';
import { fixed, listed } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { Results } from './summarise/results.ts';

/** Of each strategy, and of `none` beside it; empty where turns were not counted. */
export function turnsText({ contestants }: Pick<Results, 'contestants'>): string {
  const told = contestants.flatMap(({ contestant, cost }) => {
    const found = measuredValue(cost)?.requestsPerTurn ?? null;
    if (found === null || contestant === referenceContestant) return [];
    return [`${contestant} ${fixed(found.contestant.estimate, 2)} (${fixed(found.reference.estimate, 2)})`];
  });
  if (told.length === 0) return '';
  return `Requests that a node met in one turn of its event loop, and in brackets \`none\` beside it: ${listed(told)} (medians over windows). A turn has a price of its own, which those who are met together share: it is in these costs as it is in any service under such a load.`;
}
