/** `authlab compare --format html`: runs side by side on one page that needs no network and no script. */

import { comparisonDocumentOf, surroundingsTitle } from '../compare-document.ts';
import type { Results } from '../summarise/results.ts';
import { pageHtml } from './frame.ts';
import { markupText, plainHtml } from './inline.ts';
import { looksOf } from './looks.ts';

/** Of two runs or more; the others are compared with the first. Depends on the results alone. */
export function comparisonHtml(runs: readonly Results[]): string {
  const document = comparisonDocumentOf(runs);
  const names = [...new Set(runs.map(({ run }) => run.scenario.name))];
  const dates = [...new Set(runs.map(({ run }) => run.startedAt.slice(0, 10)))];
  const commands = `authlab compare ${runs.map(({ run }) => run.runId).join(' ')}`;
  return pageHtml({
    title: markupText(document.question),
    kicker: `authlab compare · <b>${plainHtml(names.join(', '))}</b> · ${dates.join(', ')}`,
    document,
    looks: looksOf(contestantsOf(runs)),
    weaknessLink: { section: surroundingsTitle, text: 'What else differs, in full' },
    foot: `Everything here is computed from the <code>events.ndjson</code> of each run; <code>${plainHtml(commands)}</code> makes it anew.`,
    authlabVersion: runs.at(-1)?.run.authlabVersion ?? '',
  });
}

/** Of all runs, each once, so that a strategy looks the same in all of them. */
function contestantsOf(runs: readonly Results[]): Pick<Results, 'contestants' | 'sweep'> {
  const all = runs.flatMap(({ contestants, sweep }) => sweep?.levels[0]?.contestants ?? contestants);
  const first = new Map(all.toReversed().map((one) => [one.contestant, one]));
  const names = [...new Set(all.map(({ contestant }) => contestant))];
  return { contestants: names.flatMap((name) => first.get(name) ?? []), sweep: null };
}
