/** One strategy as an HTTP application of its own: koa-session extends the context of the application it is used in. */

import Koa from 'koa';
import { type LoginLimits, noLoginLimits } from '../identity/login-limits.ts';
import { noStore, requireSecure } from './middlewares.ts';
import { problems } from './problems.ts';
import type { StrategyContext } from './strategy-context.ts';
import { defineMountPath } from './strategy-context.ts';
import { type StrategyRoutesOptions, strategyRoutes } from './strategy-routes.ts';

export interface StrategyApplicationOptions extends Omit<StrategyRoutesOptions, 'limits'> {
  /** Absent: passwords may be guessed as often as anybody likes, which is for the lab. */
  readonly limits?: LoginLimits;
  /** Whether a connection without TLS is served, as if it were secure. A development setting. */
  readonly allowPlainHttp: boolean;
  /** Whether X-Forwarded-Proto, X-Forwarded-Host and the last address of X-Forwarded-For are believed, from whoever connects. */
  readonly trustProxy: boolean;
  readonly report: (error: unknown) => void;
  /** Stands before everything else. Absent: nobody counts, and no request pays for it. */
  readonly observe?: Koa.Middleware | undefined;
}

type StrategyApplication = Koa<Koa.DefaultState, StrategyContext>;

/** What every request to the strategy passes, and then the routes of `strategyRoutes`. */
export function createStrategyApplication(options: StrategyApplicationOptions): StrategyApplication {
  const { strategy, allowPlainHttp, trustProxy, report, limits = noLoginLimits } = options;
  // The last address is what the proxy saw; those before it are what the client wrote.
  const application: StrategyApplication = new Koa({ proxy: trustProxy, maxIpsCount: 1 });
  application.on('error', report);
  defineMountPath(application);
  if (options.observe !== undefined) application.use(options.observe);
  application.use(problems(report));
  application.use(noStore);
  if (allowPlainHttp) treatAsSecure(application);
  else application.use(requireSecure);
  strategy.mount?.(application);

  const [measured, others] = strategyRoutes({ ...options, limits });
  application.use(measured.routes());
  application.use(others.routes());
  // By the routes that either has matched.
  application.use(others.allowedMethods());
  return application;
}

/** Lets cookies keep their Secure attribute over plain HTTP, where Koa would otherwise refuse to set them. */
function treatAsSecure(application: StrategyApplication): void {
  Object.defineProperty(application.request, 'secure', { get: () => true });
}
