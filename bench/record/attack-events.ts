/** What can happen in a run when servers are attacked: part of the events in `run-events.ts`. */

import type { AttackGroup, MistakeName } from '../scenario/schema.ts';

export type { AttackGroup, MistakeName };

/** For how long a door stood open that should have been shut. */
export interface OpenWindow {
  /** From the moment at which it should have been shut to the last accepted request sent after it. */
  readonly millis: number;
  /** False: it still was open when the watch ended. */
  readonly ended: boolean;
}

/** What came of one attack on one server. */
export type AttackOutcome =
  /** Refused whenever it should have been. */
  | { readonly kind: 'blocked' }
  /**
   * It got through: for a while, of which as much as `boundMillis` is what the server publishes as its bound, or (null)
   * as often as it is tried.
   */
  | { readonly kind: 'open'; readonly window: OpenWindow | null; readonly boundMillis: number }
  /**
   * It got through as the traits of the strategy say it will: for no longer than that, or (null) as often as it is tried.
   * The reason is in the strategy's own words; absent where the window is all there is to say.
   */
  | { readonly kind: 'open-by-design'; readonly window: OpenWindow | null; readonly reason?: string }
  /** The server did not do its ordinary work, or judged nothing: neither *blocked* nor *open* would mean anything. */
  | { readonly kind: 'unproven' };

/** The server has nothing that this attack could take aim at, for the reason given; it was not tried. */
export interface NotApplicable {
  readonly kind: 'not-applicable';
  readonly reason: string;
}

/** One attack of the catalogue, tried on the server that was broken for it or on one of the strategies. */
export interface AttackTried {
  readonly type: 'AttackTried';
  readonly at: string;
  readonly attack: string;
  readonly group: AttackGroup;
  readonly title: string;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  /** CVE, RFC section or OWASP requirement that tells of it. */
  readonly source: string;
  /** A server broken on purpose, or one that is held to be right. */
  readonly variant: 'broken' | 'right';
  /** The strategy's name, or the broken variant's. */
  readonly contestant: string;
  readonly outcome: AttackOutcome | NotApplicable;
  /** What was sent and what was answered; empty where nothing was sent. */
  readonly evidence: string;
}

/** One classic mistake, tried on a server that makes it or on one of the strategies. */
export interface MistakeTried {
  readonly type: 'MistakeTried';
  readonly at: string;
  readonly mistake: MistakeName;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  /** CVE, RFC section or OWASP requirement that tells of the mistake. */
  readonly source: string;
  /** A server broken on purpose, or one that is held to be right. */
  readonly variant: 'broken' | 'right';
  /** The strategy's name, or the broken variant's. */
  readonly contestant: string;
  readonly outcome: AttackOutcome;
  /** What was sent and what was answered. */
  readonly evidence: string;
}
