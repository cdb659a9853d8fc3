/** A log that grows, and is read in the order of sending. */

import { expect, it } from 'vitest';
import { ProbeLog } from './probe-log.ts';

it('keeps every probe when it outgrows its arrays, and gives them in the order of sending', () => {
  const log = new ProbeLog(2);
  for (const sentAt of [5.25, 3, 4, 1, 2]) log.record(sentAt, sentAt + 10, 200 + sentAt);
  expect(log.length).toBe(5);
  expect(log.inOrderOfSending()).toEqual(
    [1, 2, 3, 4, 5.25].map((sentAt) => ({ sentAt, receivedAt: sentAt + 10, status: Math.floor(200 + sentAt) })),
  );
});
