/** The shapes of the events that every run has, and of the load and of revocations. */

import { z } from 'zod';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { contestant, event, filledIn, list, number, numbers, statuses, text } from './shapes.ts';

const figureName = z.object({ contestant, figure: text, part: text, level: number.nullable() });
const expectation = z.object({
  text,
  isSure: z.boolean(),
  left: figureName,
  operator: z.enum(['>=', '<=', '==', '>', '<']),
  right: z.object({ number, figure: figureName.nullable() }),
});
const hypothesis = z.object({
  claim: text,
  row: text.optional(),
  because: text.optional(),
  test: expectation,
});

/** As `load.ts` leaves it: defaults filled in, thresholds parsed. */
const scenario = filledIn(scenarioSchema).and(
  z.object({ expect: list(expectation).exactOptional(), hypotheses: list(hypothesis).exactOptional() }),
) as z.ZodType as z.ZodType<Scenario>;

const machine = z.object({
  hostPlatform: text,
  kernelRelease: text,
  cpuModel: text,
  cores: number,
  memoryBytes: number,
  nodeVersion: text,
  pinning: z.object({ node: numbers, generator: numbers, redis: numbers }).nullable(),
  generatorWaiting: z.enum(['asleep', 'awake', 'awake-giving-way']).exactOptional(),
  loadAverage: number,
});

const redis = z.object({
  source: z.enum(['url', 'binary', 'docker']),
  server: text,
  version: text,
  maxmemoryPolicy: text,
  appendonly: text,
  appendfsync: text,
});

const signature = z.object({
  algorithm: text,
  keyBits: number,
  library: text,
  libraryVersion: text,
  usage: text.exactOptional(),
});

export const windowSample = z.object({
  requests: number,
  durationMillis: number,
  otherTurnsMillis: number.exactOptional(),
  statuses,
  errors: number,
  nodeCpuMicros: number,
  nodeEventLoopUtilisation: number,
  nodeEventLoopTurns: number.exactOptional(),
  redisCpuMicros: number,
  redisCommands: number,
  redisNetworkBytes: number,
  generatorCpuMicros: number,
  generatorEventLoopUtilisation: number,
  latencyHistogram: text,
});

const observation = z.object({
  node: number,
  requests: number,
  lastAcceptedSentMillis: number.nullable(),
  firstRefusedSentMillis: number.nullable(),
  lastAcceptedAfterAcknowledgementMillis: number.nullable(),
  probeSpacingMillis: number,
  otherStatuses: statuses,
});

export const order = z.enum(['contestant-first', 'reference-first']);

export const runSchemas = {
  RunStarted: event('RunStarted', {
    recordVersion: z.literal(1),
    runId: text,
    authlabVersion: text,
    commit: text.nullable(),
    scenario,
    seed: number,
    machine,
    redis,
    dependencies: z.record(z.string(), text),
  }),
  ContestantDescribed: event('ContestantDescribed', {
    contestant,
    family: text,
    transport: z.enum(['bearer', 'cookie', 'ignored']),
    stateLocation: text,
    revocation: z.enum(['record', 'denylist', 'epoch', 'followed', 'followed-strict', 'none']),
    bound: z.enum(['zero', 'staleness-limit', 'remaining-lifetime', 'unbounded']),
    redisCommandsPerCheck: number,
    signature: signature.nullable(),
  }),
  CredentialsPrepared: event('CredentialsPrepared', {
    contestant,
    count: number,
    bulk: number.exactOptional(),
    durationMillis: number,
  }),
  SizeMeasured: event('SizeMeasured', {
    contestant,
    claims: text,
    requestHeaderBytes: number,
    authRequestHeaderBytes: number,
    loginResponseBytes: number,
    largestCookieBytes: number,
  }),
  PairMeasured: event('PairMeasured', {
    contestant,
    round: number,
    order,
    process: number.exactOptional(),
    contestantSample: windowSample,
    referenceSample: windowSample,
    contestantAnswerBytes: number,
    referenceAnswerBytes: number,
  }),
  RevocationMeasured: event('RevocationMeasured', {
    contestant,
    condition: z.enum(['idle', 'loaded', 'redis-paused', 'until-expiry']),
    trial: number,
    revokeStatus: number,
    acknowledgedMillis: number.nullable(),
    observations: list(observation),
    boundMillis: number.nullable(),
    remainingLifetimeMillis: number.nullable(),
  }),
  DeliveryMeasured: event('DeliveryMeasured', { condition: z.enum(['idle', 'loaded']), deliveryMicros: numbers }),
  TrialVoided: event('TrialVoided', {
    contestant,
    measure: z.enum(['throughput', 'revocation', 'size', 'lifecycle', 'role-change', 'state', 'faults', 'chaos']),
    reason: text,
  }),
  RunEnded: event('RunEnded', {
    outcome: z.enum(['completed', 'aborted', 'failed']),
    durationMillis: number,
    fault: z.object({ code: text, message: text }).exactOptional(),
  }),
};
