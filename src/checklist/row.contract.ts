/** The security checklist: what a row is, and the tests that are named by it. */

import { describe } from 'vitest';
import { rowsOfCreation } from './rows-creation.contract.ts';
import { rowsOfRevocation } from './rows-revocation.contract.ts';
import { rowsOfTokens } from './rows-tokens.contract.ts';

export interface Row {
  readonly row: number;
  /** What must hold, in one sentence. */
  readonly requirement: string;
  /** Where that stands: ASVS 5.0.0, RFCs, NIST SP 800-63B-4, OWASP cheat sheets, advisories. */
  readonly sources: string;
  /** True, or in one sentence why there is nothing in authlab that it could be asked of. */
  readonly applies: true | string;
}

/** All of them, by number. */
export const checklist: readonly Row[] = [...rowsOfCreation, ...rowsOfTokens, ...rowsOfRevocation];

/** A suite named by its row: `row 24: …`. */
export function describeRow(number: number, tests: () => void): void {
  const found = checklist.find(({ row }) => row === number);
  if (found === undefined) throw new Error(`the checklist has no row ${number}`);
  describe(`row ${number}: ${found.requirement}`, tests);
}
