/** One Redis process as a place to connect to. */

import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import { hostText, type RedisHost } from './redis-address.ts';

export interface RedisServer {
  /** `host:port`: for messages, and to tell servers apart. */
  readonly address: string;
  /** A client of it, which connects as the options say. */
  open(options: ClientOptions): Redis;
}

export type ClientOptions = RedisOptions & { readonly replyMapping: 'legacy' };

export interface ServerAccess {
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls: boolean;
  /** Whether a server that calls itself a replica is as good as away. In a Cluster a replica refuses by itself. */
  readonly primaryOnly: boolean;
}

export function serverAt({ host, port }: RedisHost, access: ServerAccess): RedisServer {
  const { username, password, db, tls, primaryOnly } = access;
  const where: RedisOptions = { host, port, db: db ?? 0, ...(tls && { tls: {} }) };
  if (username !== undefined) where.username = username;
  if (password !== undefined) where.password = password;
  if (primaryOnly) where.Connector = PrimaryConnector;
  return { address: hostText({ host, port }), open: (options) => new Redis({ ...where, ...options }) };
}

/**
 * ioredis asks a connector whether what `INFO` said on a new connection will do, and connects again where it does not.
 * Only its Sentinel connector looks at the role; this is the rest of that one.
 */
class PrimaryConnector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    const given = options as RedisOptions;
    super(given.disconnectTimeout ?? 0);
    this.#options = given;
  }

  override check(info: { readonly role?: string }): boolean {
    return info.role === undefined || info.role === 'master';
  }

  async connect(): ReturnType<AbstractConnector['connect']> {
    const { host = '', port = 0, tls } = this.#options;
    this.connecting = true;
    this.stream = tls === undefined ? connect({ host, port }) : connectTls({ ...tls, host, port });
    // What fails before ioredis listens.
    this.stream.once('error', (error) => {
      this.firstError = error;
    });
    return this.stream;
  }
}
