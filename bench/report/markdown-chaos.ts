/** The report's section on random histories: what happened in each, and the story of every broken promise. */

import { chaosParagraph, storyTitle, topologyTexts } from './chaos-words.ts';
import { type Block, escaped, list, section, subsection, table } from './document.ts';
import { duration, fixed } from './format.ts';
import type { ChaosResults } from './summarise/chaos.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function chaosSection({ measures, run }: Results): Block[] {
  const { chaos } = measures;
  if (chaos === null) return [];
  const lost = (run.scenario.chaos?.seeds ?? 0) - chaos.length;
  return [
    section('Random histories'),
    'Users log in, refresh, log out, are revoked and given other roles, keys are rotated, and credentials are asked about all the while, as the seed has it; meanwhile the faults of the table come and go, one after the other, within what the configuration declares that it survives. Every history ends healed, with the last word of every node on every credential that was ever issued. An answer that says neither yes nor no counts as both. I13 cannot be seen from outside.',
    ...(chaos.length === 0 ? [] : [escaped(chaosParagraph(chaos)), historiesTable(chaos)]),
    ...(lost > 0 ? [`Not reached, or its servers did not come up: ${lost} of the histories.`] : []),
    ...chaos.flatMap(storyBlocks),
  ];
}

function historiesTable(chaos: readonly ChaosResults[]): Block {
  const rows = chaos.map((one) => [
    `${one.seed}`,
    topologyTexts[one.topology],
    fixed(one.requests, 0),
    fixed(one.unknownOutcomes, 0),
    fixed(one.credentials, 0),
    fixed(one.acknowledgedEndings, 0),
    faultsText(one),
    one.settlingMillis === null ? 'not settled' : duration(one.settlingMillis),
    fixed(one.violations.length, 0),
  ]);
  const headings = [
    ...['seed', 'topology', 'requests', 'unknown', 'credentials', 'ended', 'faults', 'settled after'],
    'violations',
  ];
  return table(headings, rows, 'texts');
}

function faultsText({ faults }: ChaosResults): string {
  return faults.map(({ title, node }) => (node === null ? title : `${title} (${node})`)).join('; ');
}

function storyBlocks({ seed, violations }: ChaosResults): Block[] {
  return violations.flatMap((story) => [
    subsection(escaped(`Seed ${seed}, ${storyTitle(story)}`)),
    list(story.timeline.map(({ atMillis, text }) => `${fixed(atMillis, 0)} ms: ${escaped(text)}`)),
  ]);
}
