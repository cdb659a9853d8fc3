/** One exchange as a strategy sees it, without a network: what the request carries, and the cookies that are set. */

import type { IncomingHttpHeaders } from 'node:http';
import { refreshCookieName } from '../strategies/cookie-names.ts';
import type { Exchange, Grant } from '../strategies/strategy.ts';
import type { Answer, Request } from './messages.contract.ts';

export class CarriedExchange implements Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly mountPath = '';
  readonly cookies: Exchange['cookies'];
  readonly #set = new Map<string, string | null>();
  readonly #refreshCookie: string;

  constructor({ strategy, accessToken, refreshToken }: Request) {
    this.#refreshCookie = refreshCookieName(strategy);
    this.headers = {
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(refreshToken === undefined ? {} : { cookie: `${this.#refreshCookie}=${refreshToken}` }),
    };
    this.cookies = {
      get: (name) => (name === this.#refreshCookie ? refreshToken : undefined),
      set: (name, value) => this.#set.set(name, value),
    };
  }

  /** What a client holds after a login or a refresh. */
  granted({ accessToken }: Grant): Answer {
    const refreshToken = this.#set.get(this.#refreshCookie);
    return {
      status: 200,
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
    };
  }
}
