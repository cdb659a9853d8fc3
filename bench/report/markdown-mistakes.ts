/** The report's section on the classic mistakes: a matrix of what came of each attack, and what was seen. */

import {
  type Block,
  escaped,
  list,
  type MatrixCell,
  type MatrixState,
  section,
  subsection,
  table,
} from './document.ts';
import { listed } from './format.ts';
import { brokenText, mistakeTitles, strategyText } from './mistake-words.ts';
import type { AttackResults, MistakeResults, Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function mistakesSection({ mistakes, run }: Results): Block[] {
  const { scenario } = run;
  if (scenario.mistakes === undefined) return [];
  const unreached = scenario.mistakes.tried.filter((name) => !mistakes.some(({ mistake }) => mistake === name));
  return [
    section('The classic mistakes'),
    'Each mistake is made by a server that the lab started for it, and the same attack is tried on every strategy whose credentials allow it (– elsewhere). Before and after each attack the same server accepted a genuine login and its credential, and refused a request without one or with a spoilt one; otherwise the cell says *unproven*.',
    ...(mistakes.length === 0 ? [] : tables(mistakes, scenario.strategies)),
    ...(unreached.length === 0 ? [] : [`Not reached: ${listed(unreached.map((name) => mistakeTitles[name]))}.`]),
  ];
}

function tables(mistakes: readonly MistakeResults[], strategies: readonly string[]): Block[] {
  return [
    {
      kind: 'matrix',
      corner: 'mistake',
      about: 'the attacker',
      columns: ['broken variant', ...strategies],
      rows: mistakes.map(({ mistake, deed, broken, right }) => ({
        title: mistakeTitles[mistake],
        note: deed,
        cells: [
          brokenCell(broken),
          ...strategies.map((name) => strategyCell(right.find(({ contestant }) => contestant === name))),
        ],
      })),
    },
    subsection('What was seen'),
    table(['mistake', 'server', 'outcome', 'evidence'], mistakes.flatMap(evidenceRows), 'texts'),
    list(
      mistakes.map(
        ({ mistake, question, source }) => `*${mistakeTitles[mistake]}*: ${escaped(question)} (${escaped(source)})`,
      ),
    ),
  ];
}

/** A server that is broken on purpose does as it should when the attack gets through. */
function brokenCell(broken: AttackResults | null): MatrixCell {
  const text = brokenText(broken);
  if (broken === null) return { state: 'none', text };
  if (broken.fault === null) return { state: 'proven', text };
  return { state: broken.fault === 'unproven' ? 'unknown' : 'failed', text };
}

function strategyCell(own: AttackResults | undefined): MatrixCell {
  if (own === undefined) return { state: 'none', text: '–' };
  const text = strategyText(own);
  if (own.fault !== null) return { state: own.fault === 'unproven' ? 'unknown' : 'failed', text };
  return { state: stateOf[own.outcome.kind], text };
}

const stateOf: Readonly<Record<AttackResults['outcome']['kind'], MatrixState>> = {
  blocked: 'held',
  open: 'open',
  'open-by-design': 'open-by-design',
  unproven: 'unknown',
};

function evidenceRows({ mistake, broken, right }: MistakeResults): string[][] {
  const title = mistakeTitles[mistake];
  return [
    ...(broken === null ? [] : [[title, broken.contestant, brokenText(broken), broken.evidence]]),
    ...right.map((own) => [title, own.contestant, strategyText(own), own.evidence]),
  ];
}
