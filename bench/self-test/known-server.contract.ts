/** What a server is to do that the tests know beforehand, and how its program is told. For tests. */

import { compiledFile } from '../environment/programs.ts';

/** The strategy by whose name the reference, with something known added, goes on the stage. */
export const standIn = 'reference-token';

/** The strategy whose end is held up. */
export const lateStrategy = 'session';

export interface KnownTruth {
  /** CPU time spent on each request for the protected resource, beside what it costs anyway. */
  readonly extraCpuMicros?: number;
  /** Each answer is held back for so long. */
  readonly serviceMillis?: number;
  /** The answers to all that came in one turn of the event loop leave one right after the other, at its end. */
  readonly answersTogether?: boolean;
  /** So often everything stands still, for so long. */
  readonly stall?: { readonly everyMillis: number; readonly forMillis: number };
  /** So long after it has answered a logout a node goes on accepting the credential. */
  readonly acceptsForMillis?: number;
}

const variable = 'KNOWN_TRUTH';

/** The compiled program; it is told by the environment of whoever starts it. */
export function knownServer(truth: KnownTruth): { readonly serverPath: string; readonly env: Record<string, string> } {
  const serverPath = compiledFile('bench/self-test/known-server-program.contract.js');
  return { serverPath, env: { [variable]: JSON.stringify(truth) } };
}

/** Throws SyntaxError when nobody has told. */
export function knownTruthIn(environment: NodeJS.ProcessEnv): KnownTruth {
  return JSON.parse(environment[variable] ?? '') as KnownTruth;
}
