import { expect, test } from 'vitest';
import { birthOf } from '../../eventlog/epoch.ts';
import { appendRequest } from '../../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../../eventlog/memory-event-log.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { isDenied } from './denylist.ts';

test('an emptied log denies what was issued before, and nothing that is issued since', async () => {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock });
  const before = birthOf((await log.beat(0)).epoch) ?? undefined;
  expect(await isDenied(log, '0.session', before)).toBe(false);
  log.server.restart({ empty: true });
  expect(await isDenied(log, '0.session', before)).toBe(true);
  clock.advance(10);
  await log.append(appendRequest());
  expect(await isDenied(log, '0.session', before)).toBe(true);
  const since = birthOf((await log.beat(0)).epoch) ?? undefined;
  expect(await isDenied(log, '0.session', since)).toBe(false);
  expect(await isDenied(log, '0.session', undefined)).toBe(true);
});
