/** What a scenario may ask about faults: which are inflicted, one after the other, on all of its strategies at once. */

import { z } from 'zod';

/** On one Redis of their own, or on the nodes before it. */
export const oneRedisFaultNames = ['redis-killed'] as const;

export const faultNames = [...oneRedisFaultNames] as const;

export const faultsSchema = z.strictObject({
  /** In this order. */
  inflicted: z.array(z.enum(faultNames)).min(1),
  /** How often each; every time on servers of its own. */
  trials: z.number().int().min(1).max(20).default(1),
  /** That serve all strategies of the scenario together. */
  nodes: z.number().int().min(2).max(4).default(2),
});

export type FaultsPlan = z.infer<typeof faultsSchema>;
export type FaultName = (typeof faultNames)[number];
