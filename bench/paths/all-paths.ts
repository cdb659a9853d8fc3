/** Every path that is measured, in the order of the table. */

import type { EventLog } from '../../src/eventlog/port.ts';
import { type AlgorithmName, algorithmNames } from '../../src/keys/algorithms.ts';
import { cachePaths } from './cache-paths.ts';
import { checkPaths, type OpenPaths } from './check-paths.ts';
import { logPaths } from './log-paths.ts';
import { makeTokens } from './made-tokens.ts';
import type { Path } from './measure.ts';
import { foldPaths, revocationPaths } from './revocation-paths.ts';
import { verifyPaths } from './verify-paths.ts';

export interface PathSizes {
  /** Distinct tokens; RSA signs so slowly that its are fewer, as are those that come by a login. */
  readonly tokens: number;
  readonly revocations: number;
}

const rsaShare = 1 / 25;
/** Each by a login of its own, in a log in memory. */
const checkShare = 1 / 10;

export async function allPaths({ tokens, revocations }: PathSizes, log: EventLog | null): Promise<OpenPaths> {
  const paths: Path[] = [];
  for (const algorithm of algorithmNames) {
    const made = await makeTokens(algorithm, Math.ceil(tokens * (isRsa(algorithm) ? rsaShare : 1)));
    paths.push(...verifyPaths(made));
    if (algorithm === 'hs256' || algorithm === 'es256') paths.push(...cachePaths(made));
  }
  const checks = await checkPaths(Math.ceil(tokens * checkShare));
  paths.push(...checks.paths, ...revocationPaths(revocations), ...foldPaths());
  if (log !== null) paths.push(...logPaths(log));
  return { paths, close: checks.close };
}

function isRsa(algorithm: AlgorithmName): boolean {
  return algorithm === 'rs256' || algorithm === 'ps256';
}
