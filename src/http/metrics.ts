/** What a server counts of itself, as Prometheus reads it. No label holds anything a client has made up, nor a user's name. */

import type Koa from 'koa';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countTokenCaches, rememberedTokens } from '../kernel/token-lookups.ts';

export interface ServerMetrics {
  /** To stand before everything else of the application: it sees the status that is sent. */
  observe(strategy: string): Koa.Middleware;
  /** One session that a durable event has ended. */
  revoked(channel: string, reason: string): void;
  /** A call to the log that threw. */
  logFailed(call: string, code: string): void;
  /** A partition's memory of revocations is made anew. */
  rebuilt(cause: string): void;
  readonly contentType: string;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

/** As much of a follower's state as is measured. */
export interface FollowerReading {
  readonly revocations: number;
  readonly partitions: readonly { readonly partition: number | 'realm'; readonly ageMillis: number | null }[];
}

/** Strategy of the routes that belong to the server. */
export const serverRoutes = 'server';

/** From a check in memory to a login's password hash. Seconds. */
const durationBuckets = [
  0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];

/** A registry of its own: two servers in one process count apart. */
export function createServerMetrics(follower: () => FollowerReading | null): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'authlab_http_requests_total',
    help: 'Requests answered, by strategy, route template and status.',
    labelNames: ['strategy', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'authlab_http_request_duration_seconds',
    help: 'Time from the first middleware to the answer.',
    labelNames: ['strategy', 'route'],
    buckets: durationBuckets,
    registers,
  });
  const counted = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `authlab_${name}_total`, help, labelNames, registers });
  const outcomes: Readonly<Record<string, Counter>> = {
    '/auth/login': counted('logins', 'Logins, by outcome.', ['strategy', 'outcome']),
    '/auth/refresh': counted('refreshes', 'Refreshes, by outcome.', ['strategy', 'outcome']),
  };
  const revocations = counted('revocations', 'Sessions this node has ended.', ['channel', 'reason']);
  const failures = counted('log_errors', 'Calls to the log that failed.', ['call', 'code']);
  const rebuilds = counted('follower_rebuilds', 'Rebuilds of a partition, by cause.', ['cause']);
  addFollowerGauges(registry, follower);
  addTokenCache(registry);

  function note(strategy: string, context: Koa.Context, seconds: number): void {
    const { status } = context;
    const route = templateOf(context);
    requests.inc({ strategy, route, status });
    durations.observe({ strategy, route }, seconds);
    if (context.method === 'POST') outcomes[route]?.inc({ strategy, outcome: outcomeOf(status) });
  }

  return {
    observe: (strategy) =>
      async function observe(context, next) {
        const begun = performance.now();
        try {
          await next();
        } finally {
          note(strategy, context, (performance.now() - begun) / 1_000);
        }
      },
    revoked: (channel, reason) => revocations.inc({ channel, reason }),
    logFailed: (call, code) => failures.inc({ call, code }),
    rebuilt: (cause) => rebuilds.inc({ cause }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** Read when somebody asks: a gauge that was set at some time would hide that nothing has set it since. */
function addFollowerGauges(registry: Registry, follower: () => FollowerReading | null): void {
  const registers = [registry];
  new Gauge({
    name: 'authlab_follower_freshness_age_seconds',
    help: 'Age of the newest proof of contact; beyond the staleness limit the partition answers 503. +Inf before the first.',
    labelNames: ['partition'],
    registers,
    collect() {
      this.reset();
      for (const { partition, ageMillis } of follower()?.partitions ?? []) {
        this.set({ partition }, ageMillis === null ? Number.POSITIVE_INFINITY : ageMillis / 1_000);
      }
    },
  });
  new Gauge({
    name: 'authlab_follower_revocations',
    help: 'Live revocations in this node’s memory.',
    registers,
    collect() {
      this.set(follower()?.revocations ?? 0);
    },
  });
}

/** Of all caches of this process. The hit ratio is hits by look-ups, over whatever time one asks about. */
function addTokenCache(registry: Registry): void {
  const registers = [registry];
  const counts = countTokenCaches();
  new Counter({
    name: 'authlab_token_cache_lookups_total',
    help: 'Look-ups in caches of verified tokens, by outcome; a miss costs the signature.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { lookups, hits } = counts();
      this.reset();
      this.inc({ outcome: 'hit' }, hits);
      this.inc({ outcome: 'miss' }, lookups - hits);
    },
  });
  new Counter({
    name: 'authlab_token_cache_evictions_total',
    help: 'Tokens that were still good, and had to go for others: there are more tokens than room.',
    registers,
    collect() {
      this.reset();
      this.inc(counts().evictions);
    },
  });
  new Gauge({
    name: 'authlab_token_cache_entries',
    help: 'Verified tokens in the caches’ memory.',
    registers,
    collect() {
      this.set(rememberedTokens());
    },
  });
}

/** `/auth/sessions/:sid`, as the router has it, never the path that was asked for. */
function templateOf(context: Koa.Context): string {
  const matched: unknown = context._matchedRoute;
  return typeof matched === 'string' ? matched : 'unmatched';
}

function outcomeOf(status: number): string {
  if (status === 200) return 'ok';
  if (status === 401) return 'refused';
  if (status === 429) return 'limited';
  if (status === 503) return 'unavailable';
  return status < 500 ? 'malformed' : 'failed';
}
