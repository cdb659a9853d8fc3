/** The classic mistakes on a terminal: a line each, within the width of the rest. */

import { wrapped } from './format.ts';
import { brokenText, mistakeTitles, strategyText } from './mistake-words.ts';
import type { AttackResults, MistakeResults } from './summarise/results.ts';

const titleWidth = 30;
const restWidth = 80 - titleWidth;

/** The first line is the heading; empty when no mistake was made. */
export function mistakeLines(mistakes: readonly MistakeResults[]): string[] {
  if (mistakes.length === 0) return [];
  const heading = `${'mistake'.padEnd(titleWidth)}where it is made; the strategies`;
  return [heading, ...mistakes.flatMap(linesOf)];
}

function linesOf({ mistake, broken, right }: MistakeResults): string[] {
  const rest = [`${brokenText(broken)};`, strategiesText(right)].join(' ');
  return wrapped(rest, restWidth).map(
    (line, index) => `${(index === 0 ? mistakeTitles[mistake] : '').padEnd(titleWidth)}${line}`,
  );
}

/** Those with the same outcome together: `blocked session, jwt-rs256`. */
function strategiesText(right: readonly AttackResults[]): string {
  if (right.length === 0) return 'none could be attacked';
  const groups = new Map<string, string[]>();
  for (const own of right) {
    const text = strategyText(own);
    groups.set(text, [...(groups.get(text) ?? []), own.contestant]);
  }
  return [...groups].map(([text, names]) => `${text}: ${names.join(', ')}`).join('; ');
}
