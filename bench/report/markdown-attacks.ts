/** The report's section on attacks: a matrix for each group, why some are open by design, and what was seen. */

import { brokenCell, designsOf, groupTitles, strategyCell } from './attack-words.ts';
import { type Block, escaped, list, type Matrix, section, subsection, type Table, table } from './document.ts';
import { listed } from './format.ts';
import type { AttackCell, CataloguedResults } from './summarise/attacks.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function attacksSection({ measures: { attacks }, run: { scenario } }: Results): Block[] {
  if (attacks === null || scenario.attacks === undefined) return [];
  const groups = [...new Set(scenario.attacks.groups)];
  const reached = groups.filter((group) => attacks.some((attack) => attack.group === group));
  const unreached = groups.filter((group) => !reached.includes(group));
  const own = (group: string) => attacks.filter((attack) => attack.group === group);
  return [
    section('Under attack'),
    'Each attack is tried on a server that is broken for it on purpose, which it must get through, and on every strategy that has what it takes aim at. *Open for* is measured; *open by design* is what the strategy says of itself.',
    ...reached.flatMap((group) => [subsection(groupTitles[group]), matrixOf(own(group), scenario.strategies)]),
    ...designBlocks(attacks),
    ...(attacks.length === 0
      ? []
      : [subsection('What was seen under attack'), seenTable(attacks), list(attacks.map(sourceLine))]),
    ...(unreached.length === 0
      ? []
      : [`Not reached: ${listed(unreached.map((group) => groupTitles[group].toLowerCase()))}.`]),
  ];
}

function matrixOf(attacks: readonly CataloguedResults[], strategies: readonly string[]): Matrix {
  return {
    kind: 'matrix',
    corner: 'attack',
    about: 'the attacker',
    columns: ['broken on purpose', ...strategies],
    rows: attacks.map(({ title, deed, broken, strategies: cells }) => ({
      title,
      note: deed,
      cells: [
        brokenCell(broken),
        ...strategies.map((name) => strategyCell(cells.find(({ contestant }) => contestant === name))),
      ],
    })),
  };
}

function designBlocks(attacks: readonly CataloguedResults[]): Block[] {
  const designs = designsOf(attacks);
  if (designs.length === 0) return [];
  const items = designs.map(
    ({ reason, contestants, titles }) => `${escaped(listed(contestants))} (${listed(titles)}): ${escaped(reason)}.`,
  );
  return [subsection('Open by design, and why'), list(items)];
}

/** Servers of whom the same was seen stand in one row. */
function seenTable(attacks: readonly CataloguedResults[]): Table {
  const rows = attacks.flatMap(({ title, broken, strategies }) => [
    ...(broken === null ? [] : [[title, 'broken on purpose', brokenCell(broken).text, broken.evidence]]),
    ...seenTogether(strategies).map(([evidence, cells]) => [
      title,
      listed(cells.map(({ contestant }) => contestant)),
      strategyCell(cells[0]).text,
      evidence,
    ]),
  ]);
  return table(['attack', 'server', 'outcome', 'evidence'], rows, 'texts');
}

function seenTogether(cells: readonly AttackCell[]): readonly (readonly [string, readonly AttackCell[]])[] {
  const groups = new Map<string, AttackCell[]>();
  for (const cell of cells) {
    if (cell.outcome.kind === 'not-applicable') continue;
    const key = `${strategyCell(cell).text}\n${cell.evidence}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups].map(([key, own]) => [key.slice(key.indexOf('\n') + 1), own]);
}

function sourceLine({ title, question, source }: CataloguedResults): string {
  return `*${escaped(title)}*: ${escaped(question)} (${escaped(source)})`;
}
