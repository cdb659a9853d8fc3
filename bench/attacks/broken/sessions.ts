/** Sessions and their refresh tokens in memory, rotated as RFC 9700 4.14.2 asks: one use each, and reuse ends the session. */

import type { RandomBytes } from '../../../src/kernel/random.ts';
import type { Session } from './claims.ts';
import type { Exchanged } from './parts.ts';

export class Sessions {
  readonly #random: RandomBytes;
  readonly #live = new Map<string, Session>();
  /** Every refresh token that was ever given out: the session's, and whether it has been used. */
  readonly #refreshTokens = new Map<string, { readonly sid: string; used: boolean }>();

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** @param sid a name of the caller's own choice, as no careful server takes one */
  start(sub: string, roles: readonly string[], sid = this.#random(16).toString('base64url')): Exchanged {
    const session = { sid, sub, roles };
    this.#live.set(session.sid, session);
    return { session, refreshToken: this.newToken(session.sid) };
  }

  /** Null when it has ended or never was. */
  named(sid: string): Session | null {
    return this.#live.get(sid) ?? null;
  }

  isLive(sid: string): boolean {
    return this.#live.has(sid);
  }

  /** The session of a refresh token, used or not; null when it has ended or never was. */
  ownerOf(refreshToken: string): Session | null {
    return this.#live.get(this.#refreshTokens.get(refreshToken)?.sid ?? '') ?? null;
  }

  rotate(refreshToken: string): Exchanged | null {
    const session = this.ownerOf(refreshToken);
    const token = this.#refreshTokens.get(refreshToken);
    if (session === null || token === undefined) return null;
    if (token.used) {
      this.end(session.sid);
      return null;
    }
    token.used = true;
    return { session, refreshToken: this.newToken(session.sid) };
  }

  end(sid: string): void {
    this.#live.delete(sid);
  }

  endAll(sub: string): void {
    for (const session of [...this.#live.values()]) if (session.sub === sub) this.#live.delete(session.sid);
  }

  /** `<session>.<secret>`: the whole text is looked up. */
  newToken(sid: string): string {
    const token = `${sid}.${this.#random(32).toString('base64url')}`;
    this.#refreshTokens.set(token, { sid, used: false });
    return token;
  }
}
