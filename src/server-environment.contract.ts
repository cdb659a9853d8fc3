/** Settings of a server for tests: a lab node on the tests' Redis, in a realm of its own. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { inject } from 'vitest';

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** As environment variables. */
export function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    AUTHLAB_LAB: '1',
    AUTHLAB_PORT: '0',
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_REALM: `test-${randomBytes(8).toString('hex')}`,
    AUTHLAB_REDIS_URL: inject('redisUrl'),
    AUTHLAB_PERSISTENCE: 'any',
    AUTHLAB_PARTITIONS: '2',
    AUTHLAB_SECRET: randomBytes(32).toString('base64url'),
    AUTHLAB_RS256_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...more,
  };
}
