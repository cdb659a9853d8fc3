/** Realms of the lab in a Redis that belongs to someone else: found by their random name, and taken away at the end. */

import type { RandomBytes } from '../../src/kernel/random.ts';
import { connectRedis } from './redis-client.ts';

const keysPerStep = 500;

/** A name that no other run has: 48 random bits. */
export function randomRealm(random: RandomBytes): string {
  return `lab-${random(6).toString('hex')}`;
}

/**
 * Removes every key with the realm's hash tag (`{realm:partition}`), in steps that never hold Redis up, and returns how
 * many there were. Nothing else is touched. Throws ERR_ENVIRONMENT_REDIS when Redis does not answer.
 */
export async function removeRealm(url: string, realm: string): Promise<number> {
  const client = await connectRedis(url);
  try {
    const pattern = `*{${realm.replaceAll(/[\\*?[\]]/g, '\\$&')}:*}*`;
    let cursor = '0';
    let removed = 0;
    do {
      const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', keysPerStep);
      if (keys.length > 0) removed += await client.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
    return removed;
  } finally {
    client.disconnect();
  }
}
