/** One strategy as an HTTP application of its own: koa-session extends the context of the application it is used in. */

import { Router } from '@koa/router';
import Koa from 'koa';
import type { IdentityProvider } from '../identity/identity-provider.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { noStore, proveSameSite, readJson, requireJson, requireSecure } from './middlewares.ts';
import { problems } from './problems.ts';
import { login } from './routes/login.ts';
import { logout } from './routes/logout.ts';
import { profile } from './routes/profile.ts';
import { canRefresh, refresh } from './routes/refresh.ts';
import { defineMountPath, type StrategyContext } from './strategy-context.ts';

export interface StrategyApplicationOptions {
  readonly strategy: Strategy;
  readonly identity: IdentityProvider;
  /** Whether a connection without TLS is served, as if it were secure. A development setting. */
  readonly allowPlainHttp: boolean;
  /** Whether X-Forwarded-Proto and X-Forwarded-Host are believed, from whoever connects. */
  readonly trustProxy: boolean;
  readonly report: (error: unknown) => void;
}

type StrategyApplication = Koa<Koa.DefaultState, StrategyContext>;

/** Routes, relative to the mount: `/auth/login`, `/auth/refresh` (where there is one), `/auth/logout`, `/profile`. */
export function createStrategyApplication(options: StrategyApplicationOptions): StrategyApplication {
  const { strategy, identity, allowPlainHttp, trustProxy, report } = options;
  const application: StrategyApplication = new Koa({ proxy: trustProxy });
  application.on('error', report);
  defineMountPath(application);
  application.use(problems(report));
  application.use(noStore);
  if (allowPlainHttp) treatAsSecure(application);
  else application.use(requireSecure);
  strategy.mount?.(application);

  const router = new Router<Koa.DefaultState, StrategyContext>({ methods: ['GET', 'HEAD', 'POST'] });
  router.get('/profile', profile(strategy));
  router.post('/auth/login', proveSameSite, requireJson, readJson, login(strategy, identity));
  if (canRefresh(strategy)) router.post('/auth/refresh', proveSameSite, requireJson, refresh(strategy));
  router.post('/auth/logout', proveSameSite, requireJson, logout(strategy));
  application.use(router.routes());
  application.use(router.allowedMethods());
  return application;
}

/** Lets cookies keep their Secure attribute over plain HTTP, where Koa would otherwise refuse to set them. */
function treatAsSecure(application: StrategyApplication): void {
  Object.defineProperty(application.request, 'secure', { get: () => true });
}
