/** A promise that was broken in a random history, and which one it was. */

import type { ChaosExchange, Invariant } from '../../record/chaos-events.ts';
import type { ChaosEnding, ChaosSession, Timeline } from './chaos-timeline.ts';

export interface ChaosViolation {
  readonly invariant: Invariant;
  readonly contestant: string;
  /** Null where it is of no session. */
  readonly session: number | null;
  readonly words: string;
  /** What broke it, and where there is one, what it must be held against. */
  readonly exchange: ChaosExchange;
  readonly because: ChaosExchange | null;
}

export type Complain = (
  invariant: Invariant,
  exchange: ChaosExchange,
  words: string,
  because?: ChaosExchange | null,
) => void;

export interface Token {
  readonly session: ChaosSession;
  /** The login or refresh that brought it. */
  readonly issue: ChaosExchange;
}

/** By what the ending was, and whether what was acknowledged can have been lost meanwhile, or was never done. */
export function invariantOf({ history }: Timeline, ending: ChaosEnding, exchange: ChaosExchange): Invariant {
  if (ending.exchange.kind === 'replay') return 'I7';
  if (exchange.kind !== 'last-word') return 'I1';
  const wasHit = history.faults.some(
    ({ node, fromMillis, toMillis }) =>
      node === null && toMillis >= ending.exchange.sentMillis && fromMillis <= exchange.answeredMillis,
  );
  return wasHit ? 'I2' : 'I3';
}
