/** Random histories in words: the answer, and what was promised in vain. */

import { counted, fixed, listed } from './format.ts';
import type { ChaosResults, ChaosStory } from './summarise/chaos.ts';

export const topologyTexts: Readonly<Record<ChaosResults['topology'], string>> = {
  one: 'one Redis',
  sentinel: 'a primary with replicas under Sentinel',
  cluster: 'a Redis Cluster',
};

/** What must be read before anything else; empty when every promise was kept. */
export function chaosSentences(chaos: readonly ChaosResults[] | null): string[] {
  return (chaos ?? [])
    .filter(({ violations }) => violations.length > 0)
    .map(({ seed, violations }) => {
      const invariants = [...new Set(violations.map(({ invariant }) => invariant))];
      const whose = [...new Set(violations.map(({ contestant }) => contestant))];
      return `Seed ${seed} broke ${listed(invariants)} for ${listed(whose)}.`;
    });
}

/** Empty where there were no histories. */
export function chaosParagraph(chaos: readonly ChaosResults[] | null): string {
  const [first] = chaos ?? [];
  if (chaos === null || first === undefined) return '';
  const sum = (of: (one: ChaosResults) => number) => chaos.reduce((total, one) => total + of(one), 0);
  const requests = counted(
    sum((one) => one.requests),
    'request',
  );
  const faults = counted(
    sum((one) => one.faults.length),
    'fault',
  );
  const broken = sum((one) => one.violations.length);
  const histories = chaos.length === 1 ? '1 random history' : `${chaos.length} random histories`;
  const found = broken === 0 ? 'no promise was broken' : `${counted(broken, 'promise')} broken`;
  return `In ${histories} over ${topologyTexts[first.topology]}, with ${requests} and ${faults}, ${found}.`;
}

export function storyTitle({ invariant, contestant, session, words, exchanges }: ChaosStory): string {
  const times = exchanges === 1 ? '' : ` (and ${fixed(exchanges - 1, 0)} more)`;
  return `${invariant}, ${contestant}${session === null ? '' : `, session ${session}`}: ${words}${times}`;
}
