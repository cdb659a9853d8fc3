/** The report's sections on the measures beside cost, revocation, size and mistakes. */

import type { Block } from './document.ts';
import { attacksSection } from './markdown-attacks.ts';
import { chaosSection } from './markdown-chaos.ts';
import { faultsSection } from './markdown-faults.ts';
import { lifecycleSection, roleChangeSection } from './markdown-lifecycle.ts';
import { linkSection } from './markdown-link.ts';
import { openLoopSection } from './markdown-open-loop.ts';
import { sizeLimitSection } from './markdown-size-limits.ts';
import { stateSection } from './markdown-state.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario asks for none. */
export function measureSections(results: Results): Block[] {
  const { link } = results.measures;
  return [
    ...(link === null ? [] : linkSection([link], false)),
    ...openLoopSection(results),
    ...stateSection(results),
    ...sizeLimitSection(results),
    ...lifecycleSection(results),
    ...roleChangeSection(results),
    ...faultsSection(results),
    ...attacksSection(results),
    ...chaosSection(results),
  ];
}
