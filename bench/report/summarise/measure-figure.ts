/** The state of a figure of a measure that has a fold of its own: measured, voided, or why there is none. */

import type { RunEvent } from '../../record/run-events.ts';
import { type Finding, type Measure, type Warning, warningOf } from '../../statistics/warnings.ts';
import { type Figure, figureOf } from './figure.ts';

/** One contestant of a scenario that asks for the measure. */
export interface Subject {
  readonly contestant: string;
  /** All of the contestant. */
  readonly events: readonly RunEvent[];
  /** Of the whole run. */
  readonly runWarnings: readonly Warning[];
}

/** `applicable`: whether the contestant has what is measured. `findings`: of the measure, in what the contestant did. */
export function figureFor<Value>(
  observed: Value | null,
  measure: Measure,
  { contestant, events, runWarnings }: Subject,
  applicable: boolean,
  findings: readonly Finding[] = [],
): Figure<Value> {
  const voided = events.filter((event) => event.type === 'TrialVoided');
  const own = voided
    .filter((event) => event.measure === measure)
    .map((event) =>
      warningOf(contestant, { kind: 'trial-voided', measure: event.measure, reason: event.reason, times: 1 }),
    );
  const found = findings.map((finding) => warningOf(contestant, finding));
  const figure = figureOf(observed, measure, [...runWarnings, ...own, ...found], { inScenario: true, applicable });
  // One that failed its check is left out of all measures, whichever of them the record names.
  const isLeftOut = figure.state === 'not-measured' && applicable && voided.length > 0;
  return isLeftOut ? { state: 'voided', reasons: ['trial-voided'], observed: null } : figure;
}
