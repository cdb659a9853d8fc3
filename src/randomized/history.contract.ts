/** What happened in a run as its clients saw it, beside what was done to the log: all that the judge may go by. */

import type { Traits } from '../strategies/strategy.ts';
import type { Request } from './messages.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';

/** `refused`: 401, it did not happen. `unknown`: 503, or no answer at all: perhaps it did. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** One request and what came of it. Times are true ones. */
export interface Exchange {
  readonly kind: Request['kind'];
  readonly process: NodeProcess;
  readonly sentAt: number;
  /** When the node looked at it: right before what stands for the handler. Null while it has not. */
  handledAt: number | null;
  /** Null while it has not been answered. */
  answeredAt: number | null;
  outcome: Outcome;
}

export interface Session {
  readonly user: string;
  readonly strategy: string;
  readonly traits: Traits;
  readonly sid: string;
  readonly partition: number;
  readonly login: Exchange;
  readonly accessTokens: AccessToken[];
  /** By generation: each replaced the one before. */
  readonly refreshTokens: RefreshToken[];
}

export interface AccessToken {
  readonly session: Session;
  readonly text: string;
  /** Names the key that signed it; null where nothing is signed. */
  readonly kid: string | null;
  /** The login or refresh that brought it. */
  readonly issue: Exchange;
}

export interface RefreshToken {
  readonly session: Session;
  readonly text: string;
  readonly generation: number;
  readonly issue: Exchange;
  /** Every time it was shown, by whomever. */
  readonly shown: Exchange[];
}

/** Something that ends one session, or several of one user. */
export interface Ending {
  readonly kind: 'logout' | 'logout-all' | 'password-changed' | 'reuse';
  readonly user: string;
  /** The one that ends; null: all of the user's that had begun, but the kept one. */
  readonly session: Session | null;
  readonly kept: Session | null;
  readonly exchange: Exchange;
  /** From when on it is certain that it has happened: acknowledged, or seen to work. Null: perhaps. */
  certainAt: number | null;
  /** Whoever asked for it was told that it is done; a reuse: that the token is refused. */
  isAcknowledged: boolean;
  /** The log has lost it, as far as the configuration lets it; these nodes knew of it, and are still up. */
  lost: { readonly at: number; readonly knowers: readonly NodeProcess[] } | null;
}

/** The log lost what was written after `since`, or everything. */
export interface Loss {
  readonly at: number;
  readonly since: number;
  /** The log came back empty: another birth. */
  readonly isEmpty: boolean;
}

/** A key's life as the log had it: when the event was written, by kid. */
export interface KeyLife {
  readonly addedAt: number;
  retiredAt: number | null;
  /** A crash took it from the log, when a node may have begun to sign with it; confirmed or not. */
  isLost: boolean;
}

export class History {
  readonly sessions: Session[] = [];
  readonly endings: Ending[] = [];
  readonly losses: Loss[] = [];
  readonly exchanges: Exchange[] = [];
  readonly keys = new Map<string, KeyLife>();

  get accessTokens(): readonly AccessToken[] {
    return this.sessions.flatMap((session) => session.accessTokens);
  }
}

/** Whether the ending is meant for the session, as far as scope goes (SECURITY.md, I10): `perhaps` where they met. */
export function covers(ending: Ending, session: Session): 'yes' | 'perhaps' | 'no' {
  if (ending.session !== null) return ending.session === session ? 'yes' : 'no';
  if (ending.user !== session.user || ending.kept === session) return 'no';
  const { login } = session;
  if (login.answeredAt !== null && login.answeredAt <= ending.exchange.sentAt) return 'yes';
  return ending.exchange.answeredAt === null || login.sentAt < ending.exchange.answeredAt ? 'perhaps' : 'no';
}

/**
 * The same for an access token. Where one counter guards all tokens of a user, the end of one session refuses those of
 * the others, too, and the end of all of them those of the kept one; unless it found nothing to end.
 */
export function coversToken(ending: Ending, { session, issue }: AccessToken): 'yes' | 'perhaps' | 'no' {
  const own = covers(ending, session);
  if (own !== 'no' || session.traits.revocation !== 'epoch' || ending.user !== session.user) return own;
  if (ending.session !== null && ending.session.traits.revocation !== 'epoch') return 'no';
  return ending.exchange.answeredAt === null || issue.sentAt < ending.exchange.answeredAt ? 'perhaps' : 'no';
}
