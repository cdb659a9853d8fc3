/** The contract of the event log, second part: the records and the revocation index that follow from events. */

import { describe, expect, test } from 'vitest';
import { appendRequest, type EventLogHarness, revocations, sessionRecord, soon } from './event-log-harness.contract.ts';
import type { Effect, RecordName } from './port.ts';

export function describeEffects(harness: () => EventLogHarness): void {
  describe('effects', () => {
    test('a record is put, replaced and removed together with the events', async () => {
      const log = harness().open(1);
      const expiresAtMillis = await soon(harness());
      const put = (value: string): Effect => ({ type: 'put', record: sessionRecord, value, expiresAtMillis });
      const denied: RecordName = { kind: 'denied', id: sessionRecord.id };
      await log.append(appendRequest({ effects: [put('one'), { ...put('other'), record: denied } as Effect] }));
      expect(await log.readRecord(0, sessionRecord)).toBe('one');
      expect(await log.readRecord(0, denied)).toBe('other');
      await log.append(appendRequest({ expectedVersion: 1, effects: [put('two')] }));
      expect(await log.readRecord(0, sessionRecord)).toBe('two');
      await log.append(appendRequest({ expectedVersion: 2, effects: [{ type: 'remove', record: sessionRecord }] }));
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
      expect(await log.readRecord(0, denied)).toBe('other');
    });

    test('a record goes when its time has come', async () => {
      const log = harness().open(1);
      const effects: Effect[] = [
        { type: 'put', record: sessionRecord, value: 'x', expiresAtMillis: await soon(harness(), 300) },
      ];
      await log.append(appendRequest({ effects }));
      expect(await log.readRecord(0, sessionRecord)).toBe('x');
      await harness().passTime(320);
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
    });

    test('a record is replaced only where it still is', async () => {
      const log = harness().open(1);
      const expiresAtMillis = await soon(harness());
      const effect = (type: 'put' | 'replace', value: string, at = expiresAtMillis): Effect => ({
        type,
        record: sessionRecord,
        value,
        expiresAtMillis: at,
      });
      await log.append(appendRequest({ effects: [effect('replace', 'never there')] }));
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
      await log.append(
        appendRequest({ expectedVersion: 1, effects: [effect('put', 'one', await soon(harness(), 300))] }),
      );
      await log.append(appendRequest({ expectedVersion: 2, effects: [effect('replace', 'two')] }));
      await harness().passTime(320);
      expect(await log.readRecord(0, sessionRecord)).toBe('two');
      await log.append(
        appendRequest({ expectedVersion: 3, effects: [effect('replace', 'three', await soon(harness(), 20))] }),
      );
      await harness().passTime(40);
      await log.append(appendRequest({ expectedVersion: 4, effects: [effect('replace', 'expired')] }));
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
    });

    test('who has read a record may write it again, until it goes or changes', async () => {
      const log = harness().open(1);
      const [early, late] = [await soon(harness(), 300), await soon(harness())];
      const put: Effect = { type: 'put', record: sessionRecord, value: 'one', expiresAtMillis: early };
      const renew = (was: string, value: string) =>
        log.replaceRecord(0, sessionRecord, { was, value, expiresAtMillis: late });
      expect(await renew('one', 'never there')).toBe(false);
      await log.append(appendRequest({ effects: [put] }));
      expect(await renew('one', 'two')).toBe(true);
      await harness().passTime(320);
      expect(await log.readRecord(0, sessionRecord)).toBe('two');
      expect(await renew('one', 'undone')).toBe(false);
      expect(await log.readRecord(0, sessionRecord)).toBe('two');
      await log.append(appendRequest({ expectedVersion: 1, effects: [{ type: 'remove', record: sessionRecord }] }));
      expect(await renew('two', 'back again')).toBe(false);
      expect(await log.readRecord(0, sessionRecord)).toBeNull();
    });

    test('the revocation index keeps the later expiry of an id', async () => {
      const log = harness().open(1);
      const [early, late] = [await soon(harness()), (await soon(harness())) + 5_000];
      const revoke = (id: string, expiresAtMillis: number): Effect => ({ type: 'revoke', id, expiresAtMillis });
      await log.append(appendRequest({ effects: [revoke('0.a', late), revoke('0.b', early)] }));
      await log.append(appendRequest({ expectedVersion: 1, effects: [revoke('0.a', early), revoke('0.b', late)] }));
      const both = await revocations(log, 0);
      expect(both).toContainEqual({ id: '0.a', expiresAtMillis: late });
      expect(both).toContainEqual({ id: '0.b', expiresAtMillis: late });
      expect(both).toHaveLength(2);
    });

    test('an expired revocation is not read, and the next append forgets it', async () => {
      const log = harness().open(1);
      const effects: Effect[] = [
        { type: 'revoke', id: '0.short', expiresAtMillis: await soon(harness(), 20) },
        { type: 'revoke', id: '0.long', expiresAtMillis: await soon(harness()) },
      ];
      await log.append(appendRequest({ effects }));
      await harness().passTime(40);
      expect((await revocations(log, await harness().nowMillis())).map((entry) => entry.id)).toEqual(['0.long']);
      await log.append(appendRequest({ expectedVersion: 1 }));
      expect((await revocations(log, 0)).map((entry) => entry.id)).toEqual(['0.long']);
    });

    test('the index is read with the position from which to go on', async () => {
      const log = harness().open(1);
      const expiresAtMillis = await soon(harness());
      const effects = Array.from(
        { length: 2_500 },
        (_, n): Effect => ({ type: 'revoke', id: `0.${n}`, expiresAtMillis }),
      );
      const result = await log.append(appendRequest({ effects }));
      const snapshot = await log.readRevocations(0, 0);
      expect(result).toMatchObject({ ok: true, position: snapshot.from });
      const ids = new Set<string>();
      for await (const page of snapshot.entries) for (const entry of page) ids.add(entry.id);
      expect(ids.size).toBe(2_500);
    });
  });
}
