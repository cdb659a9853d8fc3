/** The contract of the event log, fourth part: which log it is, and which nodes follow it. */

import { describe, expect, test } from 'vitest';
import { birthOf } from './epoch.ts';
import { appendRequest, type EventLogHarness, sessionRecord, soon } from './event-log-harness.contract.ts';
import type { EventLog, Membership } from './port.ts';

export function describeMembers(harness: () => EventLogHarness): void {
  describe('the birth of a partition', () => {
    test('is what every epoch begins with, and stands beside records and users', async () => {
      const log = harness().open(2);
      expect(await log.readPlacedRecord(0, sessionRecord)).toEqual({ value: null, birth: null });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 0, state: null, birth: null });
      const expiresAtMillis = await soon(harness());
      const put = { type: 'put', record: sessionRecord, value: 'v', expiresAtMillis } as const;
      const result = await log.append(appendRequest({ effects: [put] }));
      const birth = result.ok ? birthOf(result.position.epoch) : null;
      expect(birth).toBeGreaterThan(0);
      expect(await log.readPlacedRecord(0, sessionRecord)).toEqual({ value: 'v', birth });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 1, birth });
      expect(birthOf((await log.beat(0)).epoch)).toBe(birth);
    });

    test('comes with the first beat, too, and is another in another partition', async () => {
      const log = harness().open(2);
      const births = [birthOf((await log.beat(0)).epoch), birthOf((await log.beat(1)).epoch)];
      expect(await log.readPlacedRecord(0, sessionRecord)).toEqual({ value: null, birth: births[0] });
      expect(await log.readPlacedRecord(1, sessionRecord)).toEqual({ value: null, birth: births[1] });
      expect(births[0]).not.toBe(births[1]);
    });
  });

  describe('the members of a partition', () => {
    const applied = (epoch: string, number: number): Membership => {
      return { nodeId: 'node-a', applied: { epoch, number, id: '1-0' } };
    };
    async function only(log: EventLog) {
      const members = await log.readMembers(0);
      expect(members).toHaveLength(1);
      const [member] = members;
      if (member === undefined) throw new Error('there is a member');
      return member;
    }

    test('are those whose beats said so, each with what it has applied', async () => {
      const log = harness().open(2);
      const { epoch } = await log.beat(0);
      expect(await log.readMembers(0)).toEqual([]);
      await log.beat(0, { nodeId: 'node-a', applied: null });
      await log.beat(0, { nodeId: 'node-b', applied: { epoch, number: 7, id: '7-0' } });
      const members = [...(await log.readMembers(0))].sort((left, right) => (left.nodeId < right.nodeId ? -1 : 1));
      expect(members.map(({ nodeId, applied: at }) => [nodeId, at])).toEqual([
        ['node-a', null],
        ['node-b', { epoch, number: 7 }],
      ]);
      expect(await log.readMembers(1)).toEqual([]);
    });

    test('say how far they are between two beats as well', async () => {
      const log = harness().open(1);
      const { epoch } = await log.beat(0);
      await log.report(0, applied(epoch, 1));
      await log.report(0, applied(epoch, 2));
      expect(await only(log)).toMatchObject({ nodeId: 'node-a', applied: { epoch, number: 2 } });
    });

    test('are forgotten only when they have been silent since they were read', async () => {
      const log = harness().open(1);
      const { epoch } = await log.beat(0);
      await log.report(0, applied(epoch, 1));
      const read = await only(log);
      await log.report(0, applied(epoch, 1));
      await log.removeMember(0, read);
      const again = await only(log);
      expect(again.sign).not.toBe(read.sign);
      await log.removeMember(0, again);
      expect(await log.readMembers(0)).toEqual([]);
      await log.removeMember(0, again);
    });
  });
}
