/** The routes of one strategy, relative to its mount, each as the list of what a request passes. */

import { Router } from '@koa/router';
import type Koa from 'koa';
import type { IdentityProvider } from '../identity/identity-provider.ts';
import type { LoginLimits } from '../identity/login-limits.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Accounts, Administration } from './accounts.ts';
import { administrator, authenticated } from './authenticated.ts';
import { proveSameSite, readJson, requireJson } from './middlewares.ts';
import { changeRoles, commandUser } from './routes/administer.ts';
import { queryLog } from './routes/log.ts';
import { login } from './routes/login.ts';
import { logout } from './routes/logout.ts';
import { logoutAll } from './routes/logout-all.ts';
import { changePassword } from './routes/password.ts';
import { profile } from './routes/profile.ts';
import { canRefresh, refresh } from './routes/refresh.ts';
import { rotateKeys } from './routes/rotate-keys.ts';
import { endSession, listSessions } from './routes/sessions.ts';
import type { StrategyContext } from './strategy-context.ts';

export interface StrategyRoutesOptions {
  readonly strategy: Strategy;
  readonly identity: IdentityProvider;
  readonly limits: LoginLimits;
  /** Absent: `/auth/logout-all`, `/auth/sessions` and `/auth/password` do not exist. */
  readonly accounts?: Accounts;
  /** Absent: `/admin` and `/log` do not exist. */
  readonly administration?: Administration;
}

type StrategyRouter = Router<Koa.DefaultState, StrategyContext>;

/**
 * Two routers, to be asked in this order. A router looks at every route of its own for every request: the measured path has
 * one to itself, or its requests would pay for the routes that their strategy has and the reference has not.
 */
export function strategyRoutes(options: StrategyRoutesOptions): readonly [StrategyRouter, StrategyRouter] {
  const measured = createRouter();
  measured.get('/profile', authenticated(options.strategy), profile);
  return [measured, otherRoutes(options)];
}

function createRouter(): StrategyRouter {
  return new Router({ methods: ['GET', 'HEAD', 'POST', 'DELETE'] });
}

/** A strategy that checks nothing has no routes that act for whoever asks: it could not tell for whom. */
function otherRoutes(options: StrategyRoutesOptions): StrategyRouter {
  const { strategy, identity, limits, accounts, administration } = options;
  const router = createRouter();
  router.post('/auth/login', proveSameSite, requireJson, readJson, login(strategy, identity, limits));
  if (canRefresh(strategy)) router.post('/auth/refresh', proveSameSite, requireJson, refresh(strategy));
  router.post('/auth/logout', proveSameSite, requireJson, logout(strategy));
  if (strategy.traits.bound === 'unbounded') return router;
  if (accounts !== undefined) addAccountRoutes(router, options, accounts);
  if (administration !== undefined) addAdministrationRoutes(router, strategy, administration);
  return router;
}

function addAccountRoutes(router: StrategyRouter, options: StrategyRoutesOptions, accounts: Accounts): void {
  const { strategy, identity, limits } = options;
  const user = authenticated(strategy);
  const changing = [proveSameSite, requireJson] as const;
  router.get('/auth/sessions', user, listSessions(accounts));
  router.delete('/auth/sessions/:sid', ...changing, user, endSession(strategy, accounts));
  router.post('/auth/logout-all', ...changing, user, logoutAll(strategy, accounts));
  const password = changePassword(strategy, { accounts, identity, limits });
  router.post('/auth/password', ...changing, readJson, user, password);
}

function addAdministrationRoutes(router: StrategyRouter, strategy: Strategy, administration: Administration): void {
  const administering = [authenticated(strategy), administrator(strategy)] as const;
  const changing = [proveSameSite, requireJson, readJson, ...administering] as const;
  const { rotateKeys: rotate, queryLog: query } = administration;
  router.post('/admin/users/:sub/revoke', ...changing, commandUser(administration.endAllSessions));
  router.post('/admin/users/:sub/disable', ...changing, commandUser(administration.disableUser));
  router.post('/admin/users/:sub/enable', ...changing, commandUser(administration.enableUser));
  router.post('/admin/users/:sub/roles', ...changing, changeRoles(administration));
  if (rotate !== undefined) router.post('/admin/keys/rotate', ...changing, rotateKeys(rotate));
  if (query !== undefined) router.get('/log', ...administering, queryLog(query));
}
