/** The report's section on the classic mistakes: a matrix of what came of each attack, and what was seen. */

import { listed } from './format.ts';
import { escaped, markdownTable } from './markdown-table.ts';
import { brokenText, mistakeTitles, strategyText } from './mistake-words.ts';
import type { AttackResults, MistakeResults, Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function mistakesSection({ mistakes, run }: Results): string[] {
  const { scenario } = run;
  if (scenario.mistakes === undefined) return [];
  const unreached = scenario.mistakes.tried.filter((name) => !mistakes.some(({ mistake }) => mistake === name));
  return [
    '## The classic mistakes',
    'Each mistake is made by a server that the lab started for it, and the same attack is tried on every strategy whose credentials allow it (– elsewhere). Before and after each attack the same server accepted a genuine login and its credential, and refused a request without one or with a spoilt one; otherwise the cell says *unproven*.',
    ...(mistakes.length === 0 ? [] : tables(mistakes, scenario.strategies)),
    ...(unreached.length === 0 ? [] : [`Not reached: ${listed(unreached.map((name) => mistakeTitles[name]))}.`]),
  ];
}

function tables(mistakes: readonly MistakeResults[], strategies: readonly string[]): string[] {
  const matrix = mistakes.map(({ mistake, deed, broken, right }) => [
    mistakeTitles[mistake],
    deed,
    brokenText(broken),
    ...strategies.map((name) => cellOfStrategy(right.find(({ contestant }) => contestant === name))),
  ]);
  return [
    markdownTable(['mistake', 'the attacker', 'broken variant', ...strategies], matrix, 'texts'),
    '### What was seen',
    markdownTable(['mistake', 'server', 'outcome', 'evidence'], mistakes.flatMap(evidenceRows), 'texts'),
    mistakes
      .map(
        ({ mistake, question, source }) => `- *${mistakeTitles[mistake]}*: ${escaped(question)} (${escaped(source)})`,
      )
      .join('\n'),
  ];
}

function evidenceRows({ mistake, broken, right }: MistakeResults): string[][] {
  const title = mistakeTitles[mistake];
  return [
    ...(broken === null ? [] : [[title, broken.contestant, brokenText(broken), broken.evidence]]),
    ...right.map((own) => [title, own.contestant, strategyText(own), own.evidence]),
  ];
}

function cellOfStrategy(own: AttackResults | undefined): string {
  return own === undefined ? '–' : strategyText(own);
}
