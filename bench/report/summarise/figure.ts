/** A reported figure: a union of named states, so that nobody prints a number that was voided or never measured. */

import type { Measure, Warning, WarningKind } from '../../statistics/warnings.ts';

export type Figure<Value> =
  | {
      readonly state: 'measured';
      readonly value: Value;
      /** Warnings that leave less behind the figure; empty when nothing does. */
      readonly weakenedBy: readonly WarningKind[];
    }
  | {
      readonly state: 'voided';
      readonly reasons: readonly WarningKind[];
      /** What was seen all the same; not an answer to the question. Null when nothing sound was seen. */
      readonly observed: Value | null;
    }
  | {
      readonly state: 'not-measured';
      /** `not-reached`: the scenario asks for it, but the run ended before. */
      readonly reason: 'not-in-scenario' | 'not-applicable' | 'not-reached';
    };

/** Why there may be nothing: asked in this order. */
export interface Asked {
  readonly inScenario: boolean;
  readonly applicable: boolean;
}

/** Judges what was seen by the warnings that bear on `measure`: those of this contestant and those of the whole run. */
export function figureOf<Value>(
  observed: Value | null,
  measure: Measure,
  warnings: readonly Warning[],
  asked: Asked,
): Figure<Value> {
  const reasons = kindsOf(warnings.filter((warning) => warning.voids.includes(measure)));
  if (reasons.length > 0) return { state: 'voided', reasons, observed };
  if (observed !== null) {
    return {
      state: 'measured',
      value: observed,
      weakenedBy: kindsOf(warnings.filter((warning) => warning.weakens.includes(measure))),
    };
  }
  if (!asked.inScenario) return { state: 'not-measured', reason: 'not-in-scenario' };
  if (!asked.applicable) return { state: 'not-measured', reason: 'not-applicable' };
  const gaveUp = warnings.some((warning) => warning.kind === 'trial-voided' && warning.weakens.includes(measure));
  if (gaveUp) return { state: 'voided', reasons: ['trial-voided'], observed: null };
  return { state: 'not-measured', reason: 'not-reached' };
}

/** The value when it was measured, else null: for everything that computes or claims something from it. */
export function measuredValue<Value>(figure: Figure<Value>): Value | null {
  return figure.state === 'measured' ? figure.value : null;
}

function kindsOf(warnings: readonly Warning[]): WarningKind[] {
  return [...new Set(warnings.map((warning) => warning.kind))];
}
