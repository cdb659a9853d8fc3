/** The plainest topology: one server, which is the primary or a managed service that looks like one. */

import { Redis } from 'ioredis';
import { describeRedisAddress, type RedisHost, type SingleAddress } from './redis-address.ts';
import { type RedisServer, serverAt } from './redis-server.ts';
import type { RedisTopology } from './redis-topology.ts';

export class SingleTopology implements RedisTopology {
  readonly address: string;
  readonly moves = false;
  readonly spreads = false;
  readonly #server: RedisServer;

  constructor(address: SingleAddress) {
    this.address = describeRedisAddress(address);
    this.#server = { address: this.address, open: (options) => new Redis(address.url, options) };
  }

  primaryOf(): RedisServer {
    return this.#server;
  }

  primaries(): readonly RedisServer[] {
    return [this.#server];
  }

  serverAt(host: RedisHost): RedisServer {
    return serverAt(host, { tls: false, primaryOnly: false });
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  onChange(): () => void {
    return () => undefined;
  }

  close(): void {
    // Nothing is open.
  }
}
