/** Two real servers with one strategy on one log, as the contract suite drives them over HTTP. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { CommandContext } from '../application/context.ts';
import { changedPasswordsOf, createAccounts, createAdministration } from '../compose/accounts.ts';
import { createAcknowledgement } from '../compose/acknowledgement.ts';
import type { NodeSigningKeys } from '../compose/signing-keys.ts';
import { isFollowed } from '../domain/events.ts';
import { acceptableUntil, type LifetimePolicy } from '../domain/policy.ts';
import type { EventLog } from '../eventlog/port.ts';
import { dispatcher } from '../http/dispatch.ts';
import { createStrategyApplication } from '../http/strategy-application.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import type { SignatureKey } from '../keys/key-ring.ts';
import { testRing } from '../keys/test-ring.contract.ts';
import { LogFollower } from '../projections/followed/follower.ts';
import { newNodeId } from '../projections/followed/node-membership.ts';
import type { RevocationView } from '../projections/followed/revocation-view.ts';
import { StrictFence } from '../projections/followed/strict-fence.ts';
import { AdvancingClock } from './advancing-clock.contract.ts';
import { Client, type Mounted, type NodeIndex } from './lab-client.contract.ts';
import { identityWith } from './lab-identity.contract.ts';
import { neverAsked, neverRead, type Records } from './lab-parts.contract.ts';
import { ObservedLog } from './observed-log.contract.ts';
import { createStrategy, strategyNames, traitsOf } from './registry.ts';
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
  maximumSessions: 20,
};

const keys = testRing();

export interface LabNode {
  readonly log: ObservedLog;
  /** While true this node cannot tell what it has missed. */
  stale: boolean;
  /** Null where the keys do not come from the log. */
  readonly signing: NodeSigningKeys | null;
  /** Null where nothing is followed. */
  follower: LogFollower | null;
  readonly fence: StrictFence;
}

export interface LabOptions {
  readonly policy?: Partial<LifetimePolicy>;
  /** Strategies mounted beside the first, on the same log. */
  readonly beside?: readonly string[];
  /** Where each node has its keys from; absent: one ring for all nodes, whose keys stay. */
  readonly openKeys?: (context: CommandContext) => Promise<NodeSigningKeys>;
}

export class StrategyLab {
  readonly name: string;
  readonly traits: Traits;
  readonly clock = new AdvancingClock();
  readonly policy: LifetimePolicy;
  readonly #openRealm: OpenRealm;
  readonly #openKeys: LabOptions['openKeys'];
  readonly #names: readonly string[];
  readonly #nodes: (LabNode & { readonly url: string })[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #unexpected: unknown[] = [];
  #realm: LabRealm | undefined;

  constructor(openRealm: OpenRealm, name: string, { policy, beside, openKeys }: LabOptions = {}) {
    this.name = name;
    this.traits = traitsOf(name);
    this.policy = { ...defaultPolicy, ...policy };
    this.#openRealm = openRealm;
    this.#openKeys = openKeys;
    this.#names = [name, ...(beside ?? [])];
  }

  async start(): Promise<void> {
    this.#realm = this.#openRealm(this.clock);
    for (let index = 0; index < 2; index += 1) await this.startNode();
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

  /** A client without a credential, of a new user unless one is named. */
  client(node: NodeIndex = 0, name: string = this.name, username?: string): Client {
    const mounted: Mounted = { name, traits: traitsOf(name), url: (index) => `${this.node(index).url}/${name}` };
    return new Client(mounted, node, username);
  }

  /** The key that signs this strategy's tokens, where it has one. */
  get signatureKey(): SignatureKey | undefined {
    return keys.accepted.find((key) => key.algorithm.jws === this.traits.signature?.algorithm);
  }

  /** The errors the servers met and nobody had planned; asking forgives them. */
  takeUnexpectedErrors(): readonly unknown[] {
    return this.#unexpected.splice(0);
  }

  /** One more; the lab starts with two. */
  async startNode(): Promise<void> {
    if (this.#realm === undefined) throw new Error('the lab has not been started');
    const log = new ObservedLog(this.#realm.connect());
    this.#closers.push(() => log.close());
    const signing = (await this.#openKeys?.(this.#contextOf(log))) ?? null;
    const fence = new StrictFence({ log, clock: this.clock, stalenessLimitMillis });
    const node = { log, stale: false, url: '', signing, follower: null, fence };
    const followed = await this.#follow(log, node);
    const records = await this.#remember(log, node);
    const strategies = new Map(this.#names.map((name) => [name, this.#mount(name, node, followed, records)]));
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

  #contextOf(log: EventLog): CommandContext {
    const { clock, policy } = this;
    return { log, clock, random: systemRandomBytes, policy, deadlineMillis: 2_000 };
  }

  #mount(name: string, node: LabNode, followed: RevocationView, records: Records): RequestListener {
    const { log, signing, fence } = node;
    const isStrict = this.#names.some((mounted) => traitsOf(mounted).revocation === 'followed-strict');
    const follower = (): LogFollower | null => node.follower;
    const acknowledgement = createAcknowledgement({ log, fence, follower, replicas: 0, isStrict });
    const context = { ...this.#contextOf(log), acknowledgement };
    const strategy = createStrategy(name, {
      context,
      keys: signing?.held.ring ?? keys,
      issuer: 'https://issuer.test',
      revocations: isFollowed(traitsOf(name).revocation) ? followed : neverAsked,
      records: traitsOf(name).stateLocation === 'redis and node memory' ? records : neverRead,
    });
    const report = (error: unknown): number => this.#unexpected.push(error);
    return createStrategyApplication({
      strategy,
      identity: identityWith(changedPasswordsOf(context)),
      accounts: createAccounts(context),
      administration: createAdministration(context, signing, { stalenessLimitMillis, factsOf: traitsOf }),
      allowPlainHttp: true,
      trustProxy: false,
      report,
    }).callback();
  }

  async #follow(log: EventLog, node: LabNode): Promise<RevocationView> {
    const asks = this.#names.some((name) => isFollowed(traitsOf(name).revocation));
    if (!asks && node.signing === null) return neverAsked;
    const follower = new LogFollower({
      log,
      clock: this.clock,
      following: asks ? 'everything' : 'realm',
      random: systemRandomBytes,
      tokenAcceptedMillis: acceptableUntil(this.policy, this.policy.accessTokenMillis),
      nodeId: newNodeId(systemRandomBytes),
      onEvent: (told) => {
        // Nobody was there before: the epoch is as old as one likes.
        if (told.type === 'rebuilt') node.fence.saw(told.partition, told.position.epoch, Number.NEGATIVE_INFINITY);
      },
      ...(node.signing === null ? {} : { signingKeys: node.signing.held }),
      beatIntervalMillis: 50,
      stalenessLimitMillis,
    });
    node.follower = follower;
    this.#closers.push(() => follower.stop());
    await follower.start();
    node.signing?.start(50);
    this.#closers.push(async () => node.signing?.stop());
    return {
      isRevoked: (sid) => follower.isRevoked(sid),
      birthOf: (partition) => follower.birthOf(partition),
      isFresh: (partition) => !node.stale && follower.isFresh(partition),
    };
  }

  /** A node that cannot tell what it has missed answers nothing from memory. */
  async #remember(log: EventLog, node: LabNode): Promise<Records> {
    if (!this.#names.some((name) => traitsOf(name).stateLocation === 'redis and node memory')) return neverRead;
    const { clock } = this;
    const options = { clock, stalenessLimitMillis, pingIntervalMillis: 50, maximumEntries: 1_000 };
    const cache = log.openRecordCache(options);
    this.#closers.push(() => cache.close());
    await vi.waitFor(() => expect(cache.status().fresh).toBe(true));
    return { read: (...record) => (node.stale ? log.readRecord(...record) : cache.read(...record)) };
  }
}

/** A lab for all tests of one `describe`. */
export function useLab(openRealm: OpenRealm, name: string, options: LabOptions = {}): StrategyLab {
  const lab = new StrategyLab(openRealm, name, options);
  beforeAll(() => lab.start());
  afterAll(() => lab.stop());
  return lab;
}

/** A client that has just logged in: of a new user at the first node, unless told otherwise. */
export async function loggedIn(
  lab: StrategyLab,
  username?: string,
  node: NodeIndex = 0,
  name = lab.name,
): Promise<Client> {
  const client = lab.client(node, name, username);
  expect((await client.login()).status).toBe(200);
  return client;
}

/** A strategy of another kind whose revocations count at once, so that waiting for the first says nothing about it. */
export function neighbourOf(name: string): string {
  const found = strategyNames().find((other) => {
    const { bound, logoutRefuses } = traitsOf(other);
    return other !== name && bound === 'zero' && logoutRefuses === 'its-own';
  });
  if (found === undefined) throw new Error('some strategy revokes at once');
  return found;
}
