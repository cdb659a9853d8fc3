import { describe, expect, test } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { describeEventLog } from './event-log.contract.ts';
import { appendRequest, type EventLogHarness } from './event-log-harness.contract.ts';
import { MemoryEventLog } from './memory-event-log.ts';

async function memoryHarness(): Promise<EventLogHarness> {
  const clock = new ManualClock();
  return {
    open: (partitions) => new MemoryEventLog({ partitions, clock }),
    nowMillis: async () => clock.wallMillis(),
    passTime: async (millis) => clock.advance(millis),
    async openRestartable(partitions) {
      const log = new MemoryEventLog({ partitions, clock });
      return { log, restart: async () => log.server.restart({ empty: false }) };
    },
    close: async () => undefined,
  };
}

describeEventLog('the in-memory twin', memoryHarness);

describe('faults of the in-memory twin', () => {
  const open = (): MemoryEventLog => new MemoryEventLog({ partitions: 1, clock: new ManualClock() });

  test('a call that fails on the way there has done nothing', async () => {
    const log = open();
    log.faults.fail('append', 'request');
    await expect(log.append(appendRequest())).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    expect(await log.beat(0)).toMatchObject({ number: 0 });
    expect(await log.append(appendRequest())).toMatchObject({ ok: true });
  });

  test('an append whose reply is lost has been done, and its repetition says so', async () => {
    const log = open();
    const request = appendRequest();
    log.faults.fail('append', 'reply');
    await expect(log.append(request)).rejects.toMatchObject({ code: 'ERR_LOG_OUTCOME_UNKNOWN' });
    expect(await log.append(request)).toMatchObject({ ok: true, version: 1, repeated: true });
  });

  test('a held reply was answered at the moment of the request', async () => {
    const log = open();
    const release = log.faults.hold('beat', 'reply');
    const beat = log.beat(0);
    await log.append(appendRequest());
    release();
    expect(await beat).toMatchObject({ number: 0 });
  });

  test('a restart without data begins at nothing, in an epoch of its own', async () => {
    const log = open();
    await log.append(appendRequest());
    const before = await log.beat(0);
    log.server.restart({ empty: true });
    const after = await log.beat(0);
    expect(after).toMatchObject({ number: 0, id: '0-0' });
    expect(after.epoch).not.toBe(before.epoch);
  });
});
