/** A closed loop against servers whose answers are known. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AnsweringOptions,
  type AnsweringServer,
  bearerHeaders,
  startAnsweringServer,
} from './answering-server.ts';
import { runClosedLoopWindow, startClosedLoop } from './closed-loop.ts';
import { CredentialPool } from './credential-pool.ts';
import { decodeLatencies, latencyQuantileMicros } from './histogram.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 60_000 };

const servers: AnsweringServer[] = [];

async function serve(options?: AnsweringOptions): Promise<AnsweringServer> {
  const server = await startAnsweringServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const connections = 4;

describe('a closed-loop window', patience, () => {
  it('counts what the server has served, but for what was under way at the end', async () => {
    const server = await serve();
    const target = { baseUrl: server.baseUrl, path: '/profile', connections };
    const load = startClosedLoop(target, new CredentialPool(bearerHeaders(10)));
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(100), patience);
    const result = await load.stop();
    expect(result.requests).toBeGreaterThan(100);
    expect(server.requests() - result.requests).toBeGreaterThanOrEqual(0);
    expect(server.requests() - result.requests).toBeLessThanOrEqual(connections);
    expect(result.statuses).toEqual({ '200': result.requests });
    expect(result.errors).toBe(0);
    expect(server.paths).toEqual(new Set(['/profile']));
    expect(server.connections()).toBe(connections);
  });

  it('leaves the first request of each connection out of the latencies, and no other', async () => {
    const server = await serve();
    const target = { baseUrl: server.baseUrl, path: '/', connections };
    const load = startClosedLoop(target, new CredentialPool(bearerHeaders(1)));
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(100), patience);
    const result = await load.stop();
    expect(decodeLatencies(result.latencyHistogram).totalCount).toBe(result.requests - connections);
  });

  it('lasts as long as it is told, and measures itself', async () => {
    const server = await serve();
    const target = { baseUrl: server.baseUrl, path: '/', connections };
    const before = performance.now();
    const result = await runClosedLoopWindow(target, new CredentialPool(bearerHeaders(1)), 200);
    const elapsed = performance.now() - before;
    expect(result.durationMillis).toBeGreaterThanOrEqual(199);
    expect(result.durationMillis).toBeLessThanOrEqual(elapsed);
    expect(result.generatorCpuMicros).toBeGreaterThan(0);
    expect(result.generatorEventLoopUtilisation).toBeGreaterThan(0);
    expect(result.generatorEventLoopUtilisation).toBeLessThanOrEqual(1);
  });

  it('uses every credential, and in equal measure', async () => {
    const server = await serve();
    const pool = new CredentialPool(bearerHeaders(50));
    const load = startClosedLoop({ baseUrl: server.baseUrl, path: '/', connections }, pool);
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(1_000), patience);
    await load.stop();
    expect(server.seen.size).toBe(50);
    expect([...server.seen.keys()].sort()).toEqual(
      bearerHeaders(50)
        .map(({ authorization }) => authorization)
        .sort(),
    );
    // Connections need not go equally fast, but each goes round its own share.
    expect(Math.min(...server.seen.values())).toBeGreaterThan(1);
  });

  it('goes on with the next credentials in the next window', async () => {
    const server = await serve({ serviceMillis: 10 });
    const pool = new CredentialPool(bearerHeaders(1_000));
    const target = { baseUrl: server.baseUrl, path: '/', connections: 2 };
    const first = await runClosedLoopWindow(target, pool, 100);
    const usedAfterFirst = server.seen.size;
    expect(usedAfterFirst).toBeLessThanOrEqual(first.requests + 2);
    const second = await runClosedLoopWindow(target, pool, 100);
    // What was cut off at the end of the first window may be sent again.
    expect(server.seen.size).toBeGreaterThanOrEqual(usedAfterFirst + second.requests - 4);
  });

  it('counts statuses apart', async () => {
    const server = await serve({ status: (request) => (request % 10 === 0 ? 401 : request % 10 === 1 ? 503 : 200) });
    const load = startClosedLoop(
      { baseUrl: server.baseUrl, path: '/', connections },
      new CredentialPool(bearerHeaders(3)),
    );
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(200), patience);
    const { statuses, requests } = await load.stop();
    expect(Object.keys(statuses).sort()).toEqual(['200', '401', '503']);
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(requests);
    expect(Math.abs((statuses['401'] ?? 0) - requests / 10)).toBeLessThanOrEqual(connections);
  });

  it('measures a known service time', async () => {
    const server = await serve({ serviceMillis: 20 });
    const target = { baseUrl: server.baseUrl, path: '/', connections: 2 };
    const result = await runClosedLoopWindow(target, new CredentialPool(bearerHeaders(1)), 400);
    const median = latencyQuantileMicros(decodeLatencies(result.latencyHistogram), 0.5) ?? 0;
    // A timer may fire up to a millisecond early; how late it fires depends on what else the machine does.
    expect(median).toBeGreaterThanOrEqual(19_000);
    expect(median).toBeLessThan(200_000);
  });

  it('ends early, with errors, when nobody listens', async () => {
    const server = await serve();
    await server.close();
    const target = { baseUrl: server.baseUrl, path: '/', connections };
    const result = await runClosedLoopWindow(target, new CredentialPool(bearerHeaders(1)), 30_000);
    expect(result.requests).toBe(0);
    expect(result.errors).toBeGreaterThan(0);
    expect(result.durationMillis).toBeLessThan(20_000);
  });
});
