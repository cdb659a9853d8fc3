/** What Redis keeps: all of it, and of one realm its streams, its revocations, and what is there for a minute only. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { parseInfo } from './redis-client.ts';

export interface StreamState {
  readonly entries: number;
  readonly bytes: number;
}

const keysPerStep = 1_000;

/**
 * Bytes that Redis has allocated for every key and index of them; those of another realm count as well. Without the buffers
 * of its clients and of the append-only file, which differ from moment to moment.
 */
export async function usedMemory(client: Redis): Promise<number> {
  const fields = parseInfo(await client.info('memory'));
  const [used = Number.NaN, ...buffers] = ['used_memory', 'mem_clients_normal', 'mem_aof_buffer'].map((name) =>
    Number(fields.get(name) ?? 0),
  );
  return buffers.reduce((left, bytes) => left - bytes, used);
}

/** Between two looks at a Redis that has something to do. */
const lookMillis = 50;
/** For so many looks in a row it must have had nothing to do. */
const quietLooks = 4;

/**
 * Waits until Redis has nothing left to do of its own: it rewrites its file, and lets go of memory, after the commands that
 * made it necessary. At most for `patienceMillis`; what goes on then goes on beside what is measured.
 */
export async function untilQuiet(client: Redis, patienceMillis = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMillis;
  let quiet = 0;
  let before = 0;
  while (quiet < quietLooks && performance.now() < deadline) {
    await pause(lookMillis);
    const fields = parseInfo(`${await client.info('persistence')}${await client.info('memory')}`);
    const isBusy = [
      'aof_rewrite_in_progress',
      'aof_rewrite_scheduled',
      'rdb_bgsave_in_progress',
      'lazyfree_pending_objects',
    ].some((name) => (fields.get(name) ?? '0') !== '0');
    const used = await usedMemory(client);
    // Its tables of keys grow step by step.
    quiet = isBusy || Math.abs(used - before) > 4_096 ? 0 : quiet + 1;
    before = used;
  }
}

/**
 * Takes away what repeats an answer for a minute after an append (`operation` records): how many there are depends on how
 * fast a realm was filled, not on what is in it. Returns how many there were.
 */
export async function dropOperations(client: Redis, realm: string): Promise<number> {
  let dropped = 0;
  for await (const keys of pagesOf(client, realm, 'string', 'operation:*')) dropped += await client.unlink(...keys);
  return dropped;
}

/** All streams of a realm, every entry of them counted (`MEMORY USAGE` with no samples left out). */
export async function streamsOf(client: Redis, realm: string): Promise<StreamState> {
  let entries = 0;
  let bytes = 0;
  for (const key of await keysOf(client, realm, 'stream')) {
    entries += await client.xlen(key);
    bytes += Number(await client.memory('USAGE', key, 'SAMPLES', 0));
  }
  return { entries, bytes };
}

export interface BareReading {
  readonly records: number;
  readonly millis: number;
}

/**
 * Reads the index of a realm's revocations as a node does that starts, page by page, and makes nothing of it: the time that
 * nothing can be faster than.
 */
export async function readBare(client: Redis, realm: string): Promise<BareReading> {
  const keys = await keysOf(client, realm, 'zset');
  let records = 0;
  const startedAt = performance.now();
  for (const key of keys) {
    let cursor = '0';
    do {
      const [next, members] = await client.zscan(key, cursor, 'COUNT', keysPerStep);
      records += members.length / 2;
      cursor = next;
    } while (cursor !== '0');
  }
  return { records, millis: performance.now() - startedAt };
}

async function keysOf(client: Redis, realm: string, type: 'stream' | 'zset'): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const keys of pagesOf(client, realm, type, '*')) for (const key of keys) found.add(key);
  return found;
}

/** Keys of a realm by type and by what follows its hash tag; some may come twice. No page is empty. */
async function* pagesOf(client: Redis, realm: string, type: string, name: string): AsyncGenerator<readonly string[]> {
  const pattern = `*{${realm}:*}:${name}`;
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerStep, 'TYPE', type);
    if (keys.length > 0) yield keys;
    cursor = next;
  } while (cursor !== '0');
}
