/** Reads the revocation index of a partition page by page. */

import { AuthlabError } from '../kernel/errors.ts';
import type { Partition, RevocationEntry } from './port.ts';
import type { RedisLane } from './redis-lane.ts';

/**
 * ZSCAN: pages by rank or score would skip entries that move while they are read. To another server the cursor means
 * something else, and entries would be skipped without a sign: then it ends with ERR_LOG_UNAVAILABLE.
 */
export async function* scanRevocations(
  lane: RedisLane,
  partition: Partition,
  key: string,
  nowMillis: number,
): AsyncGenerator<readonly RevocationEntry[]> {
  let scanned: string | null = null;
  const ask = async (cursor: string): Promise<readonly [string, readonly string[]]> => {
    let answered = '';
    const reply = await lane.run(partition, 'ERR_LOG_UNAVAILABLE', ({ next, address }) => {
      answered = address;
      return next().zscan(key, cursor, 'COUNT', 1_000);
    });
    if (scanned !== null && scanned !== answered) {
      throw new AuthlabError('ERR_LOG_UNAVAILABLE', `the partition moved from ${scanned} while it was read`);
    }
    scanned = answered;
    return reply;
  };
  let asked: ReturnType<typeof ask> | null = ask('0');
  while (asked !== null) {
    const [cursor, members]: Awaited<ReturnType<typeof ask>> = await asked;
    // On its way while this page is made use of. Whoever reads no further is not told what becomes of it.
    asked = cursor === '0' ? null : ask(cursor);
    asked?.catch(() => undefined);
    const page: RevocationEntry[] = [];
    for (let at = 0; at + 1 < members.length; at += 2) {
      const expiresAtMillis = Number(members[at + 1]);
      if (expiresAtMillis >= nowMillis) page.push({ id: members[at] ?? '', expiresAtMillis });
    }
    if (page.length > 0) yield page;
  }
}
