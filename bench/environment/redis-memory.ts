/** What Redis keeps: all of it, and the streams of one realm. */

import type { Redis } from 'ioredis';
import { parseInfo } from './redis-client.ts';

export interface StreamState {
  readonly entries: number;
  readonly bytes: number;
}

/** Bytes that Redis has allocated, of every client and key; those of another realm count as well. */
export async function usedMemory(client: Redis): Promise<number> {
  return Number(parseInfo(await client.info('memory')).get('used_memory') ?? Number.NaN);
}

/** All streams of a realm, every entry of them counted (`MEMORY USAGE` with no samples left out). */
export async function streamsOf(client: Redis, realm: string): Promise<StreamState> {
  let cursor = '0';
  const keys = new Set<string>();
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', `*{${realm}:*}*`, 'COUNT', 1_000, 'TYPE', 'stream');
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  let entries = 0;
  let bytes = 0;
  for (const key of keys) {
    entries += await client.xlen(key);
    bytes += Number(await client.memory('USAGE', key, 'SAMPLES', 0));
  }
  return { entries, bytes };
}
