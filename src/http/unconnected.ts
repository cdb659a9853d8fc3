/** Exchanges without a connection: a strategy's own login, for whoever needs a hundred thousand of them. */

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import type { Exchange, Strategy } from '../strategies/strategy.ts';
import { defineMountPath, type StrategyContext } from './strategy-context.ts';

type Work = (exchange: Exchange) => Promise<unknown>;

export interface UnconnectedExchange<Value> {
  readonly value: Value;
  /** `Set-Cookie` lines of the answer, without the field's name. */
  readonly setCookies: readonly string[];
}

/**
 * Exchanges of the strategy at the root, as if they had come over TLS and carried no credential. What routes see to (the
 * password, its limits, where the request comes from) is not asked. Throws what the work throws.
 */
export function unconnected(strategy: Strategy) {
  const works = new WeakMap<IncomingMessage, Work>();
  const application = new Koa<Koa.DefaultState, StrategyContext>();
  defineMountPath(application);
  strategy.mount?.(application);
  application.use(async function work(context) {
    await works.get(context.req)?.(context);
    context.status = 204;
  });
  const handle = application.callback();
  // Nothing is read from it or written to it.
  const socket = Object.assign(new Socket(), { encrypted: true });

  return async function exchange<Value>(
    work: (exchange: Exchange) => Promise<Value>,
  ): Promise<UnconnectedExchange<Value>> {
    const request = Object.assign(new IncomingMessage(socket), { method: 'POST', url: '/' });
    const response = new ServerResponse(request);
    let fail: (error: unknown) => void = () => undefined;
    const value = new Promise<Value>((resolve, reject) => {
      fail = reject;
      works.set(request, (exchange) => work(exchange).then(resolve, reject));
    });
    value.catch(() => undefined);
    await handle(request, response);
    fail(new TypeError('an exchange ended before its work was done'));
    const lines = response.getHeader('set-cookie') ?? [];
    return { value: await value, setCookies: [lines].flat().map(String) };
  };
}
