/** One contestant under a fault: its users, who of them logs out when, and what became of each. */

import { systemClock } from '../../src/kernel/clock.ts';
import type { Standstill } from '../environment/stopped-child.ts';
import type { CredentialUnderFault } from '../record/fault-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { logIn, type PlannedRequest, revokeRequest } from '../workload/log-in.ts';
import { answersOf, overlaps } from './fault-answers.ts';
import { type Newcomer, welcomeNewcomer } from './fault-newcomer.ts';
import { FaultWatch, type Lane, type Watched } from './fault-watch.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { toMicrosecond } from './observe.ts';
import type { Probe } from './probe-log.ts';
import { protectedRequest } from './prober.ts';

/** Of the users who never log out, and of those who have before the fault; the first of each is asked for all the time. */
const validUsers = 2;
const revokedBefore = 3;
/**
 * From an answer to the next request of the same connection. Nine contestants ask two nodes, which may share a core, some
 * 1,300 times a second by this: a node that is kept busy would tell of that, and not of the fault.
 */
const pauseMillis = { valid: 40, revoked: 25 };
/** Longer than any fault lasts; whoever gives no answer by then hangs. */
const requestTimeoutMillis = 10_000;
/** As long a node must have answered a fresh credential as it ought to before anything is broken. */
const soundAnswers = 5;
const pollMillis = 10;
/** In the end each node is asked until it knows, so often at most. */
const finalAttempts = 10;
const finalPauseMillis = 200;

interface Member {
  readonly part: CredentialUnderFault['part'];
  readonly credential: Credential;
  watched: Watched | null;
  logout: { readonly node: number; readonly probe: Probe } | null;
  readonly final: number[];
  refreshStatus: number | null;
}

export interface SubjectOptions {
  readonly contestant: Contestant;
  /** How many will log out while the fault is there. */
  readonly leaving: number;
  /** Numbers of users whom nobody else is; as many as are asked for follow each other. */
  readonly takeUsers: (count: number) => number;
  /** How long after an acknowledged logout nodes may let somebody in; null: there is no telling. */
  readonly boundMillis: number | null;
  readonly signal?: AbortSignal;
}

export class FaultSubject {
  readonly contestant: Contestant;
  readonly boundMillis: number | null;
  readonly #options: SubjectOptions;
  readonly #watch: FaultWatch;
  readonly #members: Member[] = [];
  readonly #logouts: Promise<void>[] = [];
  #newcomer: Newcomer = { logins: 0, acceptedAt: null };

  constructor(options: SubjectOptions) {
    this.contestant = options.contestant;
    this.boundMillis = options.boundMillis;
    this.#options = options;
    this.#watch = new FaultWatch(options.contestant, { pauseMillis, requestTimeoutMillis });
  }

  /**
   * Logs everybody in, and out who leaves before; returns null when every node answers as it ought to, else what is
   * wrong. Throws as `logIn`.
   */
  async prepare(): Promise<string | null> {
    const { contestant, leaving, takeUsers, signal } = this.#options;
    const count = validUsers + revokedBefore + leaving;
    // All contestants do this at the same time, on the same nodes.
    const options = { firstUser: takeUsers(count), concurrency: 1, ...(signal && { signal }) };
    const loggedIn = await logIn(contestant, count, options);
    for (const [index, { credential }] of loggedIn.entries()) {
      const part =
        index < validUsers ? 'valid' : index < validUsers + revokedBefore ? 'revoked-before' : 'revoked-during';
      this.#members.push({ part, credential, watched: null, logout: null, final: [], refreshStatus: null });
    }
    const [valid] = this.#of('valid');
    const gone = this.#of('revoked-before');
    if (valid !== undefined) this.#ask('valid', valid);
    for (const [index, member] of gone.entries()) await this.#logOut(member, index % contestant.nodes.length);
    const refused = gone.find(({ logout }) => !isAcknowledged(logout?.probe));
    if (refused !== undefined) return `a logout was answered with ${refused.logout?.probe.status} before the fault`;
    const [first] = gone;
    if (first !== undefined) this.#ask('revoked', first);
    return this.#soundness();
  }

  /**
   * Asks every node at once, on connections of their own, about somebody who has logged out before and somebody who has
   * not: what reaches a node that is stopped waits there until it goes on.
   */
  prompt(): void {
    for (const { part, watched } of this.#members) {
      if (part !== 'revoked-during' && watched !== null) this.#watch.prompt(watched);
    }
  }

  /** Sends the logout of the next who leaves; its answer is awaited in `finish`. */
  logOutNext(node: number): void {
    const member = this.#of('revoked-during').find(({ watched }) => watched === null);
    if (member === undefined) return;
    this.#ask('revoked', member);
    this.#logouts.push(this.#logOut(member, node));
  }

  /** Logs somebody new in; returns when that holds, or at `giveUpAt` (monotonic). */
  async welcome(giveUpAt: number): Promise<void> {
    const { contestant, takeUsers, signal } = this.#options;
    const ask = this.#watch.ask.bind(this.#watch);
    this.#newcomer = await welcomeNewcomer({ contestant, takeUsers, ask, giveUpAt, ...(signal && { signal }) });
  }

  /** Whether every node has said the same of every credential for so long, and knew what it said. */
  hasSettled(forMillis: number, from: number): boolean {
    return this.#members.every(({ watched }) =>
      (watched?.standings ?? []).every(
        ({ status, since, latestAt }) =>
          (status === 200 || status === 401) && latestAt - Math.max(since, from) >= forMillis,
      ),
    );
  }

  /** Ends the watch, and asks every node once more about everybody, until it knows. */
  async finish(): Promise<void> {
    await Promise.all(this.#logouts);
    await this.#watch.stop();
    const { contestant } = this.#options;
    await Promise.all(
      this.#members.map(async (member) => {
        const request = protectedRequest(contestant, member.credential);
        const nodes = [...contestant.nodes.keys()];
        member.final.push(...(await Promise.all(nodes.map((node) => this.#lastWord(node, request)))));
      }),
    );
    const path = contestant.refreshPath;
    if (path === null) return;
    for (const member of this.#members) {
      const headers = { ...member.credential.headersFor(path), 'content-type': 'application/json' };
      member.refreshStatus = await this.#lastWord(0, { method: 'POST', path, headers, body: '{}' });
    }
  }

  /** Ends the asking, wherever it stands. Safe to call twice. */
  close(): Promise<void> {
    return this.#watch.close();
  }

  /** After `finish`. `zeroAt` and `endedAt`: monotonic moments of the fault's beginning, from which all count, and end. */
  observed(zeroAt: number, endedAt: number, standstills: readonly Standstill[]) {
    const since = (at: number) => toMicrosecond(at - zeroAt);
    const ofNode = (node: number) => standstills.filter((each) => each.node === node);
    const { logins, acceptedAt } = this.#newcomer;
    return {
      credentials: this.#members.map(
        ({ part, watched, logout, final, refreshStatus }): CredentialUnderFault => ({
          part,
          logout:
            logout === null
              ? null
              : {
                  node: logout.node,
                  sentMillis: since(logout.probe.sentAt),
                  answeredMillis: since(logout.probe.receivedAt),
                  status: logout.probe.status,
                  waited: ofNode(logout.node).some((each) => overlaps(logout.probe, each)),
                },
          answers: (watched?.logs ?? []).map((log, node) =>
            answersOf(node, log.inOrderOfSending(), {
              standstills: ofNode(node),
              zeroAt,
              marksAt: [zeroAt, endedAt, ...this.#marksOf(logout?.probe)],
            }),
          ),
          final,
          refreshStatus,
        }),
      ),
      newcomer: { logins, acceptedMillis: acceptedAt === null ? null : since(acceptedAt) },
    };
  }

  #of(part: Member['part']): readonly Member[] {
    return this.#members.filter((member) => member.part === part);
  }

  #ask(lane: Lane, member: Member): void {
    member.watched = this.#watch.add(lane, member.credential);
  }

  async #logOut(member: Member, node: number): Promise<void> {
    const probe = await this.#watch.askOnce(node, revokeRequest(this.contestant, member.credential));
    member.logout = { node, probe };
    // The moment after the acknowledgement is the one that tells most.
    if (isAcknowledged(probe) && member.watched !== null) this.#watch.prompt(member.watched);
  }

  /** The acknowledgement, and the moment from which nobody may let the user in. */
  #marksOf(logout: Probe | undefined): readonly number[] {
    if (logout === undefined || !isAcknowledged(logout)) return [];
    const { receivedAt } = logout;
    return this.boundMillis === null ? [receivedAt] : [receivedAt, receivedAt + this.boundMillis];
  }

  async #lastWord(node: number, request: PlannedRequest): Promise<number> {
    let status = 0;
    for (let attempt = 0; attempt < finalAttempts && status !== 200 && status !== 401; attempt += 1) {
      if (attempt > 0) await interruptibleDelay(finalPauseMillis, this.#options.signal);
      status = (await this.#watch.ask(node, request)).status;
    }
    return status;
  }

  async #soundness(): Promise<string | null> {
    const deadline = systemClock.monotonicMillis() + (this.boundMillis ?? 0) + requestTimeoutMillis;
    for (;;) {
      const wrong = this.#unsound();
      if (wrong === null || systemClock.monotonicMillis() > deadline) return wrong;
      await interruptibleDelay(pollMillis, this.#options.signal);
    }
  }

  #unsound(): string | null {
    const revokedStatus = this.boundMillis === null ? 200 : 401;
    for (const { part, watched } of this.#members) {
      const expected = part === 'valid' ? 200 : revokedStatus;
      for (const [node, { status, length }] of (watched?.standings ?? []).entries()) {
        const what = part === 'valid' ? 'a fresh credential' : 'a revoked credential';
        if (status !== expected || length < soundAnswers) return `${what} is answered with ${status} by node ${node}`;
      }
    }
    return null;
  }
}

function isAcknowledged(probe: Probe | undefined): boolean {
  return probe !== undefined && probe.status >= 200 && probe.status <= 299;
}
