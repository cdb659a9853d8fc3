/** The clients of a random history: what each session holds, and how each operation is asked of a node. */

import { systemClock } from '../../src/kernel/clock.ts';
import type { ChaosExchange, ChaosOperation } from '../record/chaos-events.ts';
import { type Contestant, userName } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { ExchangeConnection, Exchanged } from '../workload/exchange.ts';
import { type PlannedRequest, revokeRequest } from '../workload/log-in.ts';
import { SessionClient } from '../workload/session-client.ts';
import { ChaosConnections } from './chaos-connections.ts';
import { ChaosNames } from './chaos-names.ts';
import { rolesIn } from './observe-roles.ts';
import { protectedRequest } from './prober.ts';

/** Users of each contestant are its own: what ends all sessions of a user ends those of one contestant. */
const usersPerContestant = 10_000;
const jsonContent = { 'content-type': 'application/json' };
const signingAlgorithm = 'hs256';

export interface HeldSession {
  readonly contestant: number;
  readonly user: number;
  readonly session: number;
  /** By generation: each came with the refresh of the one before. */
  readonly credentials: Credential[];
  isRefreshing: boolean;
}

export class ChaosClients {
  readonly contestants: readonly Contestant[];
  /** In the order in which they were logged in. */
  readonly sessions = new Map<number, HeldSession>();
  readonly exchanges: ChaosExchange[] = [];
  readonly #nodes: readonly ChaosConnections[];
  #zeroAt = 0;
  readonly #names = new ChaosNames();
  #roleChanges = 0;

  constructor(contestants: readonly Contestant[]) {
    this.contestants = contestants;
    this.#nodes = (contestants[0]?.nodes ?? []).map((baseUrl) => new ChaosConnections(baseUrl));
  }

  /** Moments count from here. */
  begin(zeroAt: number): void {
    this.#zeroAt = zeroAt;
  }

  get nodes(): number {
    return this.#nodes.length;
  }

  /** Returns when there are connections to every node. */
  async connect(count: number): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.connect(count)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  /** Nothing where the operation has no object: the session was never begun, say. */
  async perform(operation: ChaosOperation, choose: number): Promise<void> {
    const { kind } = operation;
    if (kind === 'login') return this.#logIn(operation);
    if (kind === 'rotate') return this.#administer(operation, '/admin/keys/rotate', this.#rotation());
    const held = this.sessions.get(operation.session);
    if (held === undefined) return;
    switch (kind) {
      case 'probe':
        await this.probe(held, Math.floor(choose * held.credentials.length), operation.node, 'probe');
        return;
      case 'stray':
        return this.#stray(held, operation.node, choose);
      case 'refresh':
        await this.refresh(held, operation.node);
        return;
      case 'replay':
        return this.#replay(held, operation.node);
      case 'logout':
      case 'logout-all':
        return this.#end(held, kind, operation.node);
      case 'revoke':
        return this.#administer(operation, `/admin/users/${userOf(operation)}/revoke`, {});
      case 'roles': {
        const change = ++this.#roleChanges;
        return this.#administer(
          operation,
          `/admin/users/${userOf(operation)}/roles`,
          { roles: [roleOf(change)] },
          change,
        );
      }
    }
  }

  /** Whether the answer tells anything: that the credential is accepted, or that it is not. */
  async probe(held: HeldSession, generation: number, node: number, kind: 'probe' | 'last-word'): Promise<boolean> {
    const contestant = this.#contestant(held);
    const credential = held.credentials[generation];
    if (credential === undefined) return true;
    const exchanged = await this.ask(node, protectedRequest(contestant, credential));
    const told = exchanged.status === 200 ? rolesIn(exchanged.body) : null;
    this.#record({ kind, ...who(held), generation, node }, exchanged, told === null ? {} : { roles: changeOf(told) });
    return isTelling(exchanged);
  }

  /** With the newest refresh token. A client refreshes once at a time. Returns as `probe`. */
  async refresh(held: HeldSession, node: number): Promise<boolean> {
    const contestant = this.#contestant(held);
    const { refreshPath } = contestant;
    const generation = held.credentials.length - 1;
    const credential = held.credentials[generation];
    if (refreshPath === null || credential === undefined || held.isRefreshing) return true;
    held.isRefreshing = true;
    try {
      const { exchanged, credential: gained } = await this.#use(node, (connection) =>
        new SessionClient(contestant, connection).refresh(credential, refreshPath),
      );
      if (gained !== null) held.credentials.push(gained);
      const brought = gained === null ? {} : { gained: this.#names.gained(contestant, gained, generation + 1) };
      this.#record({ kind: 'refresh', ...who(held), generation, node }, exchanged, brought);
      return isTelling(exchanged);
    } finally {
      held.isRefreshing = false;
    }
  }

  async #logIn(operation: ChaosOperation): Promise<void> {
    const { contestant: index, user, session, node } = operation;
    const contestant = this.#contestant(operation);
    const { exchanged, credential } = await this.#use(node, (connection) =>
      new SessionClient(contestant, connection).logIn(userOf(operation)),
    );
    if (credential !== null) {
      this.sessions.set(session, { contestant: index, user, session, credentials: [credential], isRefreshing: false });
    }
    const brought = credential === null ? {} : { gained: this.#names.gained(contestant, credential, 0) };
    this.#record({ kind: 'login', contestant: index, user, session, generation: 0, node }, exchanged, brought);
  }

  /** The token of one contestant, shown to the next. */
  async #stray(held: HeldSession, node: number, choose: number): Promise<void> {
    const own = this.#contestant(held);
    const others = this.contestants.filter((other) => other !== own && other.bearerTokenField !== null);
    const other = others[Math.floor(choose * others.length)];
    const generation = held.credentials.length - 1;
    const credential = held.credentials[generation];
    if (own.bearerTokenField === null || other === undefined || credential === undefined) return;
    const { authorization } = credential.headersFor(own.protectedPath);
    if (authorization === undefined) return;
    const request = { method: 'GET', path: other.protectedPath, headers: { authorization } } as const;
    this.#record({ kind: 'stray', ...who(held), generation, node }, await this.ask(node, request));
  }

  async #replay(held: HeldSession, node: number): Promise<void> {
    const { refreshPath } = this.#contestant(held);
    const generation = held.credentials.length - 3;
    const credential = held.credentials[generation];
    if (refreshPath === null || credential === undefined) return;
    const headers = { ...credential.headersFor(refreshPath), ...jsonContent };
    const exchanged = await this.ask(node, { method: 'POST', path: refreshPath, headers, body: '{}' });
    this.#record({ kind: 'replay', ...who(held), generation, node }, exchanged);
  }

  async #end(held: HeldSession, kind: 'logout' | 'logout-all', node: number): Promise<void> {
    const contestant = this.#contestant(held);
    const generation = held.credentials.length - 1;
    const credential = held.credentials[generation];
    if (credential === undefined) return;
    const path = contestant.revokePath.replace(/logout$/, kind);
    const request = revokeRequest({ ...contestant, revokePath: path }, credential);
    this.#record({ kind, ...who(held), generation, node }, await this.ask(node, request));
  }

  /** An administrator logs in for it, whose own session is nobody's business; not let in, nothing has been asked. */
  async #administer(operation: ChaosOperation, route: string, body: object, roles?: number): Promise<void> {
    const { kind, contestant: index, user, session, node } = operation;
    const contestant = this.#contestant(operation);
    const { administration, login } = contestant;
    if (administration === undefined) return;
    const mount = login.path.slice(0, -'/auth/login'.length);
    await this.#use(node, async (connection) => {
      const { credential } = await new SessionClient(contestant, connection).logIn(administration.administrator);
      if (credential === null) return;
      const path = mount + route;
      const headers = { ...credential.headersFor(path), ...jsonContent };
      const exchanged = await connection.ask({ method: 'POST', path, headers, body: JSON.stringify(body) });
      if (exchanged.status === 401) return;
      const whose = { contestant: index, user, session: kind === 'rotate' ? -1 : session };
      this.#record({ kind, ...whose, generation: 0, node }, exchanged, roles === undefined ? {} : { roles });
    });
  }

  #rotation(): object {
    return { algorithm: signingAlgorithm, retireOld: 'at-activation' };
  }

  #record(
    what: Pick<ChaosExchange, 'kind' | 'contestant' | 'user' | 'session' | 'generation' | 'node'>,
    { sentAt, receivedAt, status }: Exchanged,
    more: Pick<ChaosExchange, 'gained' | 'roles'> = {},
  ): void {
    const since = (at: number) => Math.round((at - this.#zeroAt) * 1_000) / 1_000;
    this.exchanges.push({ ...what, sentMillis: since(sentAt), answeredMillis: since(receivedAt), status, ...more });
  }

  /** Unrecorded. */
  ask(node: number, request: PlannedRequest): Promise<Exchanged> {
    return this.#use(node, (connection) => connection.ask(request));
  }

  #use<Value>(node: number, work: (connection: ExchangeConnection) => Promise<Value>): Promise<Value> {
    const connections = this.#nodes[node];
    if (connections === undefined) throw new RangeError(`there is no node ${node}`);
    return connections.use(work);
  }

  #contestant({ contestant }: { readonly contestant: number }): Contestant {
    const found = this.contestants[contestant];
    if (found === undefined) throw new RangeError(`there is no contestant ${contestant}`);
    return found;
  }
}

export function now(): number {
  return systemClock.monotonicMillis();
}

function isTelling({ status }: Exchanged): boolean {
  return status === 200 || status === 401;
}

function who({ contestant, user, session }: HeldSession) {
  return { contestant, user, session };
}

function userOf({ contestant, user }: Pick<ChaosOperation, 'contestant' | 'user'>): string {
  return userName(contestant * usersPerContestant + user);
}

function roleOf(change: number): string {
  return `change-${change}`;
}

/** 0: what the user had before any change. */
function changeOf(roles: readonly string[]): number {
  return Number(/^change-(\d+)$/.exec(roles[0] ?? '')?.[1] ?? 0);
}
