/** What Redis has spent since its start, and so what it spent between two moments. */

import type { Redis } from 'ioredis';
import { parseInfo } from './redis-client.ts';

/** Counters of the whole server since its start: every client's work counts. */
export interface RedisUsage {
  /** User and system time of the Redis process, all its threads. */
  readonly cpuMicros: number;
  /** Those that a script calls count as well. */
  readonly commands: number;
  /** Reads from clients' connections: each a message, or several that came together. */
  readonly reads: number;
  /** Received and sent. */
  readonly networkBytes: number;
  /** What this reading itself adds to the counters that the next reading sees. */
  readonly readingBytes: number;
}

/** One round trip. The reply is about 2 KB, its cost some tens of microseconds of Redis' time. */
export async function usageOfRedis(client: Redis): Promise<RedisUsage> {
  const reply = await client.info('cpu', 'stats');
  const info = parseInfo(reply);
  const count = (name: string) => Number(info.get(name) ?? Number.NaN);
  return {
    cpuMicros: Math.round((count('used_cpu_user') + count('used_cpu_sys')) * 1e6),
    commands: count('total_commands_processed'),
    reads: count('total_reads_processed'),
    networkBytes: count('total_net_input_bytes') + count('total_net_output_bytes'),
    readingBytes: infoRequestBytes + replyBytes(reply),
  };
}

/** The work between two readings on one connection, without the one `INFO` that falls in between. */
export function redisUsageBetween(before: RedisUsage, after: RedisUsage): Omit<RedisUsage, 'readingBytes'> {
  return {
    cpuMicros: after.cpuMicros - before.cpuMicros,
    commands: after.commands - before.commands - 1,
    reads: after.reads - before.reads - 1,
    networkBytes: after.networkBytes - before.networkBytes - before.readingBytes,
  };
}

/** `INFO cpu stats` as it travels (RESP): the second reading's request is counted, the first one's reply too. */
const infoRequestBytes = '*3\r\n$4\r\ninfo\r\n$3\r\ncpu\r\n$5\r\nstats\r\n'.length;

/** As a verbatim string, frame and all: ioredis speaks RESP3 with every Redis that is new enough for authlab. */
function replyBytes(reply: string): number {
  const payload = Buffer.byteLength(`txt:${reply}`);
  return `=${payload}\r\n`.length + payload + '\r\n'.length;
}
