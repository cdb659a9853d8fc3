/** Attacks on a terminal: a line each, within the width of the rest; who blocked it is counted and not named. */

import { strategyCell } from './attack-words.ts';
import { wrapped } from './format.ts';
import type { CataloguedResults } from './summarise/attacks.ts';

const titleWidth = 36;
const restWidth = 80 - titleWidth;

/** The first line is the heading; empty when nothing was tried. */
export function attackLines(attacks: readonly CataloguedResults[] | null): string[] {
  if (attacks === null || attacks.length === 0) return [];
  return [`${'attack'.padEnd(titleWidth)}the strategies`, ...attacks.flatMap(linesOf)];
}

function linesOf({ title, broken, strategies }: CataloguedResults): string[] {
  const proof = broken?.fault === null ? [] : ['NOT PROVEN'];
  const rest = [...proof, ...outcomesOf(strategies)].join('; ');
  const titleLines = wrapped(title, titleWidth - 1);
  const lines = wrapped(rest, restWidth);
  return Array.from({ length: Math.max(titleLines.length, lines.length) }, (_, index) =>
    `${(titleLines[index] ?? '').padEnd(titleWidth)}${lines[index] ?? ''}`.trimEnd(),
  );
}

/** `blocked by 7; open by design for 6.05 s: jwt-es256; not applicable to 2`. */
function outcomesOf(strategies: CataloguedResults['strategies']): string[] {
  const groups = new Map<string, string[]>();
  for (const cell of strategies) {
    const { kind } = cell.outcome;
    const key =
      kind === 'not-applicable' ? 'not applicable to' : kind === 'blocked' ? 'blocked by' : strategyCell(cell).text;
    groups.set(key, [...(groups.get(key) ?? []), cell.contestant]);
  }
  return [...groups].map(([key, names]) =>
    / (?:to|by)$/.test(key) ? `${key} ${names.length}` : `${key}: ${names.join(', ')}`,
  );
}
