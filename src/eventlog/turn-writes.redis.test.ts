/** How often a node writes to the socket of a real Redis, and when. */

import { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { randomRealm } from './event-log-harness.contract.ts';
import { KeyNames } from './key-names.ts';
import { connectRedisEventLog, type RedisEventLog } from './redis-event-log.ts';

const record = (id: string) => ({ kind: 'session', id }) as const;

/** Each callback in a turn of its own part of the loop, as the requests of many sockets come, all of them in one turn. */
function inOneTurn<Value>(count: number, act: (number: number) => Promise<Value>): Promise<Value[]> {
  const acts = Array.from({ length: count }, (_, number) => {
    return new Promise<Value>((resolve, reject) => {
      setImmediate(() => act(number).then(resolve, reject));
    });
  });
  return Promise.all(acts);
}

describe('the writes of a node to Redis', () => {
  let log: RedisEventLog;
  let realm: string;
  let written: { readonly socket: Socket; readonly text: string }[];

  beforeEach(() => {
    realm = randomRealm();
    log = connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 1 });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await log.close();
  });

  /** From now on. What goes to the kernel passes one of the two. */
  function watchWrites(): void {
    written = [];
    const { _write: write, _writev: writev } = Socket.prototype;
    if (writev === undefined) throw new Error('sockets gather nothing');
    vi.spyOn(Socket.prototype, '_write').mockImplementation(function (this: Socket, chunk, ...rest) {
      written.push({ socket: this, text: String(chunk) });
      return write.call(this, chunk, ...rest);
    });
    vi.spyOn(Socket.prototype, '_writev').mockImplementation(function (this: Socket, chunks, ...rest) {
      written.push({ socket: this, text: chunks.map(({ chunk }) => String(chunk)).join('') });
      return writev.call(this, chunks, ...rest);
    });
  }
  const textsWith = (part: string): string[] => written.map(({ text }) => text).filter((text) => text.includes(part));

  test.each([
    ['look-ups', (id: string): Promise<unknown> => log.readRecord(0, record(id))],
    ['look-ups beside the birth', (id: string): Promise<unknown> => log.readPlacedRecord(0, record(id))],
    ['look-ups of users', (id: string): Promise<unknown> => log.readUser(0, id)],
  ])('%s of one turn of the event loop are one write', async (_, look) => {
    await look('first');
    watchWrites();
    await inOneTurn(50, (number) => look(`id-${number}`));
    const [only, ...others] = textsWith('id-');
    expect(others).toEqual([]);
    for (let number = 0; number < 50; number += 1) expect(only).toContain(`id-${number}\r\n`);
  });

  test('each finds its own answer', async () => {
    const redis = new Redis(inject('redisUrl'));
    const keys = new KeyNames(realm);
    const ids = ['a', 'b', 'c'];
    try {
      for (const id of ids) await redis.set(keys.record(0, record(id)), `value of ${id}`, 'EX', 60);
      const values = await inOneTurn(3, (number) => log.readRecord(0, record(ids[number] ?? '')));
      expect(values).toEqual(ids.map((id) => `value of ${id}`));
    } finally {
      redis.disconnect();
    }
  });

  test('a look-up that is alone in its turn is written before that turn ends', async () => {
    await log.readRecord(0, record('first'));
    watchWrites();
    const answer = log.readRecord(0, record('alone'));
    // Right behind the end of the turn that the look-up came in, and before anything new is heard of.
    await new Promise((resolve) => setImmediate(resolve));
    expect(textsWith('alone')).toHaveLength(1);
    await answer;
  });

  test('what a near cache does not know is asked for in one write, too', async () => {
    const cache = log.openRecordCache({
      ...{ clock: systemClock, stalenessLimitMillis: 2_000, pingIntervalMillis: 100, maximumEntries: 100 },
    });
    await vi.waitFor(() => expect(cache.status().fresh).toBe(true));
    watchWrites();
    const values = await inOneTurn(20, async (number) => cache.read(0, record(`id-${number}`)));
    expect(values).toEqual(Array.from({ length: 20 }, () => null));
    expect(textsWith('id-')).toHaveLength(1);
  });

  test('a connection that breaks in a turn fails what was sent in it, and the next look-up is answered', async () => {
    watchWrites();
    await log.readRecord(0, record('first'));
    const failing = log.readRecord(0, record('second'));
    const failure = expect(failing).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    // In the same turn, before anything of it was written.
    written.find(({ text }) => text.includes('first'))?.socket.destroy();
    await failure;
    expect(textsWith('second')).toEqual([]);
    await vi.waitFor(async () => expect(await log.readRecord(0, record('third'))).toBeNull());
  });
});
