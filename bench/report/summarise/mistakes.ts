/** Attacks on servers that make a classic mistake and on those that do not, and whether each came out as it must. */

import type { AttackOutcome, MistakeTried } from '../../record/attack-events.ts';
import type { AttackResults, MistakeFault, MistakeResults } from './results.ts';

/** One entry a mistake, in the order in which they were first tried. */
export function summariseMistakes(tried: readonly MistakeTried[]): MistakeResults[] {
  const mistakes = [...new Set(tried.map(({ mistake }) => mistake))];
  return mistakes.flatMap((mistake) => {
    const own = tried.filter((event) => event.mistake === mistake);
    const [first] = own;
    if (first === undefined) return [];
    const { deed, question, source } = first;
    const [broken = null] = own.filter(({ variant }) => variant === 'broken').map(attackResults);
    const right = own.filter(({ variant }) => variant === 'right').map(attackResults);
    return [{ mistake, deed, question, source, broken, right }];
  });
}

export function mistakeFaultsOf(mistakes: readonly MistakeResults[]): MistakeFault[] {
  return mistakes.flatMap(({ mistake, broken, right }) =>
    [...(broken === null ? [] : [broken]), ...right].flatMap(({ contestant, fault }) =>
      fault === null ? [] : [{ mistake, contestant, kind: fault }],
    ),
  );
}

function attackResults({ variant, contestant, outcome, evidence }: MistakeTried): AttackResults {
  return { contestant, outcome, evidence, fault: faultOf(variant, outcome) };
}

function faultOf(variant: MistakeTried['variant'], outcome: AttackOutcome): MistakeFault['kind'] | null {
  if (outcome.kind === 'unproven') return 'unproven';
  const gotThrough = isBeyondBound(outcome);
  if (variant === 'broken') return gotThrough ? null : 'not-caught';
  return gotThrough ? 'got-through' : null;
}

/** A window that nobody saw the end of is beyond every bound: the watch goes on for longer than that. */
export function isBeyondBound(outcome: AttackOutcome): boolean {
  if (outcome.kind !== 'open') return false;
  const { window, boundMillis } = outcome;
  return window === null || !window.ended || window.millis > boundMillis;
}
