/** What faults say to a Redis, past all links. */

import { ask, infoOf, until } from '../environment/redis-group.ts';
import type { ServerProcess } from '../environment/server-process.ts';

/** A command that may be given twice, until it is answered: a busy machine is no reason to give a fault up. */
export function tell(server: Pick<ServerProcess, 'port'>, ...command: string[]): Promise<unknown> {
  return until(`told ${command[0]}`, async () => ({ reply: await ask(server, ...command) })).then(({ reply }) => reply);
}

/** `CONFIG SET`. */
export async function configure(server: Pick<ServerProcess, 'port'>, name: string, value: string): Promise<void> {
  await tell(server, 'CONFIG', 'SET', name, value);
}

/** Figures of `INFO memory`, in bytes. */
export async function memoryOf(server: Pick<ServerProcess, 'port'>): Promise<(name: string) => number> {
  const fields = await until('told INFO', () => infoOf(server, 'memory'));
  return (name) => Number(fields.get(name));
}

/** Names of the realm's streams; a realm of one fault is alone in its Redis and has few keys. */
export async function streamsOf(server: Pick<ServerProcess, 'port'>, realm: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const scan = ['SCAN', cursor, 'MATCH', `*{${realm}:*}*`, 'COUNT', '1000', 'TYPE', 'stream'];
    const [next, keys] = (await tell(server, ...scan)) as [string, string[]];
    found.push(...keys);
    cursor = next;
  } while (cursor !== '0');
  return found;
}
