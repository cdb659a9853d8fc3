/** Thresholds and hypotheses of a scenario: from the lines of its file to what is judged after the run. */

import { type Expectation, type ExpectationScope, parseExpectation } from './expectation.ts';
import { reference } from './plan.ts';
import type { Scenario, ScenarioFile } from './schema.ts';

/** Contestants and levels that a line may name. */
export type Named = Pick<ScenarioFile, 'strategies' | 'sweep'>;

/** Index of each line that cannot be judged, and why. */
export function expectationFaults(lines: readonly string[], named: Named): readonly (readonly [number, string])[] {
  const scope = scopeOf(named);
  return lines.flatMap((line, index) => {
    const parsed = parseExpectation(line, scope);
    return parsed.ok ? [] : [[index, parsed.message] as const];
  });
}

/** Of a file in which `expectationFaults` finds nothing. */
export function withThresholds({ expect, hypotheses, ...scenario }: ScenarioFile): Scenario {
  const scope = scopeOf(scenario);
  const tested = (hypotheses ?? []).flatMap((hypothesis) =>
    parsed(hypothesis.test, scope).map((test) => ({ ...hypothesis, test })),
  );
  return expecting({ ...scenario, ...(tested.length === 0 ? {} : { hypotheses: tested }) }, expect ?? []);
}

/** The scenario with further lines, in which `expectationFaults` finds nothing. */
export function expecting(scenario: Scenario, lines: readonly string[]): Scenario {
  const scope = scopeOf(scenario);
  const expect = [...(scenario.expect ?? []), ...lines.flatMap((line) => parsed(line, scope))];
  return expect.length === 0 ? scenario : { ...scenario, expect };
}

function parsed(line: string, scope: ExpectationScope): Expectation[] {
  const found = parseExpectation(line, scope);
  return found.ok ? [found.value] : [];
}

function scopeOf({ strategies, sweep }: Named): ExpectationScope {
  return { contestants: [reference, ...strategies], levels: sweep?.levels ?? [] };
}
