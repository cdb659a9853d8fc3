/** The near cache on the in-memory twin, and what happens when reads fail or everything is flushed. */

import { expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { MemoryEventLog } from './memory-event-log.ts';
import { MemoryServer } from './memory-server.ts';
import {
  cacheOptions,
  describeRecordCache,
  put,
  record,
  remembered,
  untilFresh,
  write,
} from './record-cache.contract.ts';

function openPair() {
  const server = new MemoryServer(systemClock);
  const open = () => new MemoryEventLog({ partitions: 2, clock: systemClock, server });
  return { server, node: open(), writer: open() };
}

describeRecordCache('the in-memory twin', async () => ({
  async openRealm() {
    const { node, writer } = openPair();
    return {
      node,
      writer,
      stall: (connection) => node.faults.hold(connection === 'pushes' ? 'push' : 'read', 'reply'),
      async dropPushes() {
        node.faults.fail('push', 'reply');
      },
      async close() {
        await node.close();
        await writer.close();
      },
    };
  },
  close: async () => undefined,
}));

test('an answer that waits on the way while its record changes is not remembered', async () => {
  const { node, writer } = openPair();
  const cache = node.openRecordCache(cacheOptions);
  await untilFresh(cache);
  await write(writer, put('a', 'one'));
  const release = node.faults.hold('read', 'reply');
  const read = cache.read(0, record('a'));
  await write(writer, put('a', 'two'));
  release();
  expect(await read).toBe('one');
  expect(await cache.read(0, record('a'))).toBe('two');
  await node.close();
});

test('a read whose connection is cut under way is asked again, of the log', async () => {
  const { server, node, writer } = openPair();
  const cache = node.openRecordCache(cacheOptions);
  await untilFresh(cache);
  await write(writer, put('a', 'one'));
  const release = node.faults.hold('read', 'reply');
  const read = cache.read(0, record('a'));
  server.restart({ empty: false });
  await write(writer, put('a', 'two'));
  release();
  expect(await read).toBe('two');
  await node.close();
});

test('a server that answers no read is asked once, and its refusal is the reader’s', async () => {
  const { node } = openPair();
  const cache = node.openRecordCache(cacheOptions);
  await untilFresh(cache);
  node.faults.fail('read', 'request');
  await expect(cache.read(0, record('a'))).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
  expect(await cache.read(0, record('a'))).toBeNull();
  await untilFresh(cache);
  await node.close();
});

test('nothing is left when the server lost its data', async () => {
  const { server, node, writer } = openPair();
  const cache = node.openRecordCache(cacheOptions);
  await untilFresh(cache);
  for (const lose of [() => server.flush(), () => server.restart({ empty: true })]) {
    await write(writer, put('a', 'one'));
    await remembered(cache, 'a', 'one');
    lose();
    await expect.poll(() => cache.status().entries).toBe(0);
    expect(await cache.read(0, record('a'))).toBeNull();
    await untilFresh(cache);
  }
  await node.close();
});
