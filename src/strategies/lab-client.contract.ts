/** A client as the contract suite needs one: a cookie jar, an access token, and no scruples. */

import { randomBytes } from 'node:crypto';
import { refreshCookieName, sessionCookieName } from './cookie-names.ts';
import type { Traits } from './strategy.ts';

/** The password of every user who has not changed it. */
export const password = 'correct horse battery staple';

/** A strategy and where it is mounted, at each node. */
export interface Mounted {
  readonly name: string;
  readonly traits: Traits;
  url(node: NodeIndex): string;
}

export type NodeIndex = 0 | 1 | 2;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly setCookies: readonly string[];
  /** Of JSON; empty otherwise. */
  readonly body: Readonly<Record<string, unknown>>;
}

type HeaderFields = Readonly<Record<string, string>>;

interface StoredCookie {
  readonly value: string;
  readonly path: string;
}

export class Client {
  readonly #mounted: Mounted;
  readonly #node: NodeIndex;
  readonly #jar = new Map<string, StoredCookie>();
  readonly username: string;
  password = password;
  accessToken: string | undefined;

  constructor(mounted: Mounted, node: NodeIndex, username = `user-${randomBytes(6).toString('hex')}`) {
    this.#mounted = mounted;
    this.#node = node;
    this.username = username;
  }

  /** The same user with the same credentials, at another node, or as a copy that lives on by itself. */
  copy(node: NodeIndex = this.#node): Client {
    const twin = new Client(this.#mounted, node, this.username);
    for (const [name, cookie] of this.#jar) twin.#jar.set(name, cookie);
    twin.accessToken = this.accessToken;
    twin.password = this.password;
    return twin;
  }

  /** What opens `/profile`: the bearer token, or the session cookie's value. */
  get credential(): string {
    const { transport } = this.#mounted.traits;
    const text = transport === 'cookie' ? this.cookie(sessionCookieName(this.#mounted.name)) : this.accessToken;
    if (text === undefined) throw new Error('the client has no credential');
    return text;
  }

  set credential(text: string) {
    if (this.#mounted.traits.transport === 'cookie') this.setCookie(sessionCookieName(this.#mounted.name), text);
    else this.accessToken = text;
  }

  get refreshToken(): string | undefined {
    return this.cookie(refreshCookieName(this.#mounted.name));
  }

  set refreshToken(text: string) {
    this.setCookie(refreshCookieName(this.#mounted.name), text, `/${this.#mounted.name}/auth`);
  }

  cookie(name: string): string | undefined {
    return this.#jar.get(name)?.value;
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#jar.set(name, { value, path });
  }

  dropCookies(): void {
    this.#jar.clear();
  }

  get cookieNames(): readonly string[] {
    return [...this.#jar.keys()];
  }

  /** The Cookie header for a path under the mount, or undefined. */
  cookieHeader(path: string): string | undefined {
    const sent = [...this.#jar].filter(([, cookie]) => `/${this.#mounted.name}${path}`.startsWith(cookie.path));
    return sent.length === 0 ? undefined : sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  login(username = this.username): Promise<Answer> {
    return this.send('POST', '/auth/login', {}, JSON.stringify({ username, password: this.password }));
  }

  profile(headers: HeaderFields = {}): Promise<Answer> {
    return this.send('GET', '/profile', headers);
  }

  refresh(): Promise<Answer> {
    return this.send('POST', '/auth/refresh');
  }

  logout(): Promise<Answer> {
    return this.send('POST', '/auth/logout');
  }

  logoutAll(): Promise<Answer> {
    return this.send('POST', '/auth/logout-all');
  }

  sessions(): Promise<Answer> {
    return this.send('GET', '/auth/sessions');
  }

  endSession(sid: string): Promise<Answer> {
    return this.send('DELETE', `/auth/sessions/${encodeURIComponent(sid)}`);
  }

  changePassword(current: string, next: string): Promise<Answer> {
    return this.send('POST', '/auth/password', {}, JSON.stringify({ current, next }));
  }

  /** What an administrator does about a user: `revoke`, `disable`, `enable`, `roles`. */
  administer(sub: string, what: string, body: object = {}): Promise<Answer> {
    return this.send('POST', `/admin/users/${encodeURIComponent(sub)}/${what}`, {}, JSON.stringify(body));
  }

  /** One request with everything the client has, and the answer's cookies and token taken in. */
  async send(method: string, path: string, over: HeaderFields = {}, body?: string): Promise<Answer> {
    const headers: Record<string, string> = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const cookies = this.cookieHeader(path);
    if (cookies !== undefined) headers.cookie = cookies;
    if (this.accessToken !== undefined) headers.authorization = `Bearer ${this.accessToken}`;
    const response = await fetch(this.#mounted.url(this.#node) + path, {
      method,
      headers: { ...headers, ...over },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      setCookies: response.headers.getSetCookie(),
      body: isJson ? JSON.parse(text) : {},
    };
    this.#takeIn(answer);
    return answer;
  }

  #takeIn({ setCookies, body }: Answer): void {
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      const attribute = (key: string) => attributes.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1);
      const expires = attribute('expires');
      if (expires !== undefined && Date.parse(expires) <= Date.now()) this.#jar.delete(name);
      else this.#jar.set(name, { value, path: attribute('path') ?? '/' });
    }
    if (typeof body.access_token === 'string') this.accessToken = body.access_token;
  }
}
