/** Mistakes and what came of them, in words: for the answer, the tables, and what makes a run invalid. */

import type { AttackOutcome, MistakeName } from '../record/attack-events.ts';
import { counted, duration, listed } from './format.ts';
import type { AttackResults, MistakeFault, MistakeResults } from './summarise/results.ts';

export const mistakeTitles: Readonly<Record<MistakeName, string>> = {
  'no-expiry': 'no expiry',
  'algorithm-confusion': 'algorithm confusion',
  'algorithm-list-too-wide': 'algorithm list too wide',
  'sensitive-payload': 'sensitive data in the payload',
  'no-revocation': 'no revocation on logout',
  'no-rotation': 'no rotation of refresh tokens',
};

/** `blocked`, `open for 3.1 ms`, `open by design for 2.4 s`: what came of one attack. */
export function outcomeText(outcome: AttackOutcome): string {
  switch (outcome.kind) {
    case 'blocked':
      return 'blocked';
    case 'unproven':
      return 'unproven';
    case 'open-by-design':
      return outcome.window === null ? 'open by design' : `open by design for ${windowText(outcome.window)}`;
    case 'open': {
      const { window, boundMillis } = outcome;
      if (window === null) return 'open';
      const bound = boundMillis === 0 ? '' : ` (bound ${duration(boundMillis)})`;
      return `open for ${windowText(window)}${bound}`;
    }
  }
}

/** The same of a strategy, which is not meant to let an attacker in; loud where it did. */
export function strategyText({ outcome, fault }: AttackResults): string {
  return fault === 'got-through' ? `GOT THROUGH, ${outcomeText(outcome)}` : outcomeText(outcome);
}

/** The same of a server that is meant to let the attacker in. */
export function brokenText(broken: AttackResults | null): string {
  if (broken === null) return 'not reached';
  const { outcome, fault } = broken;
  if (fault !== null) return outcomeText(outcome);
  const window = outcome.kind === 'open' ? outcome.window : null;
  return window === null ? 'got through' : `got through for ${windowText(window)}`;
}

function windowText({ millis, ended }: { readonly millis: number; readonly ended: boolean }): string {
  return ended ? duration(millis) : `at least ${duration(millis)}`;
}

/** What came of the attacks, for the answer; empty when none was made. */
export function mistakesParagraph(mistakes: readonly MistakeResults[]): string {
  const caught = caughtOf(mistakes);
  if (caught.length === 0) return '';
  const sentences = [...mistakesLead(mistakes), ...openSentences(caught), untriedSentence(caught)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function caughtOf(mistakes: readonly MistakeResults[]): MistakeResults[] {
  return mistakes.filter(({ broken }) => broken !== null && broken.fault === null);
}

/** The two sentences that matter most; empty ones where there is nothing to say. */
export function mistakesLead(mistakes: readonly MistakeResults[]): string[] {
  const caught = caughtOf(mistakes);
  if (caught.length === 0) return [];
  const safe = caught.filter(({ right }) => right.length > 0 && right.every(({ fault }) => fault === null));
  const several = caught.length > 1;
  return [
    `${several ? `Each of ${counted(caught.length, 'classic mistake')}` : 'The classic mistake'} let the attacker in where it was made: ${titled(caught)}.`,
    keptSentence(caught, safe),
  ];
}

function keptSentence(caught: readonly MistakeResults[], safe: readonly MistakeResults[]): string {
  const attacked = caught.filter(({ right }) => right.length > 0);
  if (safe.length === 0) return '';
  const attacks = attacked.length === 1 ? 'attack' : 'attacks';
  if (safe.length === attacked.length) return `Under the same ${attacks} every strategy kept what it promises.`;
  return `Under the same ${attacks} every strategy kept what it promises only against ${titled(safe)}.`;
}

/** Where an attack got through for a while, as the strategy publishes it will: the report hides none. */
function openSentences(mistakes: readonly MistakeResults[]): string[] {
  return mistakes.flatMap(({ mistake, right }) => {
    const open = right.filter(({ outcome, fault }) => fault === null && outcome.kind !== 'blocked');
    const told = open.map(({ contestant, outcome }) => `${contestant} was ${outcomeText(outcome)}`);
    return told.length === 0 ? [] : [`Not blocked at once (${mistakeTitles[mistake]}): ${listed(told)}.`];
  });
}

function untriedSentence(mistakes: readonly MistakeResults[]): string {
  const untried = mistakes.filter(({ right }) => right.length === 0);
  return untried.length === 0 ? '' : `No strategy of this run could be attacked by way of ${titled(untried)}.`;
}

function titled(mistakes: readonly Pick<MistakeResults, 'mistake'>[]): string {
  return listed(mistakes.map(({ mistake }) => mistakeTitles[mistake]));
}

/** One sentence a kind of fault, the run being invalid because of it. */
export function mistakeFaultSentences(faults: readonly MistakeFault[]): string[] {
  return (['got-through', 'not-caught', 'unproven'] as const).flatMap((kind) => {
    const own = faults.filter((fault) => fault.kind === kind);
    return own.length === 0 ? [] : [`This run is invalid: ${faultText[kind]} ${listed(own.map(placeOf))}.`];
  });
}

const faultText: Readonly<Record<MistakeFault['kind'], string>> = {
  'got-through': 'an attack got through where it must not:',
  'not-caught':
    'an attack did not get through where the mistake is made on purpose, so that elsewhere it proves nothing:',
  unproven: 'an attack proves nothing, because the server did not do its ordinary work:',
};

function placeOf({ mistake, contestant }: MistakeFault): string {
  return `${mistakeTitles[mistake]} at ${contestant}`;
}
