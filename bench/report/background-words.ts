/** How the method tells what nodes do by themselves, and that it is in no cost. */

import { fixed } from './format.ts';
import type { Background } from './summarise/background.ts';
import { backgroundDoubt } from './summarise/cost-of-check.ts';
import { measuredValue } from './summarise/figure.ts';
import type { Results } from './summarise/results.ts';

/** Of every contestant of which it was measured, at every level. */
export function backgroundsOf({ contestants, sweep }: Results): readonly Background[] {
  const all = [...contestants, ...(sweep?.levels ?? []).flatMap((level) => level.contestants)];
  return all.flatMap(({ cost }) => measuredValue(cost)?.background ?? []);
}

/** Empty where no background was measured. */
export function backgroundText(results: Results): string {
  const backgrounds = backgroundsOf(results);
  if (backgrounds.length === 0) return '';
  const perSecond = (micros: readonly number[]) => `${fixed(Math.max(...micros) / 1_000, 1)} ms of CPU a second`;
  const own = perSecond(backgrounds.map(({ contestantMicrosPerSecond }) => contestantMicrosPerSecond));
  const none = perSecond(backgrounds.map(({ referenceMicrosPerSecond }) => referenceMicrosPerSecond));
  const most = Math.max(...backgrounds.map(({ takenOffMicros }) => Math.abs(takenOffMicros)));
  return `What nodes do by themselves (they beat, and follow the log) was measured while they stood idle between their rounds: at most ${own}, \`none\` ${none}. For the time in which it was the other's turn it is taken off, never more than was spent, which moves no cost by more than ${fixed(most, 2)} µs; a share of ${fixed(backgroundDoubt, 1)} of what was taken off is in the intervals as an error.`;
}
