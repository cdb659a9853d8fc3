/** The cookie that carries a refresh token: sent to the strategy's `/auth` routes only, never readable by scripts. */

import { countCookie, refreshCookieName } from './cookie-names.ts';
import type { CookieOptions, Exchange } from './strategy.ts';

export interface RefreshCookie {
  /** The token sent, or undefined when there is none, or more than one and so none to trust. */
  read(exchange: Exchange): string | undefined;
  write(exchange: Exchange, refreshToken: string, livesMillis: number): void;
  expire(exchange: Exchange): void;
}

export function refreshCookie(strategy: string): RefreshCookie {
  const name = refreshCookieName(strategy);
  const options = (exchange: Exchange): CookieOptions => ({
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
    path: `${exchange.mountPath}/auth`,
    signed: false,
    overwrite: true,
  });
  return {
    read(exchange) {
      if (countCookie(exchange.headers.cookie, name) !== 1) return undefined;
      return exchange.cookies.get(name, { signed: false });
    },
    write(exchange, refreshToken, livesMillis) {
      exchange.cookies.set(name, refreshToken, { ...options(exchange), maxAge: livesMillis });
    },
    expire(exchange) {
      exchange.cookies.set(name, null, options(exchange));
    },
  };
}
