/** Made-up random histories: one contestant, two nodes, sessions that are told request by request. */

import type { ChaosContestant, ChaosExchange, ChaosFault, ChaosPerformed } from '../record/chaos-events.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';

/** A hybrid: it follows the log, and its bound is the staleness limit. */
export const following: ChaosContestant = {
  name: 'hybrid-hs256',
  boundMillis: 2_000,
  looksUp: false,
  hasRecord: false,
  follows: true,
  isSigned: true,
  refreshes: true,
  endsAllTokens: false,
  rolesChange: 'later',
};

/** A session: every check asks Redis. */
export const lookingUp: ChaosContestant = {
  ...following,
  name: 'session',
  boundMillis: 0,
  looksUp: true,
  hasRecord: true,
  follows: false,
  isSigned: false,
  refreshes: false,
  rolesChange: 'at-once',
};

/** Answered 10 ms later; of session 0 of user 0 at node 0, unless told. */
export function exchange(
  kind: ChaosExchange['kind'],
  sentMillis: number,
  status: number,
  changes: Partial<ChaosExchange> = {},
): ChaosExchange {
  const place = { contestant: 0, user: 0, session: 0, generation: 0, node: 0 };
  return { kind, ...place, sentMillis, answeredMillis: sentMillis + 10, status, ...changes };
}

/** A login, or with a generation the refresh that brought it. */
export function gaining(
  sentMillis: number,
  generation = 0,
  key = 0,
  changes: Partial<ChaosExchange> = {},
): ChaosExchange {
  const gained = { generation, refreshToken: generation, key };
  return exchange(generation === 0 ? 'login' : 'refresh', sentMillis, 200, {
    generation: Math.max(0, generation - 1),
    gained,
    ...changes,
  });
}

export function faultAt(fromMillis: number, toMillis: number, changes: Partial<ChaosFault> = {}): ChaosFault {
  return { fault: 'redis-killed', title: 'Redis killed', node: null, fromMillis, toMillis, deposes: false, ...changes };
}

export function history(exchanges: readonly ChaosExchange[], changes: Partial<ChaosPerformed> = {}): ChaosPerformed {
  return {
    type: 'ChaosPerformed',
    at: '2026-01-15T10:15:00.000Z',
    seed: 7,
    topology: 'one',
    replicas: 0,
    nodes: 2,
    stalenessLimitMillis: 2_000,
    accessTokenLifetimeMillis: 900_000,
    deadlineMillis: 5_200,
    refreshGraceMillis: 10_000,
    contestants: [following],
    faults: [],
    standstills: [],
    delays: [],
    settledMillis: 30_000,
    finalMillis: 32_000,
    exchanges: exchanges.toSorted((left, right) => left.sentMillis - right.sentMillis),
    ...changes,
  };
}

/** The record of a run of nothing but these. */
export function chaosRecord(events: readonly RunEvent[]): string {
  const [started] = exampleRun();
  if (started?.type !== 'RunStarted') throw new TypeError('a run begins with RunStarted');
  const { throughput: _, revocation: _r, tokenSize: _s, ...rest } = started.scenario;
  const scenario = {
    ...rest,
    strategies: ['hybrid-hs256'],
    chaos: { topology: 'one', seeds: 2, durationMillis: 30_000, nodes: 2 },
  };
  const ended: RunEvent = { type: 'RunEnded', at: started.at, outcome: 'completed', durationMillis: 60_000 };
  return [{ ...started, scenario }, ...events, ended].map((event) => `${JSON.stringify(event)}\n`).join('');
}
