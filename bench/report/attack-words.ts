/** Attacks and what came of them, in words: for the cells, the answer, and what must be read before anything else. */

import type { AttackGroup } from '../record/attack-events.ts';
import type { MatrixCell } from './document.ts';
import { counted, fewListed, listed } from './format.ts';
import { outcomeText } from './mistake-words.ts';
import type { AttackCell, CataloguedResults } from './summarise/attacks.ts';

export const groupTitles: Readonly<Record<AttackGroup, string>> = {
  tokens: 'Tokens',
  cookies: 'Cookies',
  keys: 'Keys',
  refresh: 'Refresh and logout',
  login: 'Login',
  browser: 'In the browser',
};

/** `blocked`, `open for 3.1 ms`, `open by design`, `not applicable: no cookie`; loud where it got through. */
export function strategyCell(cell: AttackCell | undefined): MatrixCell {
  if (cell === undefined) return { state: 'unknown', text: 'not reached' };
  const { outcome, fault } = cell;
  if (outcome.kind === 'not-applicable') return { state: 'none', text: `not applicable: ${outcome.reason}` };
  const text = outcomeText(outcome);
  if (fault === 'got-through') return { state: 'failed', text: `GOT THROUGH, ${text}` };
  const states = { blocked: 'held', open: 'open', 'open-by-design': 'open-by-design', unproven: 'unknown' } as const;
  return { state: states[outcome.kind], text };
}

/** The same of the server that is meant to let the attacker in. */
export function brokenCell(cell: AttackCell | null): MatrixCell {
  if (cell === null) return { state: 'unknown', text: 'not reached' };
  if (cell.fault === null) return { state: 'proven', text: 'got through' };
  const text = cell.outcome.kind === 'not-applicable' ? cell.outcome.reason : outcomeText(cell.outcome);
  return { state: cell.fault === 'unproven' ? 'unknown' : 'failed', text: `${text}: proves nothing` };
}

/** What came of all of them; empty where none was tried. */
export function attacksParagraph(attacks: readonly CataloguedResults[] | null): string {
  return [...attacksLead(attacks), ...designSentences(attacks ?? []), ...windowSentences(attacks ?? [])].join(' ');
}

/** The two sentences that matter most. */
export function attacksLead(attacks: readonly CataloguedResults[] | null): string[] {
  if (attacks === null || attacks.length === 0) return [];
  const proven = attacks.filter(({ broken }) => broken?.fault === null);
  const cells = attacks.flatMap(({ strategies }) => strategies);
  const tried = cells.filter(({ outcome }) => outcome.kind !== 'not-applicable');
  const blocked = tried.filter(({ outcome }) => outcome.kind === 'blocked');
  const through = tried.filter(({ fault }) => fault === 'got-through');
  const caught =
    proven.length === attacks.length
      ? `Each of ${counted(attacks.length, 'attack')} got through the server that is broken for it`
      : `${counted(proven.length, 'attack')} of ${attacks.length} got through the server that is broken for it`;
  const outcome =
    through.length === 0
      ? 'none got through a strategy where it must not'
      : `${counted(through.length, 'attempt')} got through`;
  return [
    `${caught}; of ${counted(tried.length, 'attempt')} on strategies ${blocked.length} were blocked, and ${outcome}.`,
  ];
}

/** Who is open by design, and in what words; the same words once. */
function designSentences(attacks: readonly CataloguedResults[]): string[] {
  return designsOf(attacks).map(
    ({ reason, contestants, titles }) =>
      `Open by design are ${listed(contestants)} to ${fewListed(titles, 'other attack')}: ${reason}.`,
  );
}

export interface Design {
  readonly reason: string;
  readonly contestants: readonly string[];
  readonly titles: readonly string[];
}

export function designsOf(attacks: readonly CataloguedResults[]): Design[] {
  const designs = new Map<string, { readonly contestants: Set<string>; readonly titles: Set<string> }>();
  for (const { title, strategies } of attacks) {
    for (const { contestant, outcome } of strategies) {
      if (outcome.kind !== 'open-by-design') continue;
      const reason = outcome.reason ?? 'for as long as it publishes';
      const design = designs.get(reason) ?? { contestants: new Set(), titles: new Set() };
      design.contestants.add(contestant);
      design.titles.add(title);
      designs.set(reason, design);
    }
  }
  return [...designs].map(([reason, { contestants, titles }]) => ({
    reason,
    contestants: [...contestants],
    titles: [...titles],
  }));
}

/** Where it was open for a while, within the published bound. */
function windowSentences(attacks: readonly CataloguedResults[]): string[] {
  return attacks.flatMap(({ title, strategies }) => {
    const open = strategies.filter(({ outcome, fault }) => fault === null && outcome.kind === 'open');
    const told = open.map(
      ({ contestant, outcome }) => `${contestant} was ${outcome.kind === 'open' ? outcomeText(outcome) : ''}`,
    );
    return told.length === 0 ? [] : [`Not blocked at once (${title}): ${listed(told)}.`];
  });
}

/** One sentence a kind of fault; empty when everything came out as it must. */
export function attackFaultSentences(attacks: readonly CataloguedResults[] | null): string[] {
  return (['got-through', 'not-caught', 'unproven'] as const).flatMap((kind) => {
    const places = (attacks ?? []).flatMap(({ title, broken, strategies }) => {
      const cells = [...(broken === null ? [] : [broken]), ...strategies].filter(({ fault }) => fault === kind);
      const contestants = cells.map(({ contestant }) => contestant);
      return cells.length === 0 ? [] : [`${title} at ${fewListed(contestants, 'server')}`];
    });
    return places.length === 0 ? [] : [`${faultTexts[kind]} ${places.join('; ')}.`];
  });
}

const faultTexts = {
  'got-through': 'An attack got through where it must not:',
  'not-caught': 'An attack did not get through where the server is broken for it, so that elsewhere it proves nothing:',
  unproven: 'An attack proves nothing, because the server did not do its ordinary work:',
} as const;
