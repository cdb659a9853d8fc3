/** Asks every node with several credentials of one contestant, over and over, whatever befalls the nodes meanwhile. */

import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { PlannedRequest } from '../workload/log-in.ts';
import { ProbeConnection } from './connection.ts';
import { type Probe, ProbeLog } from './probe-log.ts';
import { protectedRequest } from './prober.ts';

/** The latest answers of one node to one credential that all have the same status. */
export interface Standing {
  /** Null before the first answer. */
  readonly status: number | null;
  readonly length: number;
  /** Monotonic time of the first and of the latest of them. */
  readonly since: number;
  readonly latestAt: number;
}

export interface Watched {
  readonly credential: Credential;
  /** Of each node. */
  readonly logs: readonly ProbeLog[];
  readonly standings: readonly Standing[];
}

/** Credentials of a lane take turns on one connection to each node; lanes do not wait for each other. */
export type Lane = 'valid' | 'revoked';

export interface FaultWatchOptions {
  /** From an answer to the next request of the same connection. */
  readonly pauseMillis: Readonly<Record<Lane, number>>;
  /** A request without an answer by then counts as unanswered. */
  readonly requestTimeoutMillis: number;
  readonly clock?: Clock;
}

/** A few seconds of one credential; a longer watch doubles it. */
const logCapacity = 256;
const unknown: Standing = { status: null, length: 0, since: 0, latestAt: 0 };

interface Member extends Watched {
  readonly standings: Standing[];
}

export class FaultWatch {
  readonly contestant: Contestant;
  readonly #options: FaultWatchOptions;
  readonly #clock: Clock;
  readonly #members: Readonly<Record<Lane, Member[]>> = { valid: [], revoked: [] };
  readonly #connections: ProbeConnection[] = [];
  readonly #errands = new Map<number, ProbeConnection>();
  readonly #running: Promise<void>[] = [];
  #stopped = false;

  constructor(contestant: Contestant, options: FaultWatchOptions) {
    this.contestant = contestant;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** From now on every node is asked with this credential too. */
  add(lane: Lane, credential: Credential): Watched {
    const { nodes } = this.contestant;
    const member: Member = {
      credential,
      logs: nodes.map(() => new ProbeLog(logCapacity)),
      standings: nodes.map(() => unknown),
    };
    const members = this.#members[lane];
    members.push(member);
    if (members.length === 1) for (const node of nodes.keys()) this.#running.push(this.#loop(lane, node));
    return member;
  }

  /** Asks every node once more, out of turn and at once. */
  prompt(watched: Watched): void {
    const member = [...this.#members.valid, ...this.#members.revoked].find((each) => each === watched);
    if (member === undefined || this.#stopped) return;
    const request = protectedRequest(this.contestant, member.credential);
    for (const node of this.contestant.nodes.keys()) {
      const asked = this.askOnce(node, request).then((probe) => this.#hear(member, node, probe));
      this.#running.push(asked);
    }
  }

  /** One request after the other on a connection to the node that is kept for this. Never throws: no answer is status 0. */
  ask(node: number, request: PlannedRequest): Promise<Probe> {
    const kept = this.#errands.get(node) ?? this.#connect(node);
    this.#errands.set(node, kept);
    return kept.ask(request);
  }

  /** One request on a connection of its own. Never throws: no answer is status 0. */
  async askOnce(node: number, request: PlannedRequest): Promise<Probe> {
    const connection = this.#connect(node);
    try {
      return await connection.ask(request);
    } finally {
      await connection.close();
    }
  }

  /** Ends the asking over and over; returns when every request has its answer, or has waited for it long enough. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  /** The end of everything. Safe to call twice. */
  async close(): Promise<void> {
    await this.stop();
    await Promise.all([...this.#errands.values()].map((connection) => connection.close()));
    this.#errands.clear();
  }

  async #loop(lane: Lane, node: number): Promise<void> {
    const connection = this.#connect(node);
    this.#connections.push(connection);
    for (let turn = 0; !this.#stopped; turn += 1) {
      const members = this.#members[lane];
      const member = members[turn % members.length];
      if (member === undefined) return;
      this.#hear(member, node, await connection.ask(protectedRequest(this.contestant, member.credential)));
      await new Promise((resolve) => setTimeout(resolve, this.#options.pauseMillis[lane]));
    }
  }

  #hear(member: Member, node: number, { sentAt, receivedAt, status }: Probe): void {
    member.logs[node]?.record(sentAt, receivedAt, status);
    const before = member.standings[node] ?? unknown;
    member.standings[node] =
      before.status === status
        ? { ...before, length: before.length + 1, latestAt: receivedAt }
        : { status, length: 1, since: receivedAt, latestAt: receivedAt };
  }

  #connect(node: number): ProbeConnection {
    const { requestTimeoutMillis } = this.#options;
    return new ProbeConnection(this.contestant.nodes[node] ?? '', { requestTimeoutMillis, clock: this.#clock });
  }
}
