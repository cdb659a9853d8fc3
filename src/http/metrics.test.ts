/** What a scrape tells after real requests to a toy server; and what it never tells. */

import { afterEach, describe, expect, it } from 'vitest';
import { rememberedTokens, tellTokenForgotten, tellTokenLookup, tellTokenRemembered } from '../kernel/token-lookups.ts';
import { dispatcher } from './dispatch.ts';
import { ask, post } from './http.contract.ts';
import { type HttpServer, listen } from './http-server.ts';
import { createServerMetrics, type FollowerReading, type ServerMetrics } from './metrics.ts';
import { createServerApplication, serverSegments } from './server-application.ts';
import { createStrategyApplication } from './strategy-application.ts';
import { alice, toyIdentity } from './toy-server.contract.ts';
import { createToy, type Toy } from './toy-strategy.contract.ts';

const servers: HttpServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop(0))));

async function start(metrics: ServerMetrics | undefined): Promise<{ port: number; toy: Toy }> {
  const toy = createToy({ name: 'toy' });
  const { strategy } = toy;
  const report = () => undefined;
  const observe = metrics?.observe(strategy.name);
  const options = { strategy, identity: toyIdentity, allowPlainHttp: true, trustProxy: false, report, observe };
  const application = createStrategyApplication(options).callback();
  const server = createServerApplication({
    strategies: [strategy],
    defaultStrategy: strategy.name,
    jwks: () => ({ keys: [] }),
    notReadyReasons: () => [],
    lab: false,
    metrics,
    report,
  });
  const strategies = new Map([[strategy.name, application]]);
  const handler = dispatcher({ strategies, defaultStrategy: application, server: server.callback(), serverSegments });
  const listening = await listen(handler, '127.0.0.1', 0);
  servers.push(listening);
  return { port: listening.port, toy };
}

/** Values by name and labels, as the text has them. */
async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const { status, text, headers } = await ask(port, '/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(headers['cache-control']).toBe('no-store');
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), readValue(line)]));
}

function readValue(line: string): number {
  const value = line.slice(line.lastIndexOf(' ') + 1);
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
}

const none = () => null;

describe('what is counted', () => {
  it('is requests by strategy, route template and status, and how long they took', async () => {
    const { port } = await start(createServerMetrics(none));
    await post(port, '/toy/auth/login', alice);
    await ask(port, '/toy/profile');
    await ask(port, '/profile');
    await ask(port, '/public');
    const samples = await scrape(port);
    const requests = (labels: string) => samples.get(`authlab_http_requests_total{${labels}}`);
    expect(requests('strategy="toy",route="/auth/login",status="200"')).toBe(1);
    expect(requests('strategy="toy",route="/profile",status="401"')).toBe(2);
    expect(requests('strategy="server",route="/public",status="200"')).toBe(1);
    const durations = 'authlab_http_request_duration_seconds';
    expect(samples.get(`${durations}_count{strategy="toy",route="/profile"}`)).toBe(2);
    expect(samples.get(`${durations}_sum{strategy="toy",route="/profile"}`)).toBeGreaterThan(0);
    expect(samples.has(`${durations}_bucket{le="0.00005",strategy="toy",route="/profile"}`)).toBe(true);
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('is logins and refreshes by outcome, as they were answered', async () => {
    const { port, toy } = await start(createServerMetrics(none));
    const login = await post(port, '/toy/auth/login', alice);
    await post(port, '/toy/auth/login', { ...alice, password: 'wrong' });
    await post(port, '/toy/auth/login', '{');
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    await post(port, '/toy/auth/refresh', undefined, { cookie });
    await post(port, '/toy/auth/refresh');
    toy.failWith = new Error('broken');
    await post(port, '/toy/auth/refresh', undefined, { cookie });
    const samples = await scrape(port);
    const logins = (outcome: string) => samples.get(`authlab_logins_total{strategy="toy",outcome="${outcome}"}`);
    expect([logins('ok'), logins('refused'), logins('malformed')]).toEqual([1, 1, 1]);
    const refreshes = (outcome: string) => samples.get(`authlab_refreshes_total{strategy="toy",outcome="${outcome}"}`);
    expect([refreshes('ok'), refreshes('refused'), refreshes('failed')]).toEqual([1, 1, 1]);
  });

  it('is what the follower knows at the moment, and what happened at the log', async () => {
    let reading: FollowerReading | null = null;
    const metrics = createServerMetrics(() => reading);
    const { port } = await start(metrics);
    expect((await scrape(port)).get('authlab_follower_revocations')).toBe(0);
    const ages = (age: number | null) => ({ partition: 0, ageMillis: age });
    reading = { revocations: 7, partitions: [ages(250), { partition: 'realm', ageMillis: null }] };
    metrics.revoked('followed', 'logout');
    metrics.logFailed('append', 'ERR_LOG_UNAVAILABLE');
    metrics.rebuilt('gap');
    const samples = await scrape(port);
    expect(samples.get('authlab_follower_revocations')).toBe(7);
    expect(samples.get('authlab_follower_freshness_age_seconds{partition="0"}')).toBe(0.25);
    expect(samples.get('authlab_follower_freshness_age_seconds{partition="realm"}')).toBe(Number.POSITIVE_INFINITY);
    expect(samples.get('authlab_revocations_total{channel="followed",reason="logout"}')).toBe(1);
    expect(samples.get('authlab_log_errors_total{call="append",code="ERR_LOG_UNAVAILABLE"}')).toBe(1);
    expect(samples.get('authlab_follower_rebuilds_total{cause="gap"}')).toBe(1);
    reading = { revocations: 7, partitions: [ages(300)] };
    expect((await scrape(port)).has('authlab_follower_freshness_age_seconds{partition="realm"}')).toBe(false);
  });

  it('is what the caches of verified tokens were asked and knew, what is in them, and what had to go', async () => {
    tellTokenLookup(true);
    const { port } = await start(createServerMetrics(none));
    const inside = rememberedTokens();
    for (const isHit of [false, true, true, true]) tellTokenLookup(isHit);
    for (let kept = 0; kept < 5; kept += 1) tellTokenRemembered();
    for (const hadToGo of [true, true, false]) tellTokenForgotten(hadToGo);
    for (let time = 0; time < 2; time += 1) {
      const samples = await scrape(port);
      expect(samples.get('authlab_token_cache_lookups_total{outcome="hit"}')).toBe(3);
      expect(samples.get('authlab_token_cache_lookups_total{outcome="miss"}')).toBe(1);
      expect(samples.get('authlab_token_cache_entries')).toBe(inside + 2);
      expect(samples.get('authlab_token_cache_evictions_total')).toBe(2);
    }
  });

  it('is counted apart by two servers of one process', async () => {
    const [one, other] = [await start(createServerMetrics(none)), await start(createServerMetrics(none))];
    await ask(one.port, '/toy/profile');
    const name = 'authlab_http_requests_total{strategy="toy",route="/profile",status="401"}';
    expect((await scrape(one.port)).get(name)).toBe(1);
    expect((await scrape(other.port)).has(name)).toBe(false);
  });
});

describe('what is not told', () => {
  it('is anything a client has made up: the labels are as many afterwards', async () => {
    const { port } = await start(createServerMetrics(none));
    await post(port, '/toy/auth/login', alice);
    await ask(port, '/toy/nowhere');
    await ask(port, '/public/nowhere');
    await scrape(port);
    const before = [...(await scrape(port)).keys()];
    for (const path of ['/toy/invented-1', '/invented-2?token=invented-3', '/public/invented-4', '/toy/PROFILE%00']) {
      await ask(port, path, { headers: { authorization: 'Bearer invented-5' } });
      await ask(port, path, { method: 'PROPFIND' });
    }
    const after = [...(await scrape(port)).keys()].filter((key) => key.startsWith('authlab_'));
    expect(after.filter((key) => !before.includes(key) && !/status="40[145]"|route="unmatched"/.test(key))).toEqual([]);
    const text = after.join('\n');
    expect(text).not.toContain('invented');
    expect(text).not.toContain('alice');
  });

  it('is anything at all where nobody counts', async () => {
    const { port } = await start(undefined);
    expect((await ask(port, '/metrics')).status).toBe(404);
  });
});
