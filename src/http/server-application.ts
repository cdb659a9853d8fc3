/** The routes that belong to the server and not to a strategy. */

import { subscribe } from 'node:diagnostics_channel';
import { Router } from '@koa/router';
import Koa from 'koa';
import { countTokenLookups, type TokenLookups } from '../kernel/token-lookups.ts';
import type { Traits } from '../strategies/strategy.ts';
import { liveBytes } from './lab-heap.ts';
import { watchPauses } from './lab-pauses.ts';
import { type ServerMetrics, serverRoutes } from './metrics.ts';
import { noStore } from './middlewares.ts';
import { problems } from './problems.ts';

export interface MountedStrategy {
  readonly name: string;
  readonly traits: Traits;
}

export interface ServerApplicationOptions {
  readonly strategies: readonly MountedStrategy[];
  /** Name of the strategy that is mounted at `/` too. */
  readonly defaultStrategy: string;
  /** The JWK Set (RFC 7517 5) of the public keys: asked at every request, because keys rotate. */
  readonly jwks: () => object;
  /** Why this server should get no requests at the moment, by name; empty when it is ready. */
  readonly notReadyReasons: () => readonly string[];
  /** Lab nodes tell what they use of the machine. */
  readonly lab: boolean;
  /** Absent: no `/metrics`, and nobody counts. */
  readonly metrics?: ServerMetrics | undefined;
  readonly report: (error: unknown) => void;
}

/** First path segments of the routes below; no strategy is called so. */
export const serverSegments: readonly string[] = ['public', 'strategies', '.well-known', 'health', 'metrics', 'lab'];

export function createServerApplication(options: ServerApplicationOptions): Koa {
  const { strategies, defaultStrategy, jwks, notReadyReasons, lab, metrics, report } = options;
  const router = new Router({ methods: ['GET', 'HEAD', 'POST'] });

  router.get('/public', function publicResource(context) {
    context.body = { message: 'Everybody may read this.' };
  });

  const listed = {
    default: defaultStrategy,
    strategies: strategies.map(({ name, traits }) => ({ name, path: `/${name}`, traits })),
  };
  router.get('/strategies', function listStrategies(context) {
    context.body = listed;
  });

  router.get('/.well-known/jwks.json', function keySet(context) {
    context.set('Content-Type', 'application/jwk-set+json');
    // Short beside an access token's lifetime, so that a new key is known before the first token that it signs is old.
    context.set('Cache-Control', 'public, max-age=60');
    context.body = JSON.stringify(jwks());
  });

  router.get('/health/live', noStore, function live(context) {
    context.body = { status: 'live' };
  });

  const pauses = lab ? watchPauses() : null;
  router.get('/health/ready', noStore, function ready(context) {
    const reasons = notReadyReasons();
    if (reasons.length === 0) pauses?.end();
    context.status = reasons.length === 0 ? 200 : 503;
    context.body = { status: reasons.length === 0 ? 'ready' : 'not-ready', reasons };
  });

  if (metrics !== undefined) {
    router.get('/metrics', noStore, async function tellMetrics(context) {
      context.set('Content-Type', metrics.contentType);
      context.body = await metrics.text();
    });
  }

  if (lab) {
    const requests = countRequests();
    const tokens = countTokenLookups();
    router.get('/lab/heap', noStore, function heap(context) {
      context.body = { liveBytes: liveBytes() };
    });
    router.get('/lab/start', noStore, function start(context) {
      context.body = { longestPauseMillis: pauses?.longestMillis() };
    });
    router.get('/lab/usage', noStore, function usage(context) {
      context.body = { ...processUsage(), requests: requests(), ...lookupCounts(tokens()) };
    });
  }

  const application = new Koa();
  application.on('error', report);
  if (metrics !== undefined) application.use(metrics.observe(serverRoutes));
  application.use(problems(report));
  application.use(router.routes());
  application.use(router.allowedMethods());
  return application;
}

/** Counts the requests that any server of this process has begun to answer, the asking one included. */
function countRequests(): () => number {
  let requests = 0;
  subscribe('http.server.request.start', () => {
    requests += 1;
  });
  return () => requests;
}

/** Nothing where no token is looked up. */
function lookupCounts({ lookups, hits }: TokenLookups) {
  return lookups === 0 ? {} : { tokenLookups: lookups, tokenHits: hits };
}

/** Counters since the process began: CPU of all its threads, and how its event loop spent its time. */
function processUsage() {
  const { user, system } = process.cpuUsage();
  const { active, idle } = performance.eventLoopUtilization();
  // Node 22 does not count the turns before 22.8.
  const { uvMetricsInfo }: Partial<typeof performance.nodeTiming> = performance.nodeTiming;
  return {
    cpuMicros: user + system,
    eventLoopActiveMillis: active,
    eventLoopIdleMillis: idle,
    ...(uvMetricsInfo && { eventLoopTurns: uvMetricsInfo.loopCount }),
    rssBytes: process.memoryUsage.rss(),
    atMillis: performance.now(),
  };
}
