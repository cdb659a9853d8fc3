/** Sessions and their refresh tokens in memory, rotated as RFC 9700 4.14.2 asks: one use each, and reuse ends the session. */

import type { RandomBytes } from '../../../src/kernel/random.ts';
import type { Exchanged, Session } from './parts.ts';

export class Sessions {
  readonly #random: RandomBytes;
  readonly #live = new Map<string, Session>();
  /** Every refresh token that was ever given out: the session's, and whether it has been used. */
  readonly #refreshTokens = new Map<string, { readonly sid: string; used: boolean }>();

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  start(sub: string, roles: readonly string[]): Exchanged {
    const session = { sid: this.#random(16).toString('base64url'), sub, roles };
    this.#live.set(session.sid, session);
    return { session, refreshToken: this.#newToken(session.sid) };
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
    return { session, refreshToken: this.#newToken(session.sid) };
  }

  end(sid: string): void {
    this.#live.delete(sid);
  }

  #newToken(sid: string): string {
    const token = this.#random(32).toString('base64url');
    this.#refreshTokens.set(token, { sid, used: false });
    return token;
  }
}
