/** What a strategy's routes see: Koa's context, with the prefix under which the request came in. */

import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import type { Principal, Strategy } from '../strategies/strategy.ts';

export interface StrategyContext extends Koa.DefaultContext {
  /** `/jwt-hs256`, or the empty text at the root. */
  readonly mountPath: string;
  /** Who the request speaks for, behind `authenticated`. */
  principal?: Principal;
}

export type StrategyMiddleware = Koa.Middleware<Koa.DefaultState, StrategyContext>;

const mountPaths = new WeakMap<IncomingMessage, string>();

/** Remembers the prefix that was taken off a request's URL. The root, which has none, costs nothing. */
export function rememberMountPath(request: IncomingMessage, mountPath: string): void {
  mountPaths.set(request, mountPath);
}

/** Gives the contexts of an application their `mountPath`, worked out only when somebody asks. */
export function defineMountPath(application: Koa<Koa.DefaultState, StrategyContext>): void {
  Object.defineProperty(application.context, 'mountPath', {
    get(this: Koa.Context) {
      return mountPaths.get(this.req) ?? '';
    },
  });
}

/**
 * The challenge that goes with every 401 (RFC 9110 11.6.1). For bearer tokens as RFC 6750 3 has it: an error code only
 * when a token was sent. For cookies there is no registered scheme; `Cookie` is the one that was once proposed, no
 * browser acts on it, and it tells a client which kind of credential is missing.
 */
export function challenge(
  { name, traits }: Pick<Strategy, 'name' | 'traits'>,
  error: 'invalid_token' | 'insufficient_scope' | null,
): string {
  if (traits.transport === 'cookie') return `Cookie realm="${name}"`;
  return `Bearer realm="${name}"${error === null ? '' : `, error="${error}"`}`;
}
