/** Behaviour under fault on a terminal: a line each, within the width of the rest. */

import { behaviourText } from './fault-words.ts';
import { wrapped } from './format.ts';
import type { FaultResults, InflictedFault } from './summarise/faults.ts';

const titleWidth = 30;
const restWidth = 80 - titleWidth;

/** The first line is the heading; empty when nothing was inflicted. */
export function faultLines(faults: readonly FaultResults[] | null): string[] {
  if (faults === null || faults.length === 0) return [];
  return [`${'fault'.padEnd(titleWidth)}the strategies`, ...faults.flatMap(linesOf)];
}

function linesOf({ title, inflicted, notRun }: FaultResults): string[] {
  const rest = inflicted === null ? `not run: ${notRun.join('; ')}` : strategiesText(inflicted);
  const titleLines = wrapped(title, titleWidth - 1);
  const lines = wrapped(rest, restWidth);
  return Array.from({ length: Math.max(titleLines.length, lines.length) }, (_, index) =>
    `${(titleLines[index] ?? '').padEnd(titleWidth)}${lines[index] ?? ''}`.trimEnd(),
  );
}

/** Those of whom the same is said together: `refuses (503): session, epoch-hs256`. */
function strategiesText({ contestants }: InflictedFault): string {
  const groups = new Map<string, string[]>();
  for (const score of contestants) {
    const text = behaviourText(score);
    groups.set(text, [...(groups.get(text) ?? []), score.contestant]);
  }
  return [...groups].map(([text, names]) => `${text}: ${names.join(', ')}`).join('. ');
}
