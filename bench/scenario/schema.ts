/** A scenario: what is compared, how often, and for how long. The file is YAML; this is its validated form. */

import { z } from 'zod';
import type { Expectation } from './expectation.ts';
import { measureSchemas } from './measures.ts';
import { sweepSchema } from './sweep-schema.ts';
import { tokenSizeSchema } from './token-size-schema.ts';

const milliseconds = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const seconds = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const count = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);

export const throughputSchema = z.strictObject({
  /** Pairs of adjacent windows per strategy. Below 8 an interval is not worth its name; the smoke scenario says so. */
  rounds: count(2, 200).default(8),
  /**
   * Processes of each contestant, one after the other, with an equal part of the rounds: those that do the same differ by a
   * per cent, which only more of them average out. Each costs its start and a warm-up of every contestant.
   */
  processes: count(1, 50).default(1),
  /** Of each side of a pair, all its slices together. */
  windowMillis: milliseconds(100, 60_000).default(500),
  /**
   * The two sides of a pair take turns of this length: what disturbs the machine for longer meets both. Each turn begins with
   * cold caches and ends with connections that stand idle, which fewer requests pay for where a check is dearer: 100
   * microseconds of CPU came out as 126 in turns of 10 ms, and as 116 in turns of 50.
   */
  sliceMillis: milliseconds(5, 1_000).default(50),
  /** Load on each side before the first reading: a process that has stood idle is slow for a while. */
  rampMillis: milliseconds(0, 60_000).default(100),
  /** Load before the first window, so that what is measured has been compiled. */
  warmupMillis: milliseconds(0, 60_000).default(1_500),
  /** Whether the warm-up goes on until a cache of verified tokens has been asked for every credential once. */
  warmupEveryToken: z.boolean().optional(),
  connections: count(1, 1_024).default(16),
});

export const revocationSchema = z.strictObject({
  nodes: count(1, 8).default(2),
  /** Trials while nothing else happens; 0 leaves the condition out. */
  idleTrials: count(0, 100_000).default(50),
  /** Trials while the generator keeps every node busy with other credentials. */
  loadedTrials: count(0, 100_000).default(50),
  /** Connections to each node in the loaded trials. */
  loadConnections: count(1, 256).default(4),
  /** Trials in which Redis is stopped (SIGSTOP) around the revoke, for longer than the staleness limit. */
  redisPausedTrials: count(0, 100).default(0),
  /** Strategies that cannot revoke are watched until their credential expires; it lives this long here. */
  untilExpiryLifetimeSeconds: seconds(1, 60).default(2),
  untilExpiryTrials: count(0, 1_000).default(10),
});

/** The classic mistakes: each is made by a server that the lab starts for it, and tried on the scenario's strategies too. */
export const mistakeNames = [
  'no-expiry',
  'algorithm-confusion',
  'algorithm-list-too-wide',
  'sensitive-payload',
  'no-revocation',
  'no-rotation',
] as const;

export const mistakesSchema = z.strictObject({
  /** Which are tried, in this order. */
  tried: z
    .array(z.enum(mistakeNames))
    .min(1)
    .default([...mistakeNames]),
  /**
   * Of all servers under attack: short, because the end of a token is waited for. Times in tokens are whole seconds, so
   * that one of a single second may be born dead.
   */
  accessTokenLifetimeSeconds: seconds(2, 60).default(3),
});

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens'),
  /** The question the report answers, in one sentence. */
  question: z.string().min(1),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  /** Names from the registry. `none`, the reference, is always there. */
  strategies: z.array(z.string()).min(1),
  /** Distinct credentials per strategy, in rotation. */
  credentials: count(1, 1_000_000).default(2_000),
  partitions: count(1, 64).default(1),
  beatIntervalMillis: milliseconds(50, 60_000).default(250),
  stalenessLimitMillis: milliseconds(200, 600_000).default(2_000),
  /** Between nodes and Redis, by a link that holds back what passes; absent: there is none. */
  addedRttMillis: z.number().min(0).max(100).optional(),
  throughput: throughputSchema.optional(),
  revocation: revocationSchema.optional(),
  tokenSize: tokenSizeSchema.optional(),
  mistakes: mistakesSchema.optional(),
  ...measureSchemas,
  /** Throughput or revocation once more at each level of one factor. */
  sweep: sweepSchema.optional(),
});

/** As it stands in the file. */
export const scenarioFileSchema = scenarioSchema.extend({
  /** Thresholds, judged after the run; `load.ts` parses each line. */
  expect: z.array(z.string().min(1)).min(1).optional(),
  /** What people say, each with the comparison that it comes to. */
  hypotheses: z
    .array(
      z.strictObject({
        claim: z.string().min(1),
        /** The row of a table that it belongs to. */
        row: z.string().min(1).optional(),
        /** As in `expect`; true where the claim is. */
        test: z.string().min(1),
        /** How the test follows from the claim, where that is not plain. */
        because: z.string().min(1).optional(),
      }),
    )
    .min(1)
    .optional(),
});

export type ScenarioFile = z.infer<typeof scenarioFileSchema>;

/** Validated, defaults filled in. */
export interface Scenario extends z.infer<typeof scenarioSchema> {
  readonly expect?: readonly Expectation[];
  readonly hypotheses?: readonly Hypothesis[];
}

export interface Hypothesis {
  readonly claim: string;
  readonly row?: string | undefined;
  readonly because?: string | undefined;
  readonly test: Expectation;
}
export type ThroughputPlan = z.infer<typeof throughputSchema>;
export type RevocationPlan = z.infer<typeof revocationSchema>;
export type TokenSizePlan = z.infer<typeof tokenSizeSchema>;
export type MistakesPlan = z.infer<typeof mistakesSchema>;
export type MistakeName = (typeof mistakeNames)[number];
export type { AttackGroup } from './attack-schema.ts';
export type {
  ChaosFaultTime,
  ChaosOperation,
  ChaosOperationKind,
} from './chaos-schedule.ts';
export type { ChaosFaultName, ChaosTopology } from './chaos-schema.ts';
export type { FaultName } from './fault-schema.ts';
