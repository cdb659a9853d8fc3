/** koa-session's store on the log: it looks a session up, and moves the end of one that is used. It starts and ends none. */

import type { SessionOptions } from 'koa-session';
import type { CommandContext } from '../application/context.ts';
import { renewedExpiry } from '../domain/policy.ts';
import { isAuthlabError } from '../kernel/errors.ts';
import {
  type ReadRecord,
  renewCredentialRecord,
  type StoredCredential,
} from '../projections/inline/credential-record.ts';
import { findOpaqueCredential } from './opaque-credential.ts';
import type { Exchange, Principal } from './strategy.ts';

/** A session whose end is to move once the response is made. */
interface Renewal {
  readonly handle: string;
  readonly found: StoredCredential;
  readonly expiresAtMillis: number;
}

export interface SessionStore {
  readonly store: NonNullable<SessionOptions['store']>;
  /** The later end that using the session of this exchange gives it; null while it is not due. */
  laterEndOf(exchange: Exchange): number | null;
}

/**
 * A login's record is written by the append that starts the session and removed by the one that ends it. koa-session
 * would write it again after the response, also when the session has been ended in between: here it can move the end of
 * a record that still is what it was, and nothing else.
 */
export function createSessionStore(context: CommandContext, strategy: string, read: ReadRecord): SessionStore {
  /** By exchange, from the look-up until the response is made; only of sessions that are due. */
  const renewals = new WeakMap<object, Renewal>();

  async function get(handle: string, _: number, { ctx }: { readonly ctx?: Exchange }): Promise<Principal | null> {
    const found = await findOpaqueCredential(context, strategy, handle, read);
    if (found === null) return null;
    const { sub, sid, roles, expiresAtMillis, endsAtMillis = 0 } = found.facts;
    const later = renewedExpiry(context.policy, context.clock.wallMillis(), expiresAtMillis, endsAtMillis);
    if (later !== null && ctx !== undefined) renewals.set(ctx, { handle, found, expiresAtMillis: later });
    return { sub, sid, roles };
  }

  async function set(handle: string, _: unknown, __: number, { ctx }: { readonly ctx?: Exchange }): Promise<void> {
    const renewal = ctx === undefined ? undefined : renewals.get(ctx);
    // A login in the same exchange has a handle of its own, and its record is new.
    if (ctx === undefined || renewal?.handle !== handle) return;
    renewals.delete(ctx);
    try {
      await renewCredentialRecord(context.log, handle, renewal.found, renewal.expiresAtMillis);
    } catch (error) {
      // The session is good all the same, and its next use tries again.
      if (!isAuthlabError(error)) throw error;
    }
  }

  return {
    store: { get, set, async destroy() {} },
    laterEndOf: (exchange) => renewals.get(exchange)?.expiresAtMillis ?? null,
  };
}
