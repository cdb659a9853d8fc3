/** What an attack is: a question put to a server over HTTP, with an answer that says what was seen. Interfaces only. */

import type { Clock } from '../../src/kernel/clock.ts';
import type { AttackOutcome } from '../record/attack-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import type { PlannedRequest } from '../workload/log-in.ts';

/** One entry of the catalogue. */
export interface Attack {
  readonly name: string;
  /** What the attacker does, in a few words. */
  readonly deed: string;
  readonly question: string;
  /** CVE, RFC section or OWASP requirement that tells of it. */
  readonly source: string;
  /** Whether servers with these traits have what it takes aim at. */
  against(traits: Contestant['traits']): boolean;
  /**
   * Attacks with the session of a user who has just logged in and was let in. What it does to this session is its own
   * affair; other users' are left alone. Throws ERR_PART_CRASHED when the server does not answer, ERR_INTERRUPTED.
   */
  run(scene: Scene, session: Credential): Promise<AttackResult>;
}

export interface AttackResult {
  readonly outcome: AttackOutcome;
  /** What was sent and what was answered, in one sentence without a full stop. Never a credential. */
  readonly evidence: string;
}

/** A server under attack, and what is known of how it was started. */
export interface AttackTarget {
  /** Its first node is attacked. */
  readonly contestant: Contestant;
  /** From issue to refusal: what the server was told about the access tokens it issues. */
  readonly accessTokenLifetimeMillis: number;
  /** For so long after its expiry a token may still be accepted. */
  readonly leewayMillis: number;
  /** The bound B after an acknowledged revocation; null: the remaining lifetime, or none. */
  readonly boundMillis: number | null;
}

/** The target, and the means of an attacker. */
export interface Scene extends AttackTarget {
  readonly clock: Clock;
  /** One request and its whole answer. Throws ERR_PART_CRASHED when there is none, ERR_INTERRUPTED. */
  ask(request: PlannedRequest): Promise<Answer>;
  /** A moment between two requests. Throws ERR_INTERRUPTED. */
  pause(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  /** OAuth 2.0 error code (RFC 6750 3.1, RFC 6749 5.2) in the challenge or the body; null when there is none. */
  readonly error: string | null;
  readonly setCookies: readonly string[];
  readonly body: string;
  /** Monotonic time of sending, and of the whole answer's arrival. */
  readonly sentAtMillis: number;
  readonly receivedAtMillis: number;
}
