/** `+cache`: what a verifier remembers of tokens that have proved themselves, so that their signatures are checked once. */

import type { Clock } from '../kernel/clock.ts';
import { tellTokenForgotten, tellTokenLookup, tellTokenRemembered } from '../kernel/token-lookups.ts';
import type { AcceptedKey } from './accepted-keys.ts';
import type { AccessTokenClaims } from './claims.ts';

export interface VerifiedTokensOptions<Prepared> {
  readonly clock: Clock;
  readonly leewayMillis: number;
  /** Works out of a token's claims what is needed each time that somebody brings it. */
  readonly prepare: (claims: AccessTokenClaims) => Prepared;
  /** Never more than these; 1 or more. Each takes about three times its own length. */
  readonly maximumTokens: number;
}

/** A token that has proved itself under one key. Handed to everybody who brings it again, and so unchangeable. */
export interface VerifiedToken<Prepared = unknown> {
  readonly ok: true;
  readonly claims: AccessTokenClaims;
  readonly prepared: Prepared;
}

/** `none`: never seen, or forgotten. `expired` and `early`: it was good, and is not in force now. */
export type Recollection<Prepared = unknown> = VerifiedToken<Prepared> | 'none' | 'expired' | 'early';

/** From a token's end until it is forgotten, where nobody asks and it lies in no one's way. */
export const forgettingMillis = 60_000;
const sweepMillis = 1_000;

/** So many characters, of a signature, are looked at for the number by which a token is found. */
const lookedAt = 12;

/**
 * Goes by the whole text of a token, signature included: where a number made of its signature says to look, the texts are
 * compared character by character, and a token that differs in one is another one. Only what was accepted is remembered, so
 * that forgeries push nobody out. It says that a token was signed and is in force. Whether its session was ended, or can be
 * known to have been, is asked afresh every time by whoever asks here.
 *
 * Every step takes the same time however many there are. When all places are taken, a token gets one at its second
 * appearance, and only if the next candidate has not been used since it was last looked at: tokens that come in turns,
 * more than there are places, then neither push each other out in vain nor cost more than their signatures.
 */
export class VerifiedTokens<Prepared> {
  readonly #options: VerifiedTokensOptions<Prepared>;
  /** By `numberOf`, which costs less than a text to look for. Of two with one number the second is not remembered. */
  readonly #byNumber = new Map<number, Remembered<Prepared>>();
  /** One after the other, as the hands go round. */
  readonly #places: (Remembered<Prepared> | null)[] = [];
  readonly #freePlaces: number[] = [];
  readonly #appeared: Appearances;
  #candidate = 0;
  #swept = 0;
  #sweeping: NodeJS.Timeout | null = null;

  constructor(options: VerifiedTokensOptions<Prepared>) {
    this.#options = options;
    this.#appeared = new Appearances(options.maximumTokens);
  }

  get size(): number {
    return this.#byNumber.size;
  }

  /** @param nowMillis wall time */
  find(token: string, nowMillis: number): Recollection<Prepared> {
    const remembered = this.#byNumber.get(numberOf(token));
    const isKnown = remembered?.token === token;
    tellTokenLookup(isKnown);
    if (!isKnown) return 'none';
    const { leewayMillis } = this.#options;
    if (nowMillis >= remembered.claims.expiresAtMillis + leewayMillis) {
      this.forget(remembered);
      return 'expired';
    }
    const { notBeforeMillis } = remembered.claims;
    if (notBeforeMillis !== undefined && notBeforeMillis > nowMillis + leewayMillis) return 'early';
    remembered.use();
    return remembered;
  }

  /** What is to be answered for this token, now and as long as it is remembered. */
  remember(token: string, claims: AccessTokenClaims, key: AcceptedKey): VerifiedToken<Prepared> {
    const number = numberOf(token);
    const place = this.#byNumber.has(number) ? null : this.#placeFor(token);
    const prepared = this.#options.prepare(claims);
    if (place === null) return { ok: true, claims, prepared };
    const remembered = new Remembered(token, { claims: unchangeable(claims), prepared }, key, place);
    this.#places[place] = remembered;
    this.#byNumber.set(number, remembered);
    tellTokenRemembered();
    this.#sweepWhileThereAreSome();
    return remembered;
  }

  /** What was not remembered is no matter. */
  forget(verified: VerifiedToken): void {
    if (!(verified instanceof Remembered) || this.#places[verified.place] !== verified) return;
    this.#byNumber.delete(numberOf(verified.token));
    this.#places[verified.place] = null;
    this.#freePlaces.push(verified.place);
    tellTokenForgotten(false);
  }

  /** After a change of the keys: tokens of a key that is accepted no more are forgotten, all at once. */
  keepOnly(isAccepted: (key: AcceptedKey) => boolean): void {
    for (const remembered of this.#byNumber.values()) if (!isAccepted(remembered.key)) this.forget(remembered);
  }

  /** Forgets the tokens that are over among the next places, so many that all had their turn in `forgettingMillis`. */
  sweep(): void {
    const { clock, leewayMillis, maximumTokens } = this.#options;
    const nowMillis = clock.wallMillis();
    for (let left = Math.ceil((maximumTokens * sweepMillis) / forgettingMillis); left > 0; left -= 1) {
      if (this.#swept >= this.#places.length) this.#swept = 0;
      const remembered = this.#places[this.#swept] ?? null;
      this.#swept += 1;
      if (remembered !== null && nowMillis >= remembered.claims.expiresAtMillis + leewayMillis) this.forget(remembered);
    }
  }

  #placeFor(token: string): number | null {
    const free = this.#freePlaces.pop();
    if (free !== undefined) return free;
    if (this.#places.length < this.#options.maximumTokens) return this.#places.length;
    if (!this.#appeared.before(token)) return null;
    const place = this.#candidate;
    this.#candidate = (place + 1) % this.#places.length;
    const candidate = this.#places[place] ?? null;
    if (candidate?.takeUse() === true) return null;
    if (candidate !== null && this.#byNumber.delete(numberOf(candidate.token))) tellTokenForgotten(true);
    return place;
  }

  /** Keeps no process alive, and stops by itself. */
  #sweepWhileThereAreSome(): void {
    this.#sweeping ??= setInterval(() => {
      this.sweep();
      if (this.size > 0 || this.#sweeping === null) return;
      clearInterval(this.#sweeping);
      this.#sweeping = null;
    }, sweepMillis).unref();
  }
}

/** To everybody else, what it shows of itself is all there is: neither its text nor its key shows in a log. */
class Remembered<Prepared> implements VerifiedToken<Prepared> {
  readonly ok = true;
  readonly claims: AccessTokenClaims;
  readonly prepared: Prepared;
  readonly #token: string;
  readonly #key: AcceptedKey;
  readonly #place: number;
  #used = false;

  constructor(
    token: string,
    { claims, prepared }: Omit<VerifiedToken<Prepared>, 'ok'>,
    key: AcceptedKey,
    place: number,
  ) {
    this.#token = token;
    this.claims = claims;
    this.prepared = prepared;
    this.#key = key;
    this.#place = place;
  }

  get token(): string {
    return this.#token;
  }

  get key(): AcceptedKey {
    return this.#key;
  }

  get place(): number {
    return this.#place;
  }

  use(): void {
    this.#used = true;
  }

  /** Whether it has been used since this was last asked. */
  takeUse(): boolean {
    const used = this.#used;
    this.#used = false;
    return used;
  }
}

/** Of the tokens that look new, every so many-th is let through: two that hide each other would never get a place. */
const letThrough = 16;

/**
 * Which tokens have appeared of late, told by 32 bits of their signatures. Two may be taken for one another: it decides
 * who may ask for a place, and nothing else.
 */
class Appearances {
  readonly #seen: Int32Array;
  #looked = 0;

  constructor(maximumTokens: number) {
    this.#seen = new Int32Array(2 ** Math.ceil(Math.log2(maximumTokens * 4)));
  }

  /** Whether this one has, and from now on it has. */
  before(token: string): boolean {
    const number = numberOf(token);
    const index = number & (this.#seen.length - 1);
    if (this.#seen[index] === number) return true;
    this.#seen[index] = number;
    this.#looked = (this.#looked + 1) % letThrough;
    return this.#looked === 0;
  }
}

/**
 * 32 bits of the token's signature, as a small integer. The last character is left out: of its bits some are always zero
 * (RFC 4648 3.5).
 */
function numberOf(token: string): number {
  let bits = 0;
  for (let index = token.length - 1 - lookedAt; index < token.length - 1; index += 1) {
    bits = (Math.imul(bits, 31) + token.charCodeAt(index)) | 0;
  }
  const mixed = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 16);
}

function unchangeable(claims: AccessTokenClaims): AccessTokenClaims {
  Object.freeze(claims.roles);
  return Object.freeze(claims);
}
