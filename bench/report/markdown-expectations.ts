/** Thresholds in the report and on the terminal: each line with what was found. */

import { type Block, escaped, list, section, table } from './document.ts';
import type { ExpectationResult } from './summarise/expectations.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario expects nothing. */
export function expectationSection({ expectations }: Pick<Results, 'expectations'>): Block[] {
  if (expectations.length === 0) return [];
  return [
    section('Thresholds'),
    'Judged on the estimate; after `surely`, on the whole 95 % interval. A figure that was not measured, or is void, fails its line.',
    table(
      ['expected', 'outcome', 'found', 'against'],
      expectations.map((one) => [
        one.text,
        one.holds ? 'holds' : 'fails',
        numberText(one.left),
        one.missing ?? numberText(one.right),
      ]),
      'texts',
    ),
  ];
}

/** Empty where the scenario puts no claim to the test. */
export function hypothesisSection({ hypotheses }: Pick<Results, 'hypotheses'>): Block[] {
  if (hypotheses.length === 0) return [];
  const reasons = hypotheses.flatMap(({ claim, because }) =>
    because === null ? [] : [`*${escaped(claim)}*: ${escaped(because)}`],
  );
  return [
    section('What people say'),
    'A claim *holds* when its test does at every point of the 95 % intervals of its figures, *does not hold* when the opposite does, and else this run *cannot tell*. Figures without an interval are taken as they are.',
    table(
      ['claim', 'about', 'verdict', 'test', 'found', 'against'],
      hypotheses.map(({ claim, row, verdict, test }) => [
        claim,
        row ?? '',
        verdict,
        test.text,
        numberText(test.left),
        test.missing ?? numberText(test.right),
      ]),
      'texts',
    ),
    ...(reasons.length === 0 ? [] : [list(reasons)]),
  ];
}

/** `does not hold: sessions do not scale`: for the terminal. */
export function hypothesisLines(hypotheses: Results['hypotheses']): string[] {
  return hypotheses.map(({ claim, verdict }) => `${verdict}: ${claim}`);
}

/** `fails: session.nodeCpuMicros <= 1 (found 62.1)`. */
export function failingLines(expectations: readonly ExpectationResult[]): string[] {
  return expectations
    .filter(({ holds }) => !holds)
    .map(({ text, left, missing }) => `fails: ${text} (${missing ?? `found ${numberText(left)}`})`);
}

function numberText(value: number | null): string {
  return value === null ? 'none' : String(Number(value.toPrecision(5)));
}
