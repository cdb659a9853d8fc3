/** What an answer must be, chosen by a strategy's traits and nothing else. */

import { expect, vi } from 'vitest';
import type { Answer, Client } from './lab-client.contract.ts';
import type { Traits } from './strategy.ts';
import { type StrategyLab, stalenessLimitMillis } from './strategy-lab.contract.ts';

/** What is expected follows from traits: a lab's, or those of a strategy that is mounted beside. */
interface Judged {
  readonly traits: Traits;
}

export function expectAccepted(answer: Answer): void {
  expect(answer).toMatchObject({ status: 200, body: { sub: expect.any(String), sid: expect.any(String) } });
}

/** 401 as RFC 6750 3 has it: an error code only when a credential was sent. Nothing is refused where nothing is checked. */
export function expectRefused(lab: Judged, answer: Answer, sent: 'sent' | 'nothing sent' = 'sent'): void {
  expect(answer.setCookies).toEqual([]);
  if (lab.traits.bound === 'unbounded') {
    expectAccepted(answer);
    return;
  }
  const challenge = answer.headers.get('www-authenticate') ?? '';
  expect(answer.status).toBe(401);
  expect(answer.body.error).toBe(sent === 'sent' ? 'invalid_token' : undefined);
  if (lab.traits.transport === 'bearer') expect(challenge.includes('error="invalid_token"')).toBe(sent === 'sent');
}

/**
 * After an acknowledged revocation, both nodes keep the published bound. A strategy that cannot revoke is asserted as
 * just that: its credential still opens the door, which is what the lab exists to show.
 */
export async function expectBoundKept(lab: Judged, client: Client): Promise<void> {
  const acknowledgedMillis = performance.now();
  for (const holder of [client.copy(0), client.copy(1)]) {
    switch (lab.traits.bound) {
      case 'zero':
        await expectRefusedAtOnce(lab, holder);
        break;
      case 'staleness-limit':
        await vi.waitFor(async () => expectRefused(lab, await holder.profile()), {
          timeout: Math.max(1, acknowledgedMillis + stalenessLimitMillis - performance.now()),
          interval: 5,
        });
        break;
      case 'remaining-lifetime':
      case 'unbounded':
        expectAccepted(await holder.profile());
        continue;
    }
    for (let again = 0; again < 5; again += 1) expectRefused(lab, await holder.profile());
  }
}

/** Where a node may be stale (a clock that a test has set forward makes it so), it may say so; it never accepts. */
async function expectRefusedAtOnce(lab: Judged, holder: Client): Promise<void> {
  let answer = await holder.profile();
  if (lab.traits.withoutRedis === 'refuses after the staleness limit') {
    while (answer.status === 503) answer = await holder.profile();
  }
  expectRefused(lab, answer);
}

/**
 * A session that lives while another of its user has ended: its credential is good, or good again after a refresh where
 * one counter guards all tokens of a user.
 */
export async function expectLivesOn({ traits }: Judged, client: Client): Promise<void> {
  if (traits.logoutRefuses === 'all-of-the-user') {
    for (const holder of [client.copy(0), client.copy(1)]) expectRefused({ traits }, await holder.profile());
    expect((await client.refresh()).status).toBe(200);
  }
  for (const holder of [client.copy(0), client.copy(1)]) expectAccepted(await holder.profile());
}

/** What the log holds of a user's sessions, oldest first. */
export async function eventsOf(lab: StrategyLab, sub: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { log } = lab.node(0);
  const entries = await log.readEntries(log.partitionOfUser(sub), '0-0', 100_000);
  return entries.filter((entry) => entry.stream === sub).map((entry) => ({ ...entry.event }));
}

/** Lives, whether or not something else of the user has ended in between. */
export async function expectLives({ traits }: Judged, client: Client): Promise<void> {
  if (traits.logoutRefuses === 'all-of-the-user') expect((await client.refresh()).status).toBe(200);
  for (const holder of [client.copy(0), client.copy(1)]) expectAccepted(await holder.profile());
}

export async function expectNoRefresh({ traits }: Judged, client: Client): Promise<void> {
  if (traits.refresh) expect(await client.refresh()).toMatchObject({ status: 401, body: { error: 'invalid_grant' } });
}

/** All that a client could tell two answers apart by. */
export function alike({ status, headers, body }: Answer): string {
  const told = [...headers].filter(([field]) => field !== 'date');
  return JSON.stringify([status, told, body]);
}
