/** `report.html`: one file that needs no network and no script. */

import { counted } from '../format.ts';
import { documentOf } from '../report-document.ts';
import { settingText, tookText } from '../setting-words.ts';
import type { Results } from '../summarise/results.ts';
import { pageHtml } from './frame.ts';
import { markupText, plainHtml } from './inline.ts';
import { looksOf } from './looks.ts';

/** Depends on the results alone: the same results give the same bytes. */
export function toHtml(results: Results): string {
  const { run, machine } = results;
  const took = tookText(results);
  const document = documentOf(results);
  const when = `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)} UTC`;
  return pageHtml({
    title: markupText(document.question),
    kicker: `authlab · <b>${plainHtml(run.scenario.name)}</b> · ${when} · ${run.outcome}${took === '' ? '' : ` in ${took}`} · ${plainHtml(machine.cpuModel)}, ${counted(machine.cores, 'core')} · ${plainHtml(settingText(results))}`,
    document,
    looks: looksOf(results),
    weaknessLink: { section: 'Warnings', text: 'The warnings in full' },
    foot: 'Everything here is computed from the run’s <code>events.ndjson</code>; <code>authlab report</code> rebuilds it byte for byte.',
    authlabVersion: run.authlabVersion,
  });
}
