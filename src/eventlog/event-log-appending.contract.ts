/** The contract of the event log, first part: what is written, all or nothing, once. */

import { describe, expect, test } from 'vitest';
import {
  appendRequest,
  type EventLogHarness,
  operationId,
  revocations,
  sessionRecord,
  soon,
  terminated,
} from './event-log-harness.contract.ts';
import type { Effect } from './port.ts';

export function describeAppending(harness: () => EventLogHarness): void {
  describe('appending', () => {
    test('an empty log knows nobody and stands before the first event', async () => {
      const log = harness().open(2);
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 0, state: null });
      expect(await log.readEntries(0, '0-0', 10)).toEqual([]);
      expect(await log.beat(0)).toMatchObject({ number: 0, id: '0-0' });
    });

    test('what was appended is read back, with the state that follows from it', async () => {
      const log = harness().open(2);
      const events = [terminated('0.a'), terminated('0.b', 2)];
      const result = await log.append(appendRequest({ events, state: '{"sessions":2}' }));
      expect(result).toMatchObject({ ok: true, version: 2, position: { number: 2 }, repeated: false });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 2, state: '{"sessions":2}' });
      const entries = await log.readEntries(0, '0-0', 10);
      expect(entries.map((entry) => entry.event)).toEqual(events);
      expect(entries.map((entry) => [entry.stream, entry.version])).toEqual([
        ['ada', 1],
        ['ada', 2],
      ]);
    });

    test('events of a partition are numbered without a gap and name their predecessor, whoever they belong to', async () => {
      const log = harness().open(2);
      await log.append(appendRequest({ stream: 'ada' }));
      await log.append(appendRequest({ stream: 'bob', events: [terminated('0.b'), terminated('0.c')] }));
      await log.append(appendRequest({ stream: 'ada', expectedVersion: 1 }));
      const entries = await log.readEntries(0, '0-0', 10);
      expect(entries.map((entry) => entry.position.number)).toEqual([1, 2, 3, 4]);
      expect(entries.map((entry) => entry.version)).toEqual([1, 1, 2, 2]);
      expect(entries.map((entry) => entry.predecessor)).toEqual([
        '0-0',
        ...entries.slice(0, 3).map((e) => e.position.id),
      ]);
      expect(new Set(entries.map((entry) => entry.position.epoch))).toHaveLength(1);
    });

    test('entries are read after an id and up to a limit', async () => {
      const log = harness().open(1);
      await log.append(appendRequest({ events: ['0.a', '0.b', '0.c'].map((sid) => terminated(sid)) }));
      const [first] = await log.readEntries(0, '0-0', 1);
      expect(first?.position.number).toBe(1);
      const rest = await log.readEntries(0, first?.position.id ?? '', 10);
      expect(rest.map((entry) => entry.position.number)).toEqual([2, 3]);
    });

    test('an append decided on an old version writes nothing at all', async () => {
      const log = harness().open(1);
      await log.append(appendRequest({ state: 'first' }));
      const expiresAtMillis = await soon(harness());
      const late = appendRequest({
        state: 'second',
        effects: [
          { type: 'put', record: sessionRecord, value: 'x', expiresAtMillis },
          { type: 'revoke', id: '0.a', expiresAtMillis },
        ],
      });
      expect(await log.append(late)).toEqual({ ok: false, reason: 'version-conflict', actualVersion: 1 });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 1, state: 'first' });
      expect(await log.readEntries(0, '0-0', 10)).toHaveLength(1);
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
      expect(await revocations(log, 0)).toEqual([]);
    });

    test('an effect that makes no sense is refused, and with it the whole append', async () => {
      const log = harness().open(1);
      const effects: Effect[] = [
        { type: 'put', record: sessionRecord, value: 'x', expiresAtMillis: await soon(harness()) },
        { type: 'revoke', id: '0.a', expiresAtMillis: Number.NaN },
      ];
      await expect(log.append(appendRequest({ effects }))).rejects.toMatchObject({ code: 'ERR_LOG_REFUSED' });
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 0, state: null });
      expect(await log.readEntries(0, '0-0', 10)).toEqual([]);
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
    });

    test('of many writers who decided on the same version exactly one wins, version after version', async () => {
      const log = harness().open(1);
      for (let version = 0; version < 5; version += 1) {
        const attempts = Array.from({ length: 8 }, () => log.append(appendRequest({ expectedVersion: version })));
        const results = await Promise.all(attempts);
        expect(results.filter((result) => result.ok)).toHaveLength(1);
      }
      expect(await log.beat(0)).toMatchObject({ number: 5 });
    });

    test('the same version of another history is another state: who wrote it is compared, too', async () => {
      const log = harness().open(1);
      const [mine, theirs] = [operationId(), operationId()];
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 0, operationId: null });
      await log.append(appendRequest({ operationId: theirs, state: 'theirs', expectedOperationId: null }));
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 1, operationId: theirs });
      for (const expectedOperationId of [mine, null]) {
        const decided = appendRequest({ expectedVersion: 1, expectedOperationId, state: 'mine' });
        expect(await log.append(decided)).toEqual({ ok: false, reason: 'version-conflict', actualVersion: 1 });
      }
      expect(await log.readUser(0, 'ada')).toMatchObject({ version: 1, state: 'theirs' });
      const next = appendRequest({ expectedVersion: 1, expectedOperationId: theirs });
      expect(await log.append(next)).toMatchObject({ ok: true, version: 2 });
    });

    test('partitions share nothing', async () => {
      const log = harness().open(2);
      const expiresAtMillis = await soon(harness());
      await log.append(
        appendRequest({ effects: [{ type: 'put', record: sessionRecord, value: 'x', expiresAtMillis }] }),
      );
      expect(await log.readUser(1, 'ada')).toMatchObject({ version: 0, state: null });
      expect(await log.readRecord(1, sessionRecord)).toBeNull();
      expect(await log.beat(1)).toMatchObject({ number: 0 });
      expect(await log.beat('realm')).toMatchObject({ number: 0 });
    });

    test('a user has one partition, and users are spread over all of them', () => {
      const log = harness().open(4);
      const users = Array.from({ length: 200 }, (_, index) => `user-${index}`);
      expect(new Set(users.map((user) => log.partitionOfUser(user)))).toEqual(new Set([0, 1, 2, 3]));
      expect(log.partitionOfUser('ada')).toBe(harness().open(4).partitionOfUser('ada'));
    });
  });

  describe('an operation id', () => {
    test('makes a repeated append answer as it did, and do nothing', async () => {
      const log = harness().open(1);
      const request = appendRequest();
      const first = await log.append(request);
      await log.append(appendRequest({ expectedVersion: 1 }));
      expect(await log.append(request)).toEqual({ ...first, repeated: true });
      expect(await log.beat(0)).toMatchObject({ number: 2 });
    });

    test('counts once however many repeat it at the same time', async () => {
      const log = harness().open(1);
      const request = appendRequest();
      const results = await Promise.all(Array.from({ length: 8 }, () => log.append(request)));
      expect(results.every((result) => result.ok && result.version === 1)).toBe(true);
      expect(results.filter((result) => result.ok && !result.repeated)).toHaveLength(1);
      expect(await log.readEntries(0, '0-0', 10)).toHaveLength(1);
    });

    test('of an append that was refused is free again', async () => {
      const log = harness().open(1);
      const request = appendRequest({ expectedVersion: 1 });
      expect(await log.append(request)).toMatchObject({ ok: false });
      await log.append(appendRequest());
      expect(await log.append(request)).toMatchObject({ ok: true, version: 2, repeated: false });
    });
  });
}
