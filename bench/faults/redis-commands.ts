/** What faults say to a Redis, past all links. */

import { ask } from '../environment/redis-group.ts';
import type { ServerProcess } from '../environment/server-process.ts';

/** `CONFIG SET`. Throws what ioredis throws. */
export async function configure(server: Pick<ServerProcess, 'port'>, name: string, value: string): Promise<void> {
  await ask(server, 'CONFIG', 'SET', name, value);
}

/** Names of the realm's streams; a realm of one fault is alone in its Redis and has few keys. */
export async function streamsOf(server: Pick<ServerProcess, 'port'>, realm: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const scan = ['SCAN', cursor, 'MATCH', `*{${realm}:*}*`, 'COUNT', '1000', 'TYPE', 'stream'];
    const [next, keys] = (await ask(server, ...scan)) as [string, string[]];
    found.push(...keys);
    cursor = next;
  } while (cursor !== '0');
  return found;
}
