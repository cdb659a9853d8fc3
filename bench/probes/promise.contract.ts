/** What tests of the promise look at: who was still let in after a revoke was acknowledged, by which node, and how late. */

import { markdownTable } from '../report/markdown-table.ts';
import { quantile } from '../statistics/quantiles.ts';
import type { Probe, ProbeLog } from './probe-log.ts';

/** One victim, from its revoke to the last probe. */
export interface Outcome {
  readonly user: string;
  /** Node that was sent the revoke. */
  readonly revokedAtNode: number;
  readonly revoke: Probe;
  /** Of each node. */
  readonly logs: readonly ProbeLog[];
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
  add({ user, revokedAtNode, revoke, logs }: Outcome): void {
    if (!isAcknowledged(revoke)) {
      this.#unacknowledged += 1;
      return;
    }
    const acknowledgedAt = revoke.receivedAt;
    this.#logoutMillis.push(acknowledgedAt - revoke.sentAt);
    let window = 0;
    for (const [node, log] of logs.entries()) {
      const after = log.inOrderOfSending().filter(({ sentAt }) => sentAt > acknowledgedAt);
      if (after[0] !== undefined) this.#firstProbeMillis.push(after[0].sentAt - acknowledgedAt);
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
  ...['first probe after it p50, ms', 'max'],
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
