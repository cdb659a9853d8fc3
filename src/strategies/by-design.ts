/** What a strategy cannot do by its very nature, by the rows of the security checklist: data that families name in their traits. */

import type { Traits } from './strategy.ts';

export interface DesignedFailure {
  /** Of the checklist in `src/checklist`. */
  readonly row: number;
  /** For people who choose: what does not happen. */
  readonly words: string;
}

/** Whether the strategy fails this row of the checklist, and says so. */
export function failsByDesign(traits: Pick<Traits, 'failsByDesign'>, row: number): boolean {
  return traits.failsByDesign.some((failure) => failure.row === row);
}
