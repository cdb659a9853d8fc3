/** The contract of the event log, third part: how nodes keep up with it. */

import { describe, expect, test, vi } from 'vitest';
import { appendRequest, type EventLogHarness, readSome, terminated } from './event-log-harness.contract.ts';
import type { Partition } from './port.ts';

/** What the call answers once the log is reached again. Each kind of call may have a connection of its own. */
function reachable<T>(call: () => Promise<T>): Promise<T> {
  return vi.waitFor(call, { timeout: 10_000, interval: 20 });
}

export function describeFollowing(harness: () => EventLogHarness): void {
  describe('a beat', () => {
    test('answers with the end of the partition', async () => {
      const log = harness().open(1);
      const before = await log.beat(0);
      const result = await log.append(appendRequest());
      expect(result).toMatchObject({ ok: true, position: await log.beat(0) });
      expect(before).toEqual({ epoch: before.epoch, number: 0, id: '0-0' });
      expect(result).toMatchObject({ position: { epoch: before.epoch } });
    });

    test('tells of a new life after a restart, in which numbers go on', async () => {
      const { log, restart } = await harness().openRestartable(1);
      await log.append(appendRequest());
      const before = await log.beat(0);
      await restart();
      const after = await reachable(() => log.beat(0));
      expect(after).toMatchObject({ number: 1, id: before.id });
      expect(after.epoch).not.toBe(before.epoch);
      expect(await reachable(() => log.append(appendRequest({ expectedVersion: 1 })))).toMatchObject({ ok: true });
      const [first, second] = await log.readEntries(0, '0-0', 10);
      expect(second).toMatchObject({ predecessor: first?.position.id, position: { number: 2, epoch: after.epoch } });
    });

    test('finds the new life that an append has begun', async () => {
      const { log, restart } = await harness().openRestartable(1);
      const before = await log.beat(0);
      await restart();
      const result = await reachable(() => log.append(appendRequest()));
      expect(result).toMatchObject({ ok: true, position: await reachable(() => log.beat(0)) });
      expect(result).not.toMatchObject({ position: { epoch: before.epoch } });
    });
  });

  describe('a tail', () => {
    test('delivers what comes after the given ids, in order, with its partition', async () => {
      const log = harness().open(2);
      await log.append(appendRequest({ events: [terminated('0.a'), terminated('0.b')] }));
      await log.append(appendRequest({ partition: 1, stream: 'bob', events: [terminated('1.a')] }));
      const [first] = await log.readEntries(0, '0-0', 1);
      const tail = log.openTail();
      const after = new Map<Partition, string>([
        [0, first?.position.id ?? ''],
        [1, '0-0'],
        ['realm', '0-0'],
      ]);
      // One read may have found what one server has, and the next what another has.
      const seen: (readonly [Partition, number])[] = [];
      while (seen.length < 2) {
        for (const { partition, entry } of await tail.read(after, 1_000)) {
          seen.push([partition, entry.position.number]);
          after.set(partition, entry.position.id);
        }
      }
      expect(new Map(seen)).toEqual(
        new Map([
          [0, 2],
          [1, 1],
        ]),
      );
      expect(await tail.read(after, 10)).toEqual([]);
      await tail.close();
    });

    test('wakes up when something is appended while it waits', async () => {
      const log = harness().open(1);
      const tail = log.openTail();
      expect(await tail.read(new Map([[0, '0-0']]), 10)).toEqual([]);
      const waiting = readSome(() => tail.read(new Map([[0, '0-0']]), 60_000));
      await log.append(appendRequest());
      expect((await waiting).map(({ entry }) => entry.event)).toEqual([terminated('0.a')]);
      await tail.close();
    });

    test('misses nothing that is appended between two reads', async () => {
      const log = harness().open(1);
      const tail = log.openTail();
      const seen: number[] = [];
      let after = '0-0';
      for (let version = 0; version < 20; version += 1) {
        await log.append(appendRequest({ expectedVersion: version }));
        if (version % 3 !== 0) continue;
        for (const { entry } of await readSome(() => tail.read(new Map([[0, after]]), 1_000))) {
          seen.push(entry.position.number);
          after = entry.position.id;
        }
      }
      expect(seen).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
      await tail.close();
    });

    test('that is closed refuses, also while it waits', async () => {
      const log = harness().open(1);
      const tail = log.openTail();
      expect(await tail.read(new Map([[0, '0-0']]), 10)).toEqual([]);
      const waiting = tail.read(new Map([[0, '0-0']]), 60_000);
      await tail.close();
      await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
      await expect(tail.read(new Map([[0, '0-0']]), 10)).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    });
  });
}
