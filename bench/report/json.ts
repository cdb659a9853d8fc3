/** `results.json`: the results as they are, for machines. */

import type { Results } from './summarise/results.ts';

/** Indented by two, ends with a line end. Keys keep the order in which results are built, so that it never changes. */
export function toJson(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
