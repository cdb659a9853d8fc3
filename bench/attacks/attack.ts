/** What an attack is: a question put to a server over HTTP, with an answer that says what was seen. Interfaces only. */

import type { Clock } from '../../src/kernel/clock.ts';
import type { AttackGroup, AttackOutcome } from '../record/attack-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { BrokenVariant } from './broken/parts.ts';
import type { Signer } from './signer.ts';

/** What can be tried on a server. */
export interface Attack {
  readonly name: string;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  /** CVE, RFC section or OWASP requirement that tells of it. */
  readonly source: string;
  /** Why servers with these traits have nothing that this takes aim at, in a few words; null: they have. */
  inapplicable(traits: Contestant['traits']): string | null;
  /**
   * Attacks with the session of a user who has just logged in and was let in. What it does to this session is its own
   * affair; other users' are left alone. Throws ERR_PART_CRASHED when the server does not answer, ERR_INTERRUPTED,
   * NothingProven when the server did not do its ordinary work.
   */
  run(scene: Scene, session: Credential): Promise<AttackResult>;
}

/** One entry of the catalogue. */
export interface CataloguedAttack extends Attack {
  readonly group: AttackGroup;
  readonly title: string;
  /** A server that this attack must get through; without its mistake the same server must block it. */
  readonly broken: BrokenVariant;
  /** `people`: on a node with hashed passwords and login limits, which the lab's other nodes are without. */
  readonly ground?: 'people';
  /** Why it cannot be tried on this machine, in a few words; null or absent: it can. */
  hindrance?(): Promise<string | null>;
  /** It changes what all strategies of a node share, so that they are attacked one after the other. */
  readonly alone?: true;
}

export interface AttackResult {
  readonly outcome: AttackOutcome;
  /** What was sent and what was answered, in one sentence without a full stop. Never a credential. */
  readonly evidence: string;
}

/** A server under attack, and what is known of how it was started. */
export interface AttackTarget {
  /** Its first node is attacked; what must be known everywhere is tried on its last. */
  readonly contestant: Contestant;
  /** The same of another realm, whose users have the same names; null: there is none. */
  readonly elsewhere: Contestant | null;
  /** From issue to refusal: what the server was told about the access tokens it issues. */
  readonly accessTokenLifetimeMillis: number;
  /** For so long after its expiry a token may still be accepted. */
  readonly leewayMillis: number;
  /** The bound B after an acknowledged revocation; null: the remaining lifetime, or none. */
  readonly boundMillis: number | null;
  /** For so long after its end a signing key may still be accepted. */
  readonly keyBoundMillis: number;
  /**
   * Signs as the server does: whoever starts a server may give it its key. So a token can be wrong in one thing alone.
   * Null where the server made its key itself.
   */
  readonly signer: Signer | null;
}

/** The target, and the means of an attacker. */
export interface Scene extends AttackTarget {
  readonly clock: Clock;
  /** One request and its whole answer. Throws ERR_PART_CRASHED when there is none, ERR_INTERRUPTED. */
  ask(request: AttackRequest): Promise<Answer>;
  /** All at the same time, on connections of their own. Throws as `ask`. */
  askAtOnce(requests: readonly AttackRequest[]): Promise<readonly Answer[]>;
  /** The same of the other realm. Throws as `ask`. */
  askElsewhere(request: AttackRequest): Promise<Answer>;
  /** A moment between two requests. Throws ERR_INTERRUPTED. */
  pause(): Promise<void>;
  /** As `ask`, of the last node: what one node was told, another must know. The first, where there is but one. */
  askAnother(request: AttackRequest): Promise<Answer>;
  /** The name of a user whom nothing else uses. */
  nextUser(): string;
  /** An address from which requests seem to come that nothing else uses, where the server believes its proxy. */
  nextSource(): string;
}

export interface AttackRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  /** Several values of one name are sent as several fields. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** OAuth 2.0 error code (RFC 6750 3.1, RFC 6749 5.2) in the challenge or the body; null when there is none. */
  readonly error: string | null;
  readonly setCookies: readonly string[];
  /** By their names in lower case; several values of one name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Monotonic time of sending, and of the whole answer's arrival. */
  readonly sentAtMillis: number;
  readonly receivedAtMillis: number;
}
