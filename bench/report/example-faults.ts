/** Made-up faults: two nodes, a fault from 0 to 4 s, and a watch to 6 s. */

import type { AnswerStreak, CredentialUnderFault, FaultInflicted, FaultObserved } from '../record/fault-events.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';

const at = '2026-01-15T10:15:00.000Z';

export function inflicted(changes: Partial<FaultInflicted> = {}): FaultInflicted {
  return {
    type: 'FaultInflicted',
    at,
    fault: 'redis-killed',
    trial: 1,
    title: 'Redis killed',
    deed: 'Redis is killed',
    source: 'row 65',
    redis: { topology: 'one', replicas: 0, appendfsync: 'everysec' },
    befalls: 'redis',
    nodes: 2,
    concession: null,
    deadlineMillis: 5_200,
    machineMillis: 20,
    stoodMillis: 10,
    endingMillis: 3_950,
    endedMillis: 4_000,
    watchedMillis: 6_000,
    ...changes,
  };
}

export function observed(
  contestant: string,
  credentials: readonly CredentialUnderFault[],
  changes: Partial<FaultObserved> = {},
): FaultObserved {
  return {
    type: 'FaultObserved',
    at,
    fault: 'redis-killed',
    trial: 1,
    contestant,
    boundMillis: 2_000,
    promises: { refusesRevoked: true, losesNothing: true, keepsValid: true },
    credentials,
    newcomer: { logins: 1, acceptedMillis: 4_100 },
    ...changes,
  };
}

/** Status, first and last moment; asked every 100 ms. */
export type Streak = readonly [status: number, firstMillis: number, lastMillis: number];

function answers(node: number, streaks: readonly Streak[]) {
  return {
    node,
    streaks: streaks.map(([status, firstMillis, lastMillis]): AnswerStreak => {
      return { status, count: 1 + Math.round((lastMillis - firstMillis) / 100), firstMillis, lastMillis };
    }),
    longestMillis: 12,
    longestWhileStoppedMillis: null,
    longestGapMillis: 100,
  };
}

/** Of each node its streaks. */
export function valid(nodes: readonly (readonly Streak[])[], final: readonly number[] = [200, 200]) {
  return member('valid', null, nodes, final);
}

/** Sent 5 ms before `answeredMillis`. */
export function revoked(
  part: 'revoked-before' | 'revoked-during',
  [status, answeredMillis]: readonly [status: number, answeredMillis: number],
  nodes: readonly (readonly Streak[])[],
  final: readonly number[] = [401, 401],
  refreshStatus: number | null = 401,
): CredentialUnderFault {
  const logout = { node: 0, sentMillis: answeredMillis - 5, answeredMillis, status, waited: false };
  return { ...member(part, logout, nodes, final), refreshStatus };
}

function member(
  part: CredentialUnderFault['part'],
  logout: CredentialUnderFault['logout'],
  nodes: readonly (readonly Streak[])[],
  final: readonly number[],
): CredentialUnderFault {
  return {
    part,
    logout,
    answers: nodes.map((streaks, node) => answers(node, streaks)),
    final,
    refreshStatus: part === 'valid' ? 200 : null,
  };
}

/** The record of a run of nothing but faults. */
export function faultsRecord(
  events: readonly RunEvent[],
  { strategies, inflicted: names }: { readonly strategies: readonly string[]; readonly inflicted: readonly string[] },
): string {
  const [started, ...rest] = exampleRun({ strategies, rounds: 1, idleTrials: 0 });
  if (started?.type !== 'RunStarted') throw new TypeError('a run begins with RunStarted');
  const { throughput: _, revocation: _r, tokenSize: _s, ...scenario } = started.scenario;
  const record = [
    { ...started, scenario: { ...scenario, faults: { inflicted: names, trials: 1, nodes: 2 } } },
    ...rest.filter(({ type }) => type === 'ContestantDescribed'),
    ...events,
    { type: 'RunEnded', at: started.at, outcome: 'completed', durationMillis: 1 },
  ];
  return record.map((event) => `${JSON.stringify(event)}\n`).join('');
}
