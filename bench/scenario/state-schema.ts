/** What a scenario may ask about state: what sessions and revocations occupy, and how long a start with them takes. */

import { z } from 'zod';

const count = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);

/** Windows of two nodes at once, as in the pairs of a throughput, but of the same strategy in two realms. */
const checksSchema = z.strictObject({
  /** Of each side, for each pair of nodes. */
  windowMillis: count(100, 60_000).default(1_000),
  sliceMillis: count(5, 1_000).default(10),
  rampMillis: count(0, 60_000).default(100),
  /** Load on each side before, so that what is measured has been compiled. */
  warmupMillis: count(0, 60_000).default(1_500),
  connections: count(1, 1_024).default(16),
});

export const stateSchema = z.strictObject({
  /** Users who log in, each once. */
  sessions: count(100, 1_000_000).default(10_000),
  /** Whether they log out again, so that there are as many live revocations. */
  ended: z.boolean().default(true),
  /** Pairs of fresh nodes that are started afterwards: in a realm without the sessions, and in that with them. */
  starts: count(2, 50).default(5),
  /** Whether a check costs more in the realm with the sessions. Absent: not asked. */
  checks: checksSchema.optional(),
});

export type StatePlan = z.infer<typeof stateSchema>;
export type StateChecksPlan = z.infer<typeof checksSchema>;
