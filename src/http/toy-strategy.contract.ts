/** A strategy for the tests of the HTTP part: one bearer token per login, kept in a set, and faults on demand. */

import type { Exchange, Strategy, Traits } from '../strategies/strategy.ts';

const cookie = { httpOnly: true, secure: true, sameSite: 'strict', path: '/', signed: false, overwrite: true } as const;

export interface ToyOptions {
  readonly name?: string;
  readonly transport?: Traits['transport'];
  readonly refresh?: boolean;
  readonly bound?: Traits['bound'];
}

export interface Toy {
  readonly strategy: Strategy;
  /** What the next call of any method throws. */
  failWith: Error | null;
  /** Mount paths under which requests arrived, newest last. */
  readonly mountPaths: string[];
}

export function createToy(options: ToyOptions = {}): Toy {
  const { name = 'toy', transport = 'bearer', refresh = true, bound = 'zero' } = options;
  const live = new Map<string, { sub: string; sid: string; roles: readonly string[] }>();
  let counter = 0;
  const tokenOf = ({ headers }: Exchange) => /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const grant = (token: string) => ({ tokenType: 'Bearer', expiresInSeconds: 900, accessToken: token }) as const;
  const begin = (exchange: Exchange) => {
    toy.mountPaths.push(exchange.mountPath);
    if (toy.failWith !== null) {
      exchange.cookies.set('__Host-half-done', 'x', cookie);
      throw toy.failWith;
    }
  };
  const toy: Toy = {
    failWith: null,
    mountPaths: [],
    strategy: {
      name,
      traits: {
        family: 'toy',
        transport,
        stateLocation: 'nowhere',
        redisCommandsPerCheck: 0,
        revocation: 'record',
        bound,
        logoutRefuses: 'its-own',
        rolesChange: 'at-the-next-login',
        refresh,
        withoutRedis: 'unaffected',
        failsByDesign: [],
      },
      async login(exchange, subject) {
        begin(exchange);
        counter += 1;
        const token = `${name}-token-${counter}`;
        live.set(token, { sub: subject.sub, sid: `0.${counter}`, roles: subject.roles });
        exchange.cookies.set('__Host-toy', token, cookie);
        return { ok: true, grant: grant(token) };
      },
      authenticate(exchange) {
        begin(exchange);
        const token = tokenOf(exchange);
        if (token === undefined) return { ok: false, refusal: 'no_credential' };
        if (token === 'who-knows') return Promise.resolve({ ok: false, refusal: 'unknown' });
        const principal = live.get(token);
        return principal === undefined ? { ok: false, refusal: 'invalid_token' } : { ok: true, principal };
      },
      ...(refresh && {
        async refresh(exchange: Exchange) {
          begin(exchange);
          const token = exchange.cookies.get('__Host-toy', { signed: false });
          if (token === undefined || !live.has(token)) return { ok: false, refusal: 'invalid_grant' } as const;
          return { ok: true, grant: grant(token) } as const;
        },
      }),
      async logout(exchange) {
        begin(exchange);
        live.delete(tokenOf(exchange) ?? '');
        exchange.cookies.set('__Host-toy', null, cookie);
      },
      forget(exchange) {
        begin(exchange);
        exchange.cookies.set('__Host-toy', null, cookie);
      },
    },
  };
  return toy;
}
