/** Attacks of the catalogue and what came of them: one entry an attack, with the proof that it can get through. */

import type { AttackGroup, AttackOutcome, AttackTried, NotApplicable } from '../../record/attack-events.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { isBeyondBound } from './mistakes.ts';

export interface CataloguedResults {
  readonly attack: string;
  readonly group: AttackGroup;
  readonly title: string;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  readonly source: string;
  /** The server that is broken on purpose for it; null when the run ended before it was attacked. */
  readonly broken: AttackCell | null;
  /** A strategy that is missing was not reached. */
  readonly strategies: readonly AttackCell[];
}

export interface AttackCell {
  readonly contestant: string;
  readonly outcome: AttackOutcome | NotApplicable;
  /** What was sent and what was answered; empty where nothing was sent. */
  readonly evidence: string;
  /**
   * Null: it came out as it must. `not-caught`: it did not get through where it must. `got-through`: it did where it must
   * not. `unproven`: the server did not do its ordinary work.
   */
  readonly fault: 'not-caught' | 'got-through' | 'unproven' | null;
}

/** In the order in which they were first tried. */
export function summariseAttacks(events: readonly RunEvent[]): CataloguedResults[] {
  const tried = events.filter((event) => event.type === 'AttackTried');
  return [...new Set(tried.map(({ attack }) => attack))].flatMap((attack) => {
    const own = tried.filter((event) => event.attack === attack);
    const [first] = own;
    if (first === undefined) return [];
    const { group, title, deed, question, source } = first;
    const [broken = null] = own.filter(({ variant }) => variant === 'broken').map(cellOf);
    const strategies = own.filter(({ variant }) => variant === 'right').map(cellOf);
    return [{ attack, group, title, deed, question, source, broken, strategies }];
  });
}

function cellOf({ contestant, variant, outcome, evidence }: AttackTried): AttackCell {
  return { contestant, outcome, evidence, fault: faultOf(variant, outcome) };
}

function faultOf(variant: AttackTried['variant'], outcome: AttackCell['outcome']): AttackCell['fault'] {
  if (outcome.kind === 'not-applicable') return null;
  if (outcome.kind === 'unproven') return 'unproven';
  if (variant === 'broken') return isBeyondBound(outcome) ? null : 'not-caught';
  return isBeyondBound(outcome) ? 'got-through' : null;
}
