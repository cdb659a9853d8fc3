/** What becomes of a credential whose session was ended: judged by the bound, or by the failure that the strategy owns up to. */

import { expect, vi } from 'vitest';
import { failsByDesign } from '../strategies/by-design.ts';
import { expectAccepted, expectRefused } from '../strategies/expectations.contract.ts';
import type { Answer, Client, NodeIndex } from '../strategies/lab-client.contract.ts';
import { traitsOf } from '../strategies/registry.ts';
import type { Traits } from '../strategies/strategy.ts';

/** Of every server of these tests: S, as setting and as number. */
export const stalenessLimitMillis = 1_000;
export const shortStaleness = { STALENESS_LIMIT_MILLIS: String(stalenessLimitMillis) } as const;

/**
 * The end was acknowledged just now. No node lets the credential in that is sent later than the bound, and then none
 * ever again; a strategy that fails the row lets it in at once and on.
 */
export async function expectEnded(
  name: string,
  row: number,
  client: Client,
  nodes: readonly NodeIndex[] = [0],
): Promise<void> {
  const traits = traitsOf(name);
  const dueMillis = performance.now() + boundMillisOf(traits, row);
  for (const node of nodes) {
    const holder = client.copy(node);
    if (failsByDesign(traits, row)) {
      expectAccepted(await holder.profile());
      continue;
    }
    await expectRefusedFrom(dueMillis, traits, () => holder.profile());
    // A node that has just come back may still have to say that it does not know, but never yes.
    for (let again = 0; again < 3; again += 1) expect([401, 503]).toContain((await holder.profile()).status);
  }
}

async function expectRefusedFrom(dueMillis: number, traits: Traits, ask: () => Promise<Answer>): Promise<void> {
  const late: number[] = [];
  await vi.waitFor(
    async () => {
      const sentMillis = performance.now();
      const answer = await ask();
      if (answer.status === 200 && sentMillis >= dueMillis) late.push(sentMillis - dueMillis);
      expectRefused({ traits }, answer);
    },
    { timeout: stalenessLimitMillis + 2_000, interval: 5 },
  );
  expect(late, 'milliseconds after the bound at which the credential was accepted').toEqual([]);
}

/** A strategy that cannot keep a bound has to name the row that it fails. */
function boundMillisOf({ bound, family, ...traits }: Traits, row: number): number {
  if (bound === 'zero') return 0;
  if (bound === 'staleness-limit') return stalenessLimitMillis;
  expect(failsByDesign(traits, row), `${family} keeps no bound, and names row ${row}`).toBe(true);
  return Number.POSITIVE_INFINITY;
}

/** The id of the session that the client's credential opens. */
export async function sidOf(client: Client): Promise<string> {
  const answer = await client.profile();
  expectAccepted(answer);
  return String(answer.body.sid);
}
