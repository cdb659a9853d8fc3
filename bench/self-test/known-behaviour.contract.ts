/** What a server can be made to do beside its work, by listening to the requests that reach it. For tests. */

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KnownTruth } from './known-server.contract.ts';

export function addTo(path: string, { extraCpuMicros, serviceMillis, answersTogether, stall }: KnownTruth): void {
  if (extraCpuMicros !== undefined) onRequest(path, cpuSpender(extraCpuMicros));
  if (serviceMillis !== undefined)
    onRequest(path, (_request, response) => endAt(response, (end) => setTimeout(end, serviceMillis)));
  if (answersTogether) onRequest(path, (_request, response) => endAt(response, setImmediate));
  if (stall !== undefined) setInterval(() => standStill(stall.forMillis), stall.everyMillis).unref();
}

/** The node that answered a logout goes on accepting that credential. */
export function acceptLate(mount: string, forMillis: number): void {
  const acceptedUntil = new Map<string, number>();
  onRequest(`${mount}/auth/logout`, ({ headers }, response) => {
    response.on('finish', () => acceptedUntil.set(headers.cookie ?? '', performance.now() + forMillis));
  });
  onRequest(`${mount}/profile`, ({ headers }, response) => {
    const until = acceptedUntil.get(headers.cookie ?? '');
    if (until !== undefined && performance.now() < until) acceptAnyway(response);
  });
}

function onRequest(path: string, act: (request: IncomingMessage, response: ServerResponse) => void): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.url === path) act(request, response);
  });
}

/**
 * What is shorter is saved up. Spent bit by bit it would cost more than itself: meanwhile the caches forget the server's own
 * work, and 100 microseconds between every two requests make the requests themselves some 30 dearer.
 */
const shortestStretchMicros = 2_000;

function cpuSpender(perRequestMicros: number): () => void {
  let owedMicros = 0;
  return () => {
    owedMicros += perRequestMicros;
    // What is too much is taken off the next stretch.
    if (owedMicros >= shortestStretchMicros) owedMicros -= spend(owedMicros);
  };
}

/** Spends at least so much and returns how much it was. The clock is read seldom: each reading leaves objects behind. */
function spend(micros: number): number {
  const before = process.cpuUsage();
  for (let sum = 0; ; ) {
    for (let number = 0; number < numbersAtOnce; number += 1) sum += Math.sqrt(number);
    const { user, system } = process.cpuUsage(before);
    if (user + system >= micros && sum > 0) return user + system;
  }
}

/** Some tens of microseconds. */
const numbersAtOnce = 20_000;

/** The answer leaves when whoever is handed its end calls it. */
function endAt(response: ServerResponse, hold: (end: () => void) => void): void {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    hold(() => end(...args));
    return response;
  }) as ServerResponse['end'];
}

function acceptAnyway(response: ServerResponse): void {
  const end = response.end.bind(response);
  response.end = (() => {
    const body = '{"sub":"whoever"}';
    response.statusCode = 200;
    response.setHeader('content-length', body.length);
    return end(body);
  }) as ServerResponse['end'];
}

/** Nothing is spent meanwhile: it waits, as for a disk. */
function standStill(millis: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}
