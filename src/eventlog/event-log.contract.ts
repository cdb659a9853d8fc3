/** What every event log must do. Run against Redis and against the in-memory twin, so that the twin cannot drift. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeAppending } from './event-log-appending.contract.ts';
import { describeEffects } from './event-log-effects.contract.ts';
import { describeFollowing } from './event-log-following.contract.ts';
import { appendRequest, type EventLogHarness, sessionRecord } from './event-log-harness.contract.ts';
import { describeMembers } from './event-log-members.contract.ts';

export function describeEventLog(name: string, createHarness: () => Promise<EventLogHarness>): void {
  describe(`${name} as an event log`, () => {
    let harness: EventLogHarness;

    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(() => harness.close());

    describeAppending(() => harness);
    describeEffects(() => harness);
    describeFollowing(() => harness);
    describeMembers(() => harness);

    test('a closed log refuses', async () => {
      const log = harness.open(1);
      await log.beat(0);
      await log.close();
      await expect(log.beat(0)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await expect(log.readRecord(0, sessionRecord)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    });
  });
}
