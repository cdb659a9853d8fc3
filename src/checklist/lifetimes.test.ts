/** Rows 52, 53 and 71: what ends by itself. Real servers on the in-memory log, whose clock a test moves by days. */

import { describe, expect, test, vi } from 'vitest';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { refreshCookieName } from '../strategies/cookie-names.ts';
import { expectAccepted, expectNoRefresh, expectRefused } from '../strategies/expectations.contract.ts';
import type { Answer, Client } from '../strategies/lab-client.contract.ts';
import { loggedIn, type OpenRealm, type StrategyLab, useLab } from '../strategies/strategy-lab.contract.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';

const openRealm: OpenRealm = (clock) => {
  const server = new MemoryServer(clock);
  return { connect: () => new MemoryEventLog({ partitions: 2, clock, server }) };
};

const second = 1_000;
const policy = { accessTokenMillis: 120 * second, inactivityMillis: 600 * second, absoluteMillis: 2_000 * second };

/** After a leap of the clock some nodes know nothing for certain until their next beat, which is a matter of milliseconds. */
async function profileOf(client: Client): Promise<Answer> {
  return vi.waitFor(async () => {
    const answer = await client.profile();
    expect(answer.status).not.toBe(503);
    return answer;
  });
}

async function expectAcceptedEverywhere(client: Client): Promise<void> {
  for (const holder of [client.copy(0), client.copy(1)]) expectAccepted(await profileOf(holder));
}

async function expectOver(lab: StrategyLab, client: Client): Promise<void> {
  for (const holder of [client.copy(0), client.copy(1)]) {
    expectRefused(lab, await profileOf(holder));
    await expectNoRefresh(lab, holder);
  }
}

/** What a client does that is in use: shows its cookie, or refreshes. */
async function use(lab: StrategyLab, client: Client): Promise<void> {
  if (lab.traits.refresh) expect((await client.refresh()).status).toBe(200);
  else expectAccepted(await profileOf(client));
}

/** When the browser is to forget the refresh token, on the lab's clock. */
function cookieEndOf({ setCookies }: Answer, lab: StrategyLab): number {
  const line = setCookies.find((cookie) => cookie.startsWith(`${refreshCookieName(lab.name)}=`)) ?? '';
  const expires = /; expires=([^;]+)/i.exec(line)?.[1] ?? '';
  return Date.parse(expires) - Date.now() + lab.clock.wallMillis();
}

describe.each(oneOfEachFamily())('%s', (name) => {
  const lab = useLab(openRealm, name, { policy });
  const { clock, traits } = lab;

  describeRow(52, () => {
    test('a second too late', async () => {
      const client = await loggedIn(lab);
      clock.advance(policy.inactivityMillis + second);
      await expectOver(lab, client);
    });

    test('a second in time, again and again', async () => {
      const client = await loggedIn(lab);
      for (let turn = 0; turn < 3; turn += 1) {
        clock.advance(policy.inactivityMillis - second);
        await use(lab, client);
        await expectAcceptedEverywhere(client);
      }
      clock.advance(policy.inactivityMillis + second);
      await expectOver(lab, client);
    });
  });

  describeRow(53, () => {
    test('used all the time', async () => {
      const client = await loggedIn(lab);
      const copies: Client[] = [];
      for (let passed = 0; passed < 1_960; passed += 280) {
        await use(lab, client);
        copies.push(client.copy());
        clock.advance(280 * second);
      }
      await use(lab, client);
      await expectAcceptedEverywhere(client);
      clock.advance(policy.absoluteMillis - 1_960 * second + lab.policy.leewayMillis + second);
      // What it was at any time as well: a cookie that was kept, a token from before.
      for (const holder of [client, ...copies.slice(-2)]) await expectOver(lab, holder);
    });
  });

  if (traits.refresh)
    describeRow(71, () => {
      test('rotation moves the end that inactivity brings', async () => {
        const client = await loggedIn(lab);
        clock.advance(policy.inactivityMillis - second);
        const left = client.copy(1);
        expect((await client.refresh()).status).toBe(200);
        clock.advance(policy.inactivityMillis - second);
        expect((await client.refresh()).status).toBe(200);
        const last = client.copy(1);
        clock.advance(policy.inactivityMillis + second);
        for (const dead of [last, left, client]) await expectNoRefresh(lab, dead);
      });

      test('rotation never moves the end of the session, nor what the browser is told of it', async () => {
        const begun = clock.wallMillis();
        const client = await loggedIn(lab);
        for (let passed = 0; passed < 1_990; passed += 199) {
          clock.advance(199 * second);
          const answer = await client.refresh();
          expect(answer.status).toBe(200);
          const end = cookieEndOf(answer, lab);
          const inactive = clock.wallMillis() + policy.inactivityMillis;
          expect(Math.abs(end - Math.min(inactive, begun + policy.absoluteMillis))).toBeLessThan(3 * second);
        }
        clock.advance(11 * second);
        for (const holder of [client.copy(1), client]) await expectNoRefresh(lab, holder);
      });
    });
});
