/** Whole servers as the checklist's tests meet them: every strategy mounted, on a realm of their own, over HTTP. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, vi } from 'vitest';
import { compose, type OperatorLog, type RunningServer } from '../compose.ts';
import { type Config, loadConfig } from '../config.ts';
import { ask } from '../http/http.contract.ts';
import { labPassword } from '../identity/lab-users.ts';
import { Client, type Mounted, type NodeIndex } from '../strategies/lab-client.contract.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';

export interface ServerOptions {
  /** Settings by their environment name without `AUTHLAB_`: `{ REFRESH_GRACE_SECONDS: '0' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly operator?: Partial<OperatorLog>;
  /** Nodes of one realm; one unless told. */
  readonly nodes?: 1 | 2 | 3;
  /** A users file (JSON is YAML) in place of the lab's users. */
  readonly users?: string;
}

/** Nodes of one realm of their own. */
export class ChecklistServers {
  readonly realm = `checklist-${randomUUID()}`;
  readonly faults: unknown[] = [];
  readonly #options: ServerOptions;
  readonly #running: RunningServer[] = [];

  constructor(options: ServerOptions = {}) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (let index = 0; index < (this.#options.nodes ?? 1); index += 1) await this.startNode();
  }

  async startNode(): Promise<void> {
    const server = await this.listen();
    await vi.waitFor(async () => expect((await ask(server.port, '/health/ready')).status).toBe(200), {
      timeout: 15_000,
    });
  }

  /** One more node, which may not be ready yet. */
  async listen(): Promise<RunningServer> {
    const operator: OperatorLog = {
      fault: (error) => void this.faults.push(error),
      diagnostic: () => undefined,
      security: () => undefined,
      ...this.#options.operator,
    };
    const server = await compose(configOf(this.realm, this.#options), operator);
    this.#running.push(server);
    return server;
  }

  /** All of them; nodes that are started then begin again at 0. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((server) => server.stop(0)));
  }

  port(node: NodeIndex = 0): number {
    const server = this.#running[node];
    if (server === undefined) throw new Error('there is no such node');
    return server.port;
  }

  /** Without a credential. Lab users are `user-000000` to `user-999999`, all with one password. */
  client(name: string, node: NodeIndex = 0, username = randomUser()): Client {
    const mounted: Mounted = {
      name,
      traits: traitsOf(name),
      url: (index) => `http://127.0.0.1:${this.port(index)}/${name}`,
    };
    const client = new Client(mounted, node, username);
    client.password = labPassword;
    return client;
  }

  async loggedIn(name: string, node: NodeIndex = 0, username?: string): Promise<Client> {
    const client = this.client(name, node, username);
    expect((await client.login()).status).toBe(200);
    return client;
  }
}

export function randomUser(): string {
  return `user-${`${Math.floor(Math.random() * 1_000_000)}`.padStart(6, '0')}`;
}

function configOf(realm: string, { settings = {}, users }: ServerOptions): Config {
  const named = Object.entries(settings).map(([name, value]) => [`AUTHLAB_${name}`, value] as const);
  const environment = {
    ...(users === undefined
      ? { AUTHLAB_LAB: 'true' }
      : { AUTHLAB_USERS_FILE: 'users.yaml', AUTHLAB_PERSISTENCE: 'any' }),
    AUTHLAB_PORT: '0',
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_REALM: realm,
    AUTHLAB_REDIS_URL: inject('redisUrl'),
    // The tests' Redis keeps nothing; what that costs is a test of its own.
    AUTHLAB_PERSISTENCE: 'any',
    AUTHLAB_SECRET: Buffer.from(realm.padEnd(48, '.')).toString('base64url'),
    ...Object.fromEntries(named),
  };
  const readFile = (): Buffer => {
    if (users === undefined) throw new Error('no test reads files');
    return Buffer.from(users);
  };
  const loaded = loadConfig({ environment, flags: {}, readFile });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.value;
}

/** Servers for all tests of one `describe`. */
export function useServers(options: ServerOptions = {}): ChecklistServers {
  const servers = new ChecklistServers(options);
  beforeAll(() => servers.start(), 60_000);
  afterAll(() => servers.stop());
  return servers;
}

/** The first strategy of each family, the reference `none` left out. */
export function oneOfEachFamily(): readonly string[] {
  const first = new Map<string, string>();
  for (const name of strategyNames()) {
    const { family, bound } = traitsOf(name);
    if (bound !== 'unbounded' && !first.has(family)) first.set(family, name);
  }
  return [...first.values()];
}
