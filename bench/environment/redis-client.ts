/** The lab's own connection to a Redis: for facts, counters and tidying up, never part of what is measured. */

import { Redis } from 'ioredis';
import { AuthlabError } from '../../src/kernel/errors.ts';

const connectDeadlineMillis = 2_000;
const commandDeadlineMillis = 5_000;

/**
 * Connects and waits for a first answer. The connection is not taken up again once it is lost; commands on a stopped
 * Redis fail after 5 s. The caller closes it with `disconnect()`.
 *
 * @throws ERR_INPUT_INVALID the URL is none; ERR_ENVIRONMENT_REDIS nobody answers as Redis there, within 2 s.
 */
export async function connectRedis(url: string): Promise<Redis> {
  const address = redisAddress(url);
  const client = new Redis(url, {
    lazyConnect: true,
    connectionName: 'authlab-bench',
    connectTimeout: connectDeadlineMillis,
    commandTimeout: commandDeadlineMillis,
    disconnectTimeout: 50,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: unknown = null;
  client.on('error', (error) => {
    lastError = error;
  });
  // A port that takes the connection and says nothing is as good as none.
  const deadline = setTimeout(() => client.disconnect(), connectDeadlineMillis);
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch (error) {
    client.disconnect();
    const reason = reasonOf(lastError ?? error);
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `no Redis answers at ${address}: ${reason}`);
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * Host and port of a Redis URL, for messages: user name and password stay out.
 * @throws ERR_INPUT_INVALID when it is not a `redis://` or `rediss://` URL with a host.
 */
export function redisAddress(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new AuthlabError('ERR_INPUT_INVALID', 'the address of Redis must look like redis://host:port');
  }
  return `${parsed.hostname}:${parsed.port || '6379'}`;
}

/** Fields of an `INFO` reply. */
export function parseInfo(reply: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of reply.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** A system error's code, or the first word of an error reply with what can be done about it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer within 2 s';
  if (error.message.startsWith('NOAUTH')) return 'it demands a password; put it into the URL';
  if (error.message.startsWith('WRONGPASS')) return 'it does not accept the user name or password';
  if (error.message.startsWith('NOPERM')) return 'its user may not do what the lab needs; widen its ACL';
  const code = 'code' in error ? String(error.code) : '';
  if (code !== '') return code;
  return error.message === 'Connection is closed.' ? 'no answer within 2 s' : error.message;
}
