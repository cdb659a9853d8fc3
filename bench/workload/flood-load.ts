/** One strategy under a flood: logins, logouts, credentials that are none and wrong passwords, at a fixed rate, on one node. */

import { Pool } from 'undici';
import { systemClock } from '../../src/kernel/clock.ts';
import type { RandomFraction } from '../../src/kernel/random.ts';
import { type Contestant, userName } from './contestant.ts';
import { type Credential, credentialFrom } from './credential.ts';
import { type PlannedRequest, revokeRequest } from './log-in.ts';

export type FloodKind =
  | 'login'
  | 'wrong password'
  | 'logout'
  | 'bad credential'
  | 'revoked credential'
  | 'good credential';

export interface FloodCount {
  /** By status; 0 is no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly longestMillis: number;
}

/** Of ten requests; a logout ends the oldest session, so that as many end as begin. */
const mix: readonly FloodKind[] = [
  'login',
  'logout',
  'bad credential',
  'revoked credential',
  'login',
  'logout',
  'bad credential',
  'good credential',
  'bad credential',
  'wrong password',
];

/** Sessions that live at the same time; until there are so many nobody logs out. */
const livingSessions = 100;
const rememberedRevoked = 50;
const connections = 16;
/** Longer than any answer may take: a request that gets none by then hangs. */
const requestTimeoutMillis = 10_000;
/** A node that has not answered so many is not sent more; how many were held back is told. */
const mostUnderWay = 500;
const tickMillis = 10;
const users = 1_000_000;
const json = { 'content-type': 'application/json' };

export class FloodLoad {
  readonly #contestant: Contestant;
  readonly #random: RandomFraction;
  readonly #pool: Pool;
  readonly #living: Credential[] = [];
  readonly #revoked: Credential[] = [];
  readonly #counts = new Map<FloodKind, { statuses: Record<string, number>; longestMillis: number }>();
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #heldBack = 0;

  constructor(contestant: Contestant, random: RandomFraction) {
    this.#contestant = contestant;
    this.#random = random;
    const timeouts = { headersTimeout: requestTimeoutMillis, bodyTimeout: requestTimeoutMillis };
    this.#pool = new Pool(contestant.nodes[0] ?? '', { connections, ...timeouts });
  }

  start(ratePerSecond: number): void {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) * ratePerSecond) / 1_000);
      for (; this.#sent < due; this.#sent += 1) {
        if (this.#underWay.size < mostUnderWay) this.#send(mix[this.#sent % mix.length] ?? 'login');
        else this.#heldBack += 1;
      }
    }, tickMillis);
  }

  /** Returns when every request has its answer, or has waited for it long enough. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    await this.#pool.destroy();
  }

  get counts(): ReadonlyMap<FloodKind, FloodCount> {
    return this.#counts;
  }

  /** Requests that were due and not sent, because too many were under way. */
  get heldBack(): number {
    return this.#heldBack;
  }

  #send(kind: FloodKind): void {
    const done = this.#perform(kind).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #perform(kind: FloodKind): Promise<void> {
    switch (kind) {
      case 'login':
        return this.#logIn();
      case 'wrong password':
        await this.#ask(kind, this.#loginRequest(this.#anyUser(), 'a wrong one'));
        return;
      case 'logout':
        return this.#logOut();
      case 'bad credential':
        return this.#show(kind, this.#living, (headers) => spoilt(headers, this.#random));
      case 'revoked credential':
        return this.#show(kind, this.#revoked, (headers) => headers);
      case 'good credential':
        return this.#show(kind, this.#living, (headers) => headers);
    }
  }

  async #logIn(): Promise<void> {
    const user = this.#anyUser();
    const answer = await this.#ask('login', this.#loginRequest(user));
    if (answer?.status !== 200) return;
    const result = credentialFrom(this.#contestant, user, answer, systemClock);
    if (result.ok) this.#living.push(result.credential);
  }

  async #logOut(): Promise<void> {
    if (this.#living.length <= livingSessions) return;
    const oldest = this.#living.shift();
    if (oldest === undefined) return;
    const answer = await this.#ask('logout', revokeRequest(this.#contestant, oldest));
    if (answer?.status !== 204) return;
    this.#revoked.push(oldest);
    if (this.#revoked.length > rememberedRevoked) this.#revoked.shift();
  }

  async #show(kind: FloodKind, among: readonly Credential[], changed: (headers: Headers) => Headers): Promise<void> {
    const credential = among[Math.floor(this.#random() * among.length)];
    if (credential === undefined) return;
    const path = this.#contestant.protectedPath;
    await this.#ask(kind, { method: 'GET', path, headers: changed(credential.headersFor(path)) });
  }

  #anyUser(): string {
    return userName(Math.floor(this.#random() * users));
  }

  #loginRequest(user: string, password?: string): PlannedRequest {
    const { path, body } = this.#contestant.login;
    const fields = Object.entries(body).map(([field, value]) => [field, value.replaceAll('{user}', user)]);
    const given = { ...Object.fromEntries(fields), ...(password !== undefined && { password }) };
    return { method: 'POST', path, headers: json, body: JSON.stringify(given) };
  }

  async #ask(kind: FloodKind, { method, path, headers, body }: PlannedRequest) {
    const sentAt = performance.now();
    let answer: { status: number; setCookies: readonly string[]; body: string } | null = null;
    try {
      const got = await this.#pool.request({ method, path, headers, body: body ?? null });
      const setCookies = [got.headers['set-cookie'] ?? []].flat();
      answer = { status: got.statusCode, setCookies, body: await got.body.text() };
    } catch {
      // No answer: status 0.
    }
    const count = this.#counts.get(kind) ?? { statuses: {}, longestMillis: 0 };
    const status = answer?.status ?? 0;
    count.statuses[status] = (count.statuses[status] ?? 0) + 1;
    count.longestMillis = Math.max(count.longestMillis, performance.now() - sentAt);
    this.#counts.set(kind, count);
    return answer;
  }
}

type Headers = Readonly<Record<string, string>>;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const spoiltCharacters = 12;

/** Each credential with a stretch of it made up: never twice the same, so that whoever remembers them remembers ever more. */
export function spoilt(headers: Headers, random: RandomFraction): Headers {
  const madeUp = () => alphabet[Math.floor(random() * alphabet.length)] ?? 'A';
  const change = (value: string) => {
    const from = Math.floor(random() * Math.max(1, value.length - spoiltCharacters));
    const stretch = Array.from({ length: spoiltCharacters }, madeUp).join('');
    return value.slice(0, from) + stretch + value.slice(from + spoiltCharacters);
  };
  return Object.fromEntries(
    Object.entries(headers).map(([name, line]) => [name, line.replace(/(?<==|Bearer )[^;=\s]+/g, change)]),
  );
}
