/** Reads how often a contestant had the token that it was asked about: part of its parity proof. */

import { traitsOf } from '../../src/strategies/registry.ts';
import { readUsage } from '../environment/node.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** Records nothing of contestants that look no token up. */
export async function countTokenCache(lab: Lab, stage: Stage, name: string, round: number): Promise<void> {
  // Who uses its library as it is best used has no cache: it is not disturbed by the question.
  if (traitsOf(name).signature?.usage === undefined) return;
  const { node } = await stage.pair(name);
  const { tokenLookups: lookups, tokenHits: hits = 0 } = await readUsage(node);
  if (lookups !== undefined) lab.record({ type: 'TokenCacheCounted', contestant: name, round, lookups, hits });
}
