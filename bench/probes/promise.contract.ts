/** What tests of the promise look at: who was still let in after a revoke was acknowledged, by which node, and how late. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { deferred } from '../load/deferred.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { quantile } from '../statistics/quantiles.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { Probe } from './probe-log.ts';
import { type ProbeRun, VictimProber } from './promise-probes.contract.ts';

/** One victim, from its revoke to the last probe. */
export interface Outcome {
  readonly user: string;
  /** Node that was sent the revoke. */
  readonly revokedAtNode: number;
  readonly revoke: Probe;
  /** Of each node, in any order. */
  readonly probes: readonly (readonly Probe[])[];
}

const retryPauseMillis = 50;

/** Somebody whom every node lets in, until the logout. */
export class Victim {
  readonly #credential: Credential;
  readonly #prober: VictimProber;

  /** Opens connections to every node, and checks that all let the victim in. */
  static async admit(contestant: Contestant, credential: Credential, connectionsPerNode?: number): Promise<Victim> {
    const prober = await VictimProber.open(contestant, connectionsPerNode);
    const statuses = await prober.statuses(credential);
    if (statuses.some((status) => status !== 200)) prober.close();
    expect(new Set(statuses), `how ${credential.user} is answered before the logout`).toEqual(new Set([200]));
    return new Victim(credential, prober);
  }

  constructor(credential: Credential, prober: VictimProber) {
    this.#credential = credential;
    this.#prober = prober;
  }

  /** Logs out once, and asks all nodes at once from the acknowledgement on. */
  async revoke(run: ProbeRun): Promise<Outcome> {
    const outcome = await this.#revoke(run);
    this.#prober.close();
    return outcome;
  }

  /** Logs out again and again until that is acknowledged; the last attempt counts. Throws after `deadlineMillis`. */
  async revokeAtLast(run: ProbeRun, deadlineMillis: number): Promise<Outcome> {
    const giveUpAt = performance.now() + deadlineMillis;
    try {
      for (;;) {
        const outcome = await this.#revoke(run);
        if (isAcknowledged(outcome.revoke)) return outcome;
        if (performance.now() > giveUpAt) {
          throw new Error(`node ${run.revokeAtNode} acknowledges nothing: status ${outcome.revoke.status}`);
        }
        await pause(retryPauseMillis);
        // A connection that nobody uses is closed by the node.
        await this.#prober.statuses(this.#credential);
      }
    } finally {
      this.#prober.close();
    }
  }

  async #revoke(run: ProbeRun): Promise<Outcome> {
    const { revoke, probes } = await this.#prober.revokeAndProbe(this.#credential, run);
    return { user: this.#credential.user, revokedAtNode: run.revokeAtNode, revoke, probes };
  }
}

/** Goes on until it is told to end, and tells when the logout is acknowledged. */
export class OpenRun implements ProbeRun {
  readonly revokeAtNode: number;
  readonly pauseMillis: number;
  readonly onAcknowledged: (revoke: Probe) => void;
  readonly #acknowledged: Promise<number>;
  #over = false;

  constructor(revokeAtNode: number, pauseMillis: number) {
    this.revokeAtNode = revokeAtNode;
    this.pauseMillis = pauseMillis;
    const acknowledged = deferred<number>();
    this.#acknowledged = acknowledged.promise;
    this.onAcknowledged = ({ receivedAt }) => acknowledged.resolve(receivedAt);
  }

  /** Monotonic time of the acknowledgement. Throws when the outcome is there first. */
  acknowledged(outcome: Promise<Outcome>): Promise<number> {
    const none = outcome.then(({ user, revoke }) => {
      throw new Error(`the logout of ${user} was answered with status ${revoke.status}`);
    });
    return Promise.race([this.#acknowledged, none]);
  }

  isEnough(): boolean {
    return this.#over;
  }

  end(): void {
    this.#over = true;
  }
}

/** Until a moment that is part of what is tested. */
export async function pauseUntil(atMillis: number): Promise<void> {
  await pause(Math.max(0, atMillis - performance.now()));
}

/** Everything that was seen of one strategy under one fault. */
export class Figures {
  readonly #name: string;
  readonly #boundMillis: number;
  readonly #logoutMillis: number[] = [];
  readonly #firstProbeMillis: number[] = [];
  readonly #windowMillis: number[] = [];
  readonly #statuses = new Map<number, number>();
  /** A sentence for each probe that was let in although it was sent later than the bound after the acknowledgement. */
  readonly violations: string[] = [];
  #unacknowledged = 0;
  #probes = 0;

  constructor(name: string, boundMillis: number) {
    this.#name = name;
    this.#boundMillis = boundMillis;
  }

  /** Revokes that were acknowledged. */
  get acknowledged(): number {
    return this.#logoutMillis.length;
  }

  /** Acknowledged revokes after which every node was asked within this time. */
  promptWithin(millis: number): number {
    return this.#firstProbeMillis.filter((first) => first <= millis).length;
  }

  /** Acknowledged revokes after which some node still let the victim in, if only within the bound. */
  get exposed(): number {
    return this.#windowMillis.length;
  }

  /** How long after the acknowledgement the latest of all acceptances was sent; 0 when there was none. */
  get longestWindowMillis(): number {
    return Math.max(0, ...this.#windowMillis);
  }

  /** Answers to probes that were sent after an acknowledgement, by status; 0 stands for no answer. */
  count(status: number): number {
    return this.#statuses.get(status) ?? 0;
  }

  /** Probes count from the moment they were sent: those from before the acknowledgement say nothing. */
  add({ user, revokedAtNode, revoke, probes }: Outcome): void {
    if (!isAcknowledged(revoke)) {
      this.#unacknowledged += 1;
      return;
    }
    const acknowledgedAt = revoke.receivedAt;
    this.#logoutMillis.push(acknowledgedAt - revoke.sentAt);
    let window = 0;
    let first = 0;
    for (const [node, asked] of probes.entries()) {
      const after = asked.filter(({ sentAt }) => sentAt >= acknowledgedAt);
      first = Math.max(first, Math.min(...after.map(({ sentAt }) => sentAt)) - acknowledgedAt);
      for (const { sentAt, receivedAt, status } of after) {
        this.#probes += 1;
        this.#statuses.set(status, this.count(status) + 1);
        if (status !== 200) continue;
        const late = sentAt - acknowledgedAt;
        window = Math.max(window, late);
        if (late <= this.#boundMillis) continue;
        this.violations.push(
          `node ${node} let ${user} in, asked ${micros(late)} after node ${revokedAtNode} had acknowledged its logout ` +
            `(which took ${micros(acknowledgedAt - revoke.sentAt)}), answered after another ${micros(receivedAt - sentAt)}`,
        );
      }
    }
    this.#firstProbeMillis.push(first);
    if (window > 0) this.#windowMillis.push(window);
  }

  /** In the order of `columns`. */
  row(): readonly string[] {
    const others = [...this.#statuses].filter(([status]) => ![200, 401, 503].includes(status));
    return [
      this.#name,
      `${this.acknowledged}${this.#unacknowledged > 0 ? ` (+${this.#unacknowledged} not acknowledged)` : ''}`,
      ...spread(this.#logoutMillis, [0.5, 0.99, 1]),
      ...spread(this.#firstProbeMillis, [0.5, 1]),
      `${this.#probes}`,
      `${this.count(401)}`,
      `${this.count(503)}`,
      others.map(([status, count]) => `${count} of status ${status}`).join(', ') || '0',
      `${this.count(200)} (${this.exposed} revokes)`,
      this.longestWindowMillis.toFixed(1),
      `${this.#boundMillis}`,
      `${this.violations.length}`,
    ];
  }
}

const columns = [
  'strategy and fault',
  'revokes',
  ...['logout p50, ms', 'p99', 'max'],
  ...['every node asked within p50, ms', 'max'],
  'probes after it',
  ...['401', '503', 'else', 'let in'],
  'latest let in, ms after it',
  'bound, ms',
  'beyond the bound',
];

/** For whoever runs the test, or quotes it. */
export function printFigures(title: string, figures: readonly Figures[]): void {
  const rows = figures.map((one) => one.row());
  console.log(`\n${title}\n\n${markdownTable(columns, rows)}\n`);
}

export function isAcknowledged({ status }: Probe): boolean {
  return status >= 200 && status <= 299;
}

function spread(values: readonly number[], shares: readonly number[]): readonly string[] {
  return shares.map((share) => (values.length === 0 ? '' : quantile(values, share).toFixed(2)));
}

function micros(millis: number): string {
  return `${Math.round(millis * 1_000)} µs`;
}
