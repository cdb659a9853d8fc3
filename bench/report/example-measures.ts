/** Of the invented runs: latency at a fixed rate, the life of sessions, roles that change, and state. */

import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { RandomFraction } from '../../src/kernel/random.ts';
import type { LifecycleOperation } from '../record/lifecycle-events.ts';
import type { OpenLoopSample } from '../record/open-loop-events.ts';
import type { RunEvent, RunStarted } from '../record/run-events.ts';
import { exampleContestants } from './example-contestants.ts';

const rounds = 6;
const turns = 4;

/** What the scenario says of them. */
export const exampleMeasurePlans: Pick<RunStarted['scenario'], 'openLoop' | 'lifecycle' | 'roleChange' | 'state'> = {
  openLoop: { ratePerSecond: 300, rounds, windowMillis: 2_000, rampMillis: 200, connections: 64, warmupMillis: 0 },
  lifecycle: { trials: 40, turns, warmupTrials: 40 },
  roleChange: { trials: 6, nodes: 2, credentialLifetimeSeconds: 3 },
  state: { sessions: 10_000, starts: 5, ended: true },
};

export function exampleMeasures(
  strategies: readonly string[],
  fraction: RandomFraction,
  clock: () => string,
): RunEvent[] {
  const all = ['none', ...strategies];
  return [
    ...all.flatMap((name) => Array.from({ length: rounds }, (_, index) => openLoop(name, index, fraction, clock()))),
    ...all.flatMap((name) =>
      (['login', 'refresh', 'logout'] as const).flatMap((operation) =>
        Array.from({ length: turns }, (_, index) => lifecycle(name, operation, index, fraction, clock())),
      ),
    ),
    ...strategies.flatMap((name) =>
      Array.from({ length: 6 }, (_, index) => roleChange(name, index, fraction, clock())),
    ),
    ...strategies.map((name) => state(name, fraction, clock())),
  ];
}

function checkMicrosOf(contestant: string): number {
  return exampleContestants[contestant]?.checkMicros ?? 0;
}

function openLoop(contestant: string, index: number, fraction: RandomFraction, at: string): RunEvent {
  return {
    type: 'OpenLoopMeasured',
    at,
    contestant,
    round: index + 1,
    order: index % 2 === 0 ? 'contestant-first' : 'reference-first',
    contestantSample: sample(420 + 4 * checkMicrosOf(contestant), fraction),
    referenceSample: sample(420, fraction),
  };
}

/** Twelve hundred requests, one in a hundred of which takes many times as long. */
function sample(micros: number, fraction: RandomFraction): OpenLoopSample {
  const own = micros * (1 + fraction() / 20);
  const encoded = (typical: number) => {
    const histogram = build({ bitBucketSize: 32, highestTrackableValue: 1_000_000, numberOfSignificantValueDigits: 2 });
    for (let step = 0; step < 100; step += 1) {
      const share = step === 99 ? 9 : 0.8 + step / 250;
      histogram.recordValueWithCount(Math.round(typical * share), 12);
    }
    return encodeIntoCompressedBase64(histogram);
  };
  return {
    requests: 1_200,
    statuses: { '200': 1_200 },
    errors: 0,
    unanswered: 0,
    latencyHistogram: encoded(own),
    serviceHistogram: encoded(own * 0.9),
    latenessHistogram: encoded(20),
    generatorCpuMicros: 100_000,
    generatorEventLoopUtilisation: 0.2,
  };
}

const operationMicros: Readonly<Record<LifecycleOperation, number>> = { login: 400, refresh: 300, logout: 180 };

function lifecycle(
  contestant: string,
  operation: LifecycleOperation,
  index: number,
  fraction: RandomFraction,
  at: string,
): RunEvent {
  const micros = (operationMicros[operation] + 3 * checkMicrosOf(contestant)) * (1 + fraction() / 8);
  const spending = (cpu: number, commands: number) => ({
    durationMillis: 40,
    nodeCpuMicros: Math.round(cpu),
    redisCpuMicros: commands * 6,
    redisCommands: commands,
    redisReads: Math.round(commands / 2),
    redisNetworkBytes: 300 * commands,
  });
  const commands = contestant === 'none' ? 0 : 120;
  return {
    type: 'LifecycleMeasured',
    at,
    contestant,
    operation,
    turn: index + 1,
    durationsMicros: Array.from({ length: 40 }, () => Math.round(2 * micros * (0.9 + fraction() / 5))),
    spent: spending(40 * micros + 500, commands),
    resting: spending(500, 0),
  };
}

function roleChange(contestant: string, index: number, fraction: RandomFraction, at: string): RunEvent {
  const bound = exampleContestants[contestant]?.description.bound;
  const late = bound === 'remaining-lifetime' ? 2_400 + 200 * fraction() : bound === 'zero' ? 0.4 : 1 + 2 * fraction();
  const acknowledgedMillis = 2 + fraction();
  const observation = {
    requests: 300,
    lastOldSentMillis: acknowledgedMillis + late,
    firstRefusedSentMillis: null,
    firstNewSentMillis: acknowledgedMillis + late + 0.5,
    probeSpacingMillis: 0.6,
    otherStatuses: {},
  };
  return {
    type: 'RoleChangeMeasured',
    at,
    contestant,
    trial: index + 1,
    changeStatus: 204,
    acknowledgedMillis,
    observations: [
      { node: 0, ...observation },
      { node: 1, ...observation },
    ],
    renewal:
      bound === 'remaining-lifetime'
        ? {
            by: 'refresh',
            sentMillis: acknowledgedMillis + late,
            answeredMillis: acknowledgedMillis + late + 3,
            status: 200,
          }
        : null,
    remainingLifetimeMillis: bound === 'remaining-lifetime' ? 2_700 : null,
  };
}

function state(contestant: string, fraction: RandomFraction, at: string): RunEvent {
  const isFollowing = exampleContestants[contestant]?.description.revocation === 'followed';
  const starts = (liveBytes: number, readyMillis: number) =>
    Array.from({ length: 5 }, () => ({
      liveBytes: Math.round(liveBytes + 40_000 * fraction()),
      readyMillis: readyMillis + 10 * fraction(),
      longestPauseMillis: readyMillis / 40 + 4 * fraction(),
    }));
  const sessionBytes = 800 + 5 * checkMicrosOf(contestant);
  return {
    type: 'StateMeasured',
    at,
    contestant,
    sessions: 10_000,
    redisBytes: {
      before: 1_000_000,
      begun: 1_000_000 + 10_000 * sessionBytes,
      ended: 1_000_000 + 9_000 * sessionBytes,
    },
    events: { entries: 20_000, bytes: 4_000_000 },
    nodes: {
      without: starts(12_000_000, 400),
      with: starts(isFollowing ? 12_600_000 : 12_000_000, isFollowing ? 460 : 400),
    },
    bareReading: {
      records: isFollowing ? 10_000 : 0,
      millis: isFollowing ? Array.from({ length: 5 }, () => 20 + 2 * fraction()) : [],
    },
    checks: [],
  };
}
