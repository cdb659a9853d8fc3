/** The primary of a group that Sentinels watch (Redis documentation, "Guidelines for Redis clients with support for Sentinel"). */

import type { Redis } from 'ioredis';
import { describeRedisAddress, type RedisHost, type SentinelAddress } from './redis-address.ts';
import { Inquiry } from './redis-inquiry.ts';
import { type RedisServer, type ServerAccess, serverAt } from './redis-server.ts';
import type { RedisTopology, TopologyOptions } from './redis-topology.ts';

/** What one Sentinel says. */
export interface SentinelAnswer {
  readonly primary: RedisHost;
  /** Counts the failovers of the group; who has the highest knows best. */
  readonly epoch: number;
}

/**
 * ioredis takes the first Sentinel at its word, which may be one that was cut off from the others; and nothing tells an
 * idle connection that its server is the primary no more. So all are asked, again and again, and the latest failover wins.
 */
export class SentinelTopology implements RedisTopology {
  readonly address: string;
  readonly moves = true;
  readonly spreads = false;
  readonly #access: ServerAccess;
  readonly #inquiry: Inquiry<SentinelAnswer>;
  readonly #listeners = new Set<() => void>();
  #known: SentinelAnswer | null = null;
  #primary: RedisServer | null = null;

  constructor(address: SentinelAddress, options: TopologyOptions) {
    const { username, password, sentinelUsername, sentinelPassword, db, tls, name } = address;
    this.address = describeRedisAddress(address);
    this.#access = {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      db,
      tls,
      primaryOnly: true,
    };
    const sentinelAccess: ServerAccess = {
      ...(sentinelUsername !== undefined && { username: sentinelUsername }),
      ...(sentinelPassword !== undefined && { password: sentinelPassword }),
      tls,
      primaryOnly: false,
    };
    const sentinels = address.sentinels.map((host) => serverAt(host, sentinelAccess));
    this.#inquiry = new Inquiry({
      targets: () => sentinels,
      ask: (redis) => askSentinel(redis, name),
      heard: (answers, isComplete) => this.#heard(latestAnswer(answers, this.#known, isComplete)),
      commandTimeoutMillis: options.commandTimeoutMillis,
    });
    void this.refresh();
  }

  primaryOf(): RedisServer | null {
    return this.#primary;
  }

  primaries(): readonly RedisServer[] {
    return this.#primary === null ? [] : [this.#primary];
  }

  serverAt(host: RedisHost): RedisServer {
    return serverAt(host, this.#access);
  }

  refresh(): Promise<void> {
    return this.#inquiry.refresh();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#inquiry.close();
    this.#listeners.clear();
  }

  #heard(answer: SentinelAnswer | null): void {
    if (answer === null) return;
    this.#known = answer;
    const primary = this.serverAt(answer.primary);
    if (primary.address === this.#primary?.address) return;
    this.#primary = primary;
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * The one answer to believe, null for none of them. As long as somebody is missing only a newer one: who answers may not
 * have heard of what was known here before. When all have answered also an older one: the group was set up anew.
 */
export function latestAnswer(
  answers: readonly SentinelAnswer[],
  known: SentinelAnswer | null,
  isComplete: boolean,
): SentinelAnswer | null {
  const [latest] = answers.toSorted((one, other) => other.epoch - one.epoch);
  if (latest === undefined) return null;
  return isComplete || known === null || latest.epoch > known.epoch ? latest : null;
}

/** `SENTINEL MASTER` knows the epoch; while a failover ends it still names the old primary, and the other command does not. */
async function askSentinel(redis: Redis, name: string): Promise<SentinelAnswer> {
  const [place, fields] = await Promise.all([
    redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name) as Promise<readonly string[] | null>,
    redis.call('SENTINEL', 'MASTER', name) as Promise<readonly string[]>,
  ]);
  const epoch = Number(fields[fields.indexOf('config-epoch') + 1]);
  const [host, port] = place ?? [];
  if (host === undefined || port === undefined || !Number.isSafeInteger(epoch)) {
    throw new Error('the Sentinel does not know the group');
  }
  return { primary: { host, port: Number(port) }, epoch };
}
