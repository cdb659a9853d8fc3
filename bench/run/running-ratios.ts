/** The ratios to the reference as they firm up, for the user who waits: medians of the rounds so far, and nothing that is reported. */

import type { PairMeasured, WindowSample } from '../record/run-events.ts';
import { referenceContestant } from '../record/run-events.ts';
import { isSoundPair } from '../statistics/load-findings.ts';
import { median } from '../statistics/quantiles.ts';

export class RunningRatios {
  readonly #ratios = new Map<string, number[]>();

  add(pair: Omit<PairMeasured, 'at'>): void {
    if (!isSoundPair(pair)) return;
    const ratio = rateOf(pair.contestantSample) / rateOf(pair.referenceSample);
    this.#ratios.set(pair.contestant, [...(this.#ratios.get(pair.contestant) ?? []), ratio]);
  }

  /** `jwt-hs256, so far 0.47`; the name alone before its first round. */
  of(contestant: string): string {
    const ratios = this.#ratios.get(contestant);
    return ratios === undefined ? contestant : `${contestant}, so far ${median(ratios).toFixed(2)}`;
  }

  /** `session 0.48, jwt-hs256 0.47`: all but the reference, in the order of their first round; empty before that. */
  text(): string {
    const found = [...this.#ratios].filter(([contestant]) => contestant !== referenceContestant);
    return found.map(([contestant, ratios]) => `${contestant} ${median(ratios).toFixed(2)}`).join(', ');
  }
}

function rateOf({ requests, durationMillis }: WindowSample): number {
  return requests / durationMillis;
}
