/** Every path that is measured, in the order of the table. */

import type { EventLog } from '../../src/eventlog/port.ts';
import { type AlgorithmName, algorithmNames } from '../../src/keys/algorithms.ts';
import { cachePaths } from './cache-paths.ts';
import { logPaths } from './log-paths.ts';
import { makeTokens } from './made-tokens.ts';
import type { Path } from './measure.ts';
import { foldPaths, revocationPaths } from './revocation-paths.ts';
import { verifyPaths } from './verify-paths.ts';

export interface PathSizes {
  /** Distinct tokens; RSA signs so slowly that its are fewer. */
  readonly tokens: number;
  readonly revocations: number;
}

const rsaShare = 1 / 25;

export async function allPaths({ tokens, revocations }: PathSizes, log: EventLog | null): Promise<Path[]> {
  const paths: Path[] = [];
  for (const algorithm of algorithmNames) {
    const made = await makeTokens(algorithm, Math.ceil(tokens * (isRsa(algorithm) ? rsaShare : 1)));
    paths.push(...verifyPaths(made));
    if (algorithm === 'hs256' || algorithm === 'es256') paths.push(...cachePaths(made));
  }
  paths.push(...revocationPaths(revocations), ...foldPaths());
  if (log !== null) paths.push(...logPaths(log));
  return paths;
}

function isRsa(algorithm: AlgorithmName): boolean {
  return algorithm === 'rs256' || algorithm === 'ps256';
}
