/** Builds the events of invented but plausible runs, seeded, so that tests of the report need no lab and no copied data. */

import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { type RandomFraction, seededFraction } from '../../src/kernel/random.ts';
import type { ContestantDescribed, PairMeasured, RunEvent, RunStarted, WindowSample } from '../record/run-events.ts';
import { type ExampleAttacks, exampleAttacks } from './example-attacks.ts';
import { type ExampleContestant, exampleContestants } from './example-contestants.ts';
import { exampleMeasurePlans, exampleMeasures } from './example-measures.ts';
import { type ExampleMistakes, exampleMistakes } from './example-mistakes.ts';
import { exampleRevocations } from './example-revocations.ts';

export interface ExampleOptions {
  readonly seed?: number;
  readonly rounds?: number;
  readonly idleTrials?: number;
  /** Contestants; without it one of every kind. The reference is always there. */
  readonly strategies?: readonly string[];
  /** Answers 401 to everything in every window. */
  readonly refusing?: string;
  /** Accepts once beyond its bound, in its first idle trial. */
  readonly accepting?: string;
  readonly generatorSaturated?: boolean;
  /** The classic mistakes are tried, too. */
  readonly mistakes?: ExampleMistakes;
  /** So is the catalogue of attacks. */
  readonly attacks?: ExampleAttacks;
  /** Latency at a fixed rate, lifecycle, changes of roles and state are measured, too. */
  readonly isFull?: boolean;
  /** `null`: the record ends without RunEnded, after the throughput. */
  readonly outcome?: 'completed' | 'failed' | null;
}

/** A whole run's events in the order a lab writes them. The same options give the same events. */
export function exampleRun(options: ExampleOptions = {}): RunEvent[] {
  const clock = exampleClock();
  const fraction = seededFraction(options.seed ?? 1);
  const strategies = options.strategies ?? Object.keys(exampleContestants).filter((name) => name !== 'none');
  const rounds = options.rounds ?? 8;
  const idleTrials = options.idleTrials ?? 20;
  const load: RunEvent[] = [
    withMeasures(withMistakes(started(strategies, rounds, idleTrials, clock()), options), options),
    ...['none', ...strategies].map((name) => described(name, clock())),
    ...strategies.flatMap((name) => sizes(name, clock())),
    ...(options.mistakes === undefined ? [] : exampleMistakes(options.mistakes, clock)),
    ...(options.attacks === undefined ? [] : exampleAttacks(options.attacks, clock)),
    ...Array.from({ length: rounds }, (_, index) =>
      ['none', ...strategies].map((name) => pair(name, index + 1, options, fraction, clock())),
    ).flat(),
  ];
  if (options.outcome === null) return load;
  const revocations = exampleRevocations({ strategies, idleTrials, accepting: options.accepting, fraction, clock });
  const outcome = options.outcome ?? 'completed';
  const fault = { code: 'ERR_PART_CRASHED', message: 'Node 1 ended with code 1.' };
  const ended = { type: 'RunEnded', at: clock(), outcome, durationMillis: 61_234 } as const;
  const measures = options.isFull === true ? exampleMeasures(strategies, fraction, clock) : [];
  return [...load, ...revocations, ...measures, outcome === 'failed' ? { ...ended, fault } : ended];
}

/** The events as the recorder writes them. */
export function exampleRecord(options: ExampleOptions = {}): string {
  return exampleRun(options)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
}

/** One second an event, from one fixed moment on. */
function exampleClock(): () => string {
  let millis = Date.UTC(2026, 0, 15, 10, 15);
  return () => {
    millis += 1_000;
    return new Date(millis).toISOString();
  };
}

function started(strategies: readonly string[], rounds: number, idleTrials: number, at: string): RunStarted {
  return {
    type: 'RunStarted',
    at,
    recordVersion: 1,
    runId: '20260115T101500Z-example',
    authlabVersion: '0.1.0',
    commit: 'abc1234',
    scenario: {
      name: 'example',
      question: 'What does each way of staying logged in cost per request?',
      seed: 1,
      strategies: [...strategies],
      credentials: 2_000,
      partitions: 1,
      beatIntervalMillis: 250,
      stalenessLimitMillis: 2_000,
      throughput: {
        rounds,
        processes: 1,
        windowMillis: 400,
        sliceMillis: 25,
        rampMillis: 250,
        warmupMillis: 1_500,
        connections: 16,
      },
      revocation: {
        nodes: 2,
        idleTrials,
        loadedTrials: 0,
        loadConnections: 4,
        redisPausedTrials: 1,
        untilExpiryLifetimeSeconds: 2,
        untilExpiryTrials: 5,
      },
      tokenSize: { roles: [1, 200] },
    },
    seed: 1,
    machine: {
      hostPlatform: 'linux x64',
      kernelRelease: '6.1.0',
      cpuModel: 'Example CPU at 3 GHz',
      cores: 4,
      memoryBytes: 8_589_934_592,
      nodeVersion: 'v20.19.0',
      pinning: { node: [0], generator: [2], redis: [3] },
      generatorWaiting: 'awake',
      loadAverage: 0.3,
    },
    redis: {
      source: 'binary',
      server: 'redis',
      version: '7.0.15',
      maxmemoryPolicy: 'noeviction',
      appendonly: 'yes',
      appendfsync: 'everysec',
    },
    dependencies: { koa: '3.3.0', jsonwebtoken: '9.0.3' },
  };
}

function withMistakes(event: RunStarted, { mistakes, attacks }: ExampleOptions): RunStarted {
  const tried = ['no-expiry', 'algorithm-confusion', 'no-revocation'] as const;
  const groups = ['tokens', 'refresh', 'login'] as const;
  const scenario = {
    ...event.scenario,
    ...(mistakes && { mistakes: { tried: [...tried], accessTokenLifetimeSeconds: 2 } }),
    ...(attacks && { attacks: { groups: [...groups], accessTokenLifetimeSeconds: 6 } }),
  };
  return { ...event, scenario };
}

function withMeasures(event: RunStarted, { isFull }: ExampleOptions): RunStarted {
  return isFull === true ? { ...event, scenario: { ...event.scenario, ...exampleMeasurePlans } } : event;
}

function described(contestant: string, at: string): ContestantDescribed {
  const { description } = factsOf(contestant);
  return { type: 'ContestantDescribed', at, contestant, ...description };
}

function sizes(contestant: string, at: string): RunEvent[] {
  const { headerBytes, largestCookieBytes } = factsOf(contestant);
  return [1, 200].map((roles) => {
    const grown = headerBytes.growing ? 14 * (roles - 1) : 0;
    return {
      type: 'SizeMeasured',
      at,
      contestant,
      claims: `roles-${roles}`,
      requestHeaderBytes: headerBytes.request + grown,
      authRequestHeaderBytes: headerBytes.auth,
      loginResponseBytes: headerBytes.login + grown,
      largestCookieBytes: largestCookieBytes + (largestCookieBytes > 150 ? 28 * (roles - 1) : 0),
    };
  });
}

function pair(
  contestant: string,
  round: number,
  options: ExampleOptions,
  fraction: RandomFraction,
  at: string,
): PairMeasured {
  // The machine's speed drifts from pair to pair by up to a third; within a pair it hardly does.
  const slowness = 1 + fraction() / 3;
  const facts = factsOf(contestant);
  const reference = factsOf('none');
  return {
    type: 'PairMeasured',
    at,
    contestant,
    round,
    order: fraction() < 0.5 ? 'contestant-first' : 'reference-first',
    contestantSample: sample(facts, slowness, options.refusing === contestant, options, fraction),
    referenceSample: sample(reference, slowness, false, options, fraction),
    contestantAnswerBytes: options.refusing === contestant ? 180 : 310,
    referenceAnswerBytes: 310,
  };
}

function sample(
  facts: ExampleContestant,
  slowness: number,
  refuses: boolean,
  options: ExampleOptions,
  fraction: RandomFraction,
): WindowSample {
  const cpuMicros = (70 + facts.checkMicros) * slowness * (1 + (fraction() - 0.5) / 50);
  const requests = Math.round(390_000 / cpuMicros);
  return {
    requests,
    durationMillis: 400,
    statuses: { [refuses ? '401' : '200']: requests },
    errors: 0,
    nodeCpuMicros: Math.round(cpuMicros * requests),
    nodeEventLoopUtilisation: options.generatorSaturated === true ? 0.62 : 0.985,
    // Who asks Redis is met by threes.
    nodeEventLoopTurns: Math.round(requests / (1.02 + facts.redisCommands * 2)),
    redisCpuMicros: Math.round(3_000 + facts.redisCommands * requests * 7 * slowness),
    redisCommands: 4 + facts.redisCommands * requests,
    redisNetworkBytes: 900 + facts.redisCommands * requests * 230,
    generatorCpuMicros: 200_000,
    generatorEventLoopUtilisation: options.generatorSaturated === true ? 0.998 : 0.55,
    latencyHistogram: latencies(requests, cpuMicros * 16, fraction),
  };
}

/** A coarse histogram in a hundred steps: tests build thousands of them. */
function latencies(requests: number, typicalMicros: number, fraction: RandomFraction): string {
  const histogram = build({ bitBucketSize: 32, highestTrackableValue: 100_000, numberOfSignificantValueDigits: 2 });
  const slowest = 1.1 + fraction() / 10;
  for (let step = 0; step < 100; step += 1) {
    const share = 0.8 + ((slowest - 0.8) * step) / 99;
    histogram.recordValueWithCount(Math.round(typicalMicros * share), Math.ceil(requests / 100));
  }
  return encodeIntoCompressedBase64(histogram);
}

function factsOf(contestant: string): ExampleContestant {
  const facts = exampleContestants[contestant];
  if (facts === undefined) throw new RangeError(`There is no example of ${contestant}.`);
  return facts;
}
