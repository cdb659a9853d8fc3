/** What a scenario may ask about latency at a fixed arrival rate. */

import { z } from 'zod';

export const openLoopSchema = z.strictObject({
  /** Requests that arrive in a second, whether or not the server keeps up; the same for all, so that it must be bearable. */
  ratePerSecond: z.number().int().min(1).max(20_000).default(300),
  /** Pairs of adjacent windows per strategy, the strategy's and the reference's. */
  rounds: z.number().int().min(2).max(200).default(8),
  windowMillis: z.number().int().min(100).max(600_000).default(2_000),
  /** The same rate before each window, not measured. */
  rampMillis: z.number().int().min(0).max(60_000).default(200),
  /** A request that finds none of them free waits for one, and its latency counts on. */
  connections: z.number().int().min(1).max(1_024).default(64),
  /** Closed-loop load before the first window, where the scenario has no throughput that brings its own. */
  warmupMillis: z.number().int().min(0).max(60_000).default(1_500),
});

export type OpenLoopPlan = z.infer<typeof openLoopSchema>;
