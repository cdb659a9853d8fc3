/** The shapes of what the measures beside cost, revocation and size record, but for faults, attacks and histories. */

import { z } from 'zod';
import { order, windowSample } from './run-schemas.ts';
import { contestant, event, list, number, numbers, statuses, text } from './shapes.ts';

const openLoopSample = z.object({
  requests: number,
  statuses,
  errors: number,
  unanswered: number,
  latencyHistogram: text,
  serviceHistogram: text,
  latenessHistogram: text,
  generatorCpuMicros: number,
  generatorEventLoopUtilisation: number,
});

const spending = z.object({
  durationMillis: number,
  nodeCpuMicros: number,
  redisCpuMicros: number,
  redisCommands: number,
  redisReads: number,
  redisNetworkBytes: number,
});

const roleObservation = z.object({
  node: number,
  requests: number,
  lastOldSentMillis: number.nullable(),
  firstRefusedSentMillis: number.nullable(),
  firstNewSentMillis: number.nullable(),
  probeSpacingMillis: number,
  otherStatuses: statuses,
});

const renewal = z.object({
  by: z.enum(['refresh', 'login']),
  sentMillis: number,
  answeredMillis: number,
  status: number,
});

const starts = list(z.object({ liveBytes: number, readyMillis: number, longestPauseMillis: number }));
const redisWindow = z.object({ requests: number, cpuMicros: number });
const check = z.object({
  node: z.object({ without: windowSample, with: windowSample }),
  redis: z.object({ without: redisWindow, with: redisWindow }).nullable(),
});

const idlePeriod = z.object({ durationMillis: number, cpuMicros: number });

export const measureSchemas = {
  OpenLoopMeasured: event('OpenLoopMeasured', {
    contestant,
    round: number,
    order,
    contestantSample: openLoopSample,
    referenceSample: openLoopSample,
  }),
  LifecycleMeasured: event('LifecycleMeasured', {
    contestant,
    operation: z.enum(['login', 'refresh', 'logout']),
    turn: number,
    durationsMicros: numbers,
    spent: spending,
    resting: spending,
  }),
  RoleChangeMeasured: event('RoleChangeMeasured', {
    contestant,
    trial: number,
    changeStatus: number,
    acknowledgedMillis: number.nullable(),
    observations: list(roleObservation),
    renewal: renewal.nullable(),
    remainingLifetimeMillis: number.nullable(),
  }),
  LinkMeasured: event('LinkMeasured', { addedMillisAsked: number, directMicros: numbers, linkMicros: numbers }),
  StateMeasured: event('StateMeasured', {
    contestant,
    sessions: number,
    redisBytes: z.object({ before: number, begun: number, ended: number.nullable() }),
    events: z.object({ entries: number, bytes: number }),
    nodes: z.object({ without: starts, with: starts }),
    bareReading: z.object({ records: number, millis: numbers }),
    checks: list(check),
  }),
  LoginRefused: event('LoginRefused', { contestant, claims: text, status: number }),
  TokenCacheCounted: event('TokenCacheCounted', { contestant, round: number, lookups: number, hits: number }),
  BackgroundMeasured: event('BackgroundMeasured', {
    contestant,
    round: number,
    process: number.exactOptional(),
    contestantIdle: idlePeriod,
    referenceIdle: idlePeriod,
  }),
};
