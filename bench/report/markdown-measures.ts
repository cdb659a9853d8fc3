/** The report's sections on the measures beside cost, revocation, size and mistakes. */

import { lifecycleSection, roleChangeSection } from './markdown-lifecycle.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario asks for none. */
export function measureSections(results: Results): string[] {
  return [...lifecycleSection(results), ...roleChangeSection(results)];
}
