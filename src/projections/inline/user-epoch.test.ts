import { expect, test } from 'vitest';
import { birthOf } from '../../eventlog/epoch.ts';
import { appendRequest } from '../../eventlog/event-log-harness.contract.ts';
import { MemoryEventLog } from '../../eventlog/memory-event-log.ts';
import { ManualClock } from '../../kernel/clock.ts';
import { readUserEpoch } from './user-epoch.ts';

test('the same count in a log that was emptied in between is another', async () => {
  const clock = new ManualClock();
  const log = new MemoryEventLog({ partitions: 1, clock });
  const expiresAtMillis = clock.wallMillis() + 60_000;
  const count = { type: 'put', record: { kind: 'epoch', id: 'ada' }, value: '0', expiresAtMillis } as const;
  expect(await readUserEpoch(log, 0, 'ada')).toBeNull();
  await log.append(appendRequest({ effects: [count] }));
  const first = await readUserEpoch(log, 0, 'ada');
  expect(first).toEqual({ epoch: 0, birth: birthOf((await log.beat(0)).epoch) });
  log.server.restart({ empty: true });
  await log.append(appendRequest({ effects: [count] }));
  const second = await readUserEpoch(log, 0, 'ada');
  expect([second?.epoch, second?.birth === first?.birth]).toEqual([0, false]);
});
