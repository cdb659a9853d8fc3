/** Two real servers with one strategy on one log, as the contract suite drives them over HTTP. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import type { LifetimePolicy } from '../domain/policy.ts';
import type { EventLog } from '../eventlog/port.ts';
import { dispatcher } from '../http/dispatch.ts';
import { createStrategyApplication } from '../http/strategy-application.ts';
import type { IdentityProvider } from '../identity/identity-provider.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { KeyRing, type SignatureKey } from '../keys/key-ring.ts';
import { RevocationFollower, type RevocationView } from '../projections/followed/follower.ts';
import { Client, type Mounted, type NodeIndex, password } from './lab-client.contract.ts';
import { ObservedLog } from './observed-log.contract.ts';
import { createStrategy, traitsOf } from './registry.ts';
import type { Traits } from './strategy.ts';

/** A realm of its own on some log; each node connects for itself. */
export interface LabRealm {
  connect(): EventLog;
}

export type OpenRealm = (clock: Clock) => LabRealm;

export const stalenessLimitMillis = 1_500;

const defaultPolicy: LifetimePolicy = {
  accessTokenMillis: 900_000,
  inactivityMillis: 604_800_000,
  absoluteMillis: 2_592_000_000,
  leewayMillis: 5_000,
  skewMillis: 5_000,
  refreshGraceMillis: 10_000,
};

const keys = new KeyRing({
  secret: randomBytes(32),
  rs256PrivateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
});

/** Real time, and what a test adds to it: so that real servers and days can pass in one test. */
class AdvancingClock implements Clock {
  #addedMillis = 0;
  wallMillis = (): number => systemClock.wallMillis() + this.#addedMillis;
  monotonicMillis = (): number => systemClock.monotonicMillis() + this.#addedMillis;

  advance(millis: number): void {
    this.#addedMillis += millis;
  }
}

/** Everybody is who they say they are, given the one password; `<name>+<n>` has n more roles. */
const identity: IdentityProvider = {
  async verify(username, given) {
    if (given !== password) return null;
    const more = Number(username.split('+')[1] ?? 0);
    return { sub: username, roles: ['user', 'admin', ...Array.from({ length: more }, (_, index) => `role-${index}`)] };
  },
};

export interface LabNode {
  readonly log: ObservedLog;
  /** While true this node cannot tell what it has missed. */
  stale: boolean;
}

export interface LabOptions {
  readonly policy?: Partial<LifetimePolicy>;
  /** Strategies mounted beside the first, on the same log. */
  readonly beside?: readonly string[];
}

export class StrategyLab {
  readonly name: string;
  readonly traits: Traits;
  readonly clock = new AdvancingClock();
  readonly policy: LifetimePolicy;
  readonly #openRealm: OpenRealm;
  readonly #names: readonly string[];
  readonly #nodes: (LabNode & { readonly url: string })[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #unexpected: unknown[] = [];

  constructor(openRealm: OpenRealm, name: string, { policy, beside }: LabOptions = {}) {
    this.name = name;
    this.traits = traitsOf(name);
    this.policy = { ...defaultPolicy, ...policy };
    this.#openRealm = openRealm;
    this.#names = [name, ...(beside ?? [])];
  }

  async start(): Promise<void> {
    const realm = this.#openRealm(this.clock);
    for (let index = 0; index < 2; index += 1) await this.#startNode(realm);
  }

  /** Stops everything; fails when a server met an error that nobody had planned. */
  async stop(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    if (this.#unexpected.length > 0) throw this.#unexpected[0];
  }

  node(index: NodeIndex): LabNode & { readonly url: string } {
    const node = this.#nodes[index];
    if (node === undefined) throw new Error('the lab has not been started');
    return node;
  }

  /** A client of a new user without a credential. */
  client(node: NodeIndex = 0, name: string = this.name): Client {
    const mounted: Mounted = { name, traits: traitsOf(name), url: (index) => `${this.node(index).url}/${name}` };
    return new Client(mounted, node);
  }

  /** The key that signs this strategy's tokens, where it has one. */
  get signatureKey(): SignatureKey | undefined {
    return keys.keys.find((key) => key.algorithm.jws === this.traits.signature?.algorithm);
  }

  /** The errors the servers met and nobody had planned; asking forgives them. */
  takeUnexpectedErrors(): readonly unknown[] {
    return this.#unexpected.splice(0);
  }

  async #startNode(realm: LabRealm): Promise<void> {
    const log = new ObservedLog(realm.connect());
    this.#closers.push(() => log.close());
    const node = { log, stale: false, url: '' };
    const followed = await this.#follow(log, node);
    const strategies = new Map(this.#names.map((name) => [name, this.#mount(name, log, followed)]));
    const nothing: RequestListener = (_, response) => response.writeHead(404).end();
    const server = createServer(
      dispatcher({ strategies, defaultStrategy: nothing, server: nothing, serverSegments: [] }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closers.push(async () => {
      server.close();
      server.closeAllConnections();
    });
    node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#nodes.push(node);
  }

  #mount(name: string, log: EventLog, followed: RevocationView): RequestListener {
    const { clock, policy } = this;
    const strategy = createStrategy(name, {
      context: { log, clock, random: systemRandomBytes, policy, deadlineMillis: 2_000 },
      keys,
      issuer: 'https://issuer.test',
      revocations: traitsOf(name).revocation === 'followed' ? followed : neverAsked,
    });
    const report = (error: unknown): number => this.#unexpected.push(error);
    return createStrategyApplication({
      strategy,
      identity,
      allowPlainHttp: true,
      trustProxy: false,
      report,
    }).callback();
  }

  async #follow(log: EventLog, node: LabNode): Promise<RevocationView> {
    if (!this.#names.some((name) => traitsOf(name).revocation === 'followed')) return neverAsked;
    const follower = new RevocationFollower({ log, clock: this.clock, beatIntervalMillis: 50, stalenessLimitMillis });
    this.#closers.push(() => follower.stop());
    await follower.start();
    return {
      isRevoked: (sid) => follower.isRevoked(sid),
      isFresh: (partition) => !node.stale && follower.isFresh(partition),
    };
  }
}

/** For families that have no business with followed revocations. */
const neverAsked: RevocationView = {
  isRevoked: () => {
    throw new Error('asked for followed revocations');
  },
  isFresh: () => {
    throw new Error('asked for freshness');
  },
};

/** A lab for all tests of one `describe`. */
export function useLab(openRealm: OpenRealm, name: string, options: LabOptions = {}): StrategyLab {
  const lab = new StrategyLab(openRealm, name, options);
  beforeAll(() => lab.start());
  afterAll(() => lab.stop());
  return lab;
}
