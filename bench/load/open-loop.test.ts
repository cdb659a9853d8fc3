/** The open loop against servers whose behaviour is known: what it says of them must come out right. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AnsweringOptions,
  type AnsweringServer,
  bearerHeaders,
  startAnsweringServer,
} from './answering-server.ts';
import { CredentialPool } from './credential-pool.ts';
import { decodeLatencies, latencyQuantileMicros } from './histogram.ts';
import { type Alarm, type OpenLoopTarget, runOpenLoop } from './open-loop.ts';

let server: AnsweringServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Node's own timers: whole milliseconds, which is fine enough for what is asked here. */
function timerAlarm(ring: () => void): Alarm {
  const nowMillis = () => performance.now();
  return { nowMillis, setFor: (dueMillis) => void setTimeout(ring, Math.max(0, dueMillis - nowMillis())) };
}

async function measured(options: AnsweringOptions, plan: Partial<OpenLoopTarget> = {}) {
  server = await startAnsweringServer(options);
  const target = {
    baseUrl: server.baseUrl,
    path: '/profile',
    connections: 16,
    ratePerSecond: 200,
    durationMillis: 500,
    rampMillis: 50,
  };
  const result = await runOpenLoop({ ...target, ...plan }, new CredentialPool(bearerHeaders(40)), timerAlarm);
  const millisAt = (encoded: string, share: number) =>
    (latencyQuantileMicros(decodeLatencies(encoded), share) ?? 0) / 1_000;
  return {
    ...result,
    latencyMillis: (share: number) => millisAt(result.latencyHistogram, share),
    serviceMillis: (share: number) => millisAt(result.serviceHistogram, share),
  };
}

describe('an open loop', () => {
  it('sends what the rate asks for, with credentials in rotation, and measures all but the ramp', async () => {
    const { requests, statuses, errors, unanswered, latencyHistogram } = await measured({});
    expect({ requests, statuses, errors, unanswered }).toEqual({
      requests: 100,
      statuses: { '200': 100 },
      errors: 0,
      unanswered: 0,
    });
    expect(decodeLatencies(latencyHistogram).totalCount).toBe(100);
    expect(server?.requests()).toBe(110);
    expect(server?.seen.size).toBe(40);
    expect(server?.connections()).toBe(16);
  });

  it('finds a known service time', async () => {
    const { latencyMillis, serviceMillis } = await measured({ serviceMillis: 40 });
    for (const millis of [latencyMillis(0.5), serviceMillis(0.5)]) {
      expect(millis).toBeGreaterThan(39);
      expect(millis).toBeLessThan(46);
    }
  });

  it('counts the time that a request waits for a connection, which its service time does not hold', async () => {
    // One connection of 20 ms each, asked every 10 ms: the last of 50 waits for half a second.
    const { latencyMillis, serviceMillis } = await measured(
      { serviceMillis: 20 },
      { connections: 1, ratePerSecond: 100, rampMillis: 0 },
    );
    expect(serviceMillis(0.5)).toBeLessThan(30);
    expect(latencyMillis(0.5)).toBeGreaterThan(200);
    expect(latencyMillis(1)).toBeGreaterThan(450);
  });

  it('shows a stall of 100 ms in every second at its 99th percentile', async () => {
    // One request in ten falls into a stall and waits for 0 to 100 ms: one in a hundred for 90 ms or more.
    const stalling = await startStallingServer(1_000, 100);
    try {
      const { port } = stalling.address() as AddressInfo;
      const target = {
        baseUrl: `http://127.0.0.1:${port}`,
        path: '/',
        connections: 64,
        ratePerSecond: 200,
        durationMillis: 3_000,
        rampMillis: 0,
      };
      const result = await runOpenLoop(target, new CredentialPool(bearerHeaders(10)), timerAlarm);
      const histogram = decodeLatencies(result.latencyHistogram);
      expect((latencyQuantileMicros(histogram, 0.99) ?? 0) / 1_000).toBeGreaterThan(81);
      expect((latencyQuantileMicros(histogram, 0.99) ?? 0) / 1_000).toBeLessThan(103);
      expect((latencyQuantileMicros(histogram, 0.8) ?? 0) / 1_000).toBeLessThan(40);
    } finally {
      stalling.closeAllConnections();
      stalling.close();
    }
  });

  it('counts other answers, and requests that were never answered with the time they have waited', async () => {
    const { statuses } = await measured({ status: (request) => (request % 2 === 0 ? 401 : 200) });
    expect(statuses).toEqual({ '200': 50, '401': 50 });
    await server?.close();
    const { unanswered, latencyMillis } = await measured(
      { serviceMillis: 60_000 },
      { durationMillis: 50, rampMillis: 0 },
    );
    expect(unanswered).toBe(10);
    expect(latencyMillis(0)).toBeGreaterThan(1_900);
  });

  it('counts connections that break, and makes them anew', async () => {
    const breaking = createServer((_request, response) => response.destroy());
    await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
    try {
      const baseUrl = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
      const target = { baseUrl, path: '/', connections: 2, ratePerSecond: 100, durationMillis: 200, rampMillis: 0 };
      const result = await runOpenLoop(target, new CredentialPool(bearerHeaders(1)), timerAlarm);
      expect(result).toMatchObject({ requests: 20, errors: 20, unanswered: 0, statuses: {} });
    } finally {
      breaking.closeAllConnections();
      breaking.close();
    }
  });

  it('says so when nobody answers', async () => {
    const target = {
      baseUrl: 'http://127.0.0.1:1',
      path: '/',
      connections: 1,
      ratePerSecond: 10,
      durationMillis: 10,
      rampMillis: 0,
    };
    await expect(runOpenLoop(target, new CredentialPool(bearerHeaders(1)), timerAlarm)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
    });
  });
});

/** Answers at once, but for the first part of each period: then at its end. */
async function startStallingServer(periodMillis: number, stallMillis: number): Promise<Server> {
  const begunMillis = performance.now() + periodMillis / 2;
  const stalling = createServer((_request, response) => {
    const phase = (performance.now() - begunMillis + 10 * periodMillis) % periodMillis;
    const answer = () => response.writeHead(200, { 'content-length': 2 }).end('{}');
    if (phase < stallMillis) setTimeout(answer, stallMillis - phase);
    else answer();
  });
  await new Promise<void>((resolve) => stalling.listen(0, '127.0.0.1', resolve));
  return stalling;
}
