/** How the near cache treats its link: told by hand when something answers, changes or breaks, on a clock that stands still. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import type { RecordName } from './port.ts';
import { type LinkListener, NearRecordCache } from './record-cache.ts';

const name: RecordName = { kind: 'session', id: 'a' };

/** One link as the test holds it: every question waits for the test's answer. */
class HeldLink {
  readonly listener: LinkListener;
  readonly pings: PromiseWithResolvers<unknown>[] = [];
  readonly reads: PromiseWithResolvers<string | null>[] = [];
  isClosed = false;

  constructor(listener: LinkListener) {
    this.listener = listener;
  }

  read(): Promise<string | null> {
    return held(this.reads);
  }

  ping(): Promise<unknown> {
    return held(this.pings);
  }

  close(): void {
    this.isClosed = true;
  }
}

interface PromiseWithResolvers<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

function held<Value>(waiting: PromiseWithResolvers<Value>[]): Promise<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  waiting.push({ promise, resolve, reject });
  return promise;
}

let clock: ManualClock;
let links: HeldLink[];
let cache: NearRecordCache;

beforeEach(async () => {
  clock = new ManualClock();
  links = [];
  const options = { clock, stalenessLimitMillis: 2_000, pingIntervalMillis: 100_000, maximumEntries: 10 };
  const source = {
    keyOf: () => 'a',
    readDirectly: async () => 'direct',
    async connect(listener: LinkListener) {
      const link = new HeldLink(listener);
      links.push(link);
      return link;
    },
  };
  cache = new NearRecordCache(options, source, () => undefined);
  await linked(0);
});
afterEach(() => cache.close());

async function linked(index: number): Promise<HeldLink> {
  return await vi.waitFor(() => {
    const link = links[index];
    if (link === undefined || link.pings.length === 0) throw new Error('not connected yet');
    return link;
  });
}

async function freshWith(value: string): Promise<HeldLink> {
  const link = await linked(0);
  link.pings[0]?.resolve('PONG');
  await vi.waitFor(() => expect(cache.status().fresh).toBe(true));
  const read = cache.read(0, name);
  link.reads[0]?.resolve(value);
  expect(await read).toBe(value);
  expect(cache.read(0, name)).toBe(value);
  return link;
}

test('contact is as old as its question, however late the answer', async () => {
  const link = await linked(0);
  clock.advance(1_500);
  link.pings[0]?.resolve('PONG');
  await vi.waitFor(() => expect(cache.status()).toMatchObject({ fresh: true, ageMillis: 1_500 }));
  clock.advance(501);
  expect(cache.status().fresh).toBe(false);
});

test('without proof of contact every read is an ordinary one', async () => {
  const link = await linked(0);
  expect(await cache.read(0, name)).toBe('direct');
  link.pings[0]?.reject(new Error('no answer'));
  expect(await cache.read(0, name)).toBe('direct');
  expect(link.reads).toEqual([]);
  expect(cache.status()).toMatchObject({ hits: 0, misses: 2, entries: 0 });
});

test('a lost link is closed, emptied and replaced; its late words count for nothing', async () => {
  const link = await freshWith('one');
  link.listener.lost();
  link.listener.lost();
  expect(link.isClosed).toBe(true);
  expect(cache.status()).toMatchObject({ fresh: false, entries: 0 });
  await linked(1);
  link.pings[0]?.resolve('PONG');
  link.listener.changed(null);
  expect(await cache.read(0, name)).toBe('direct');
  expect(links).toHaveLength(2);
});

test('a read that broke with its link is asked of the log, one that the server refuses is not', async () => {
  const link = await freshWith('one');
  link.listener.changed(['a']);
  const broken = cache.read(0, name);
  link.reads[1]?.reject(new Error('connection closed'));
  expect(await broken).toBe('direct');
  const next = await linked(1);
  next.pings[0]?.resolve('PONG');
  await vi.waitFor(() => expect(cache.status().fresh).toBe(true));
  const refused = cache.read(0, name);
  next.reads[0]?.reject(new AuthlabError('ERR_LOG_UNAVAILABLE', 'no answer'));
  await expect(refused).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
});

test('after its end a cache connects no more', async () => {
  const link = await freshWith('one');
  await cache.close();
  link.listener.lost();
  expect(link.isClosed).toBe(true);
  expect(await cache.read(0, name)).toBe('direct');
  expect(links).toHaveLength(1);
});
