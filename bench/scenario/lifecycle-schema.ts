/** What a scenario may ask about the life of a session: the cost of its login, refreshes and logout, and of stale roles. */

import { z } from 'zod';

export const lifecycleSchema = z.strictObject({
  /** Logins, refreshes and logouts of each contestant, one client after the other. */
  trials: z.number().int().min(2).max(100_000).default(200),
  /** They are spread over so many turns; each is one observation of the costs. Below 8 an interval is hardly one. */
  turns: z.number().int().min(2).max(200).default(8),
  /** The same before the first turn and not recorded, so that what is measured has been compiled. */
  warmupTrials: z.number().int().min(0).max(100_000).default(100),
});

export const roleChangeSchema = z.strictObject({
  /** Users of each strategy whose roles an administrator changes while their client is asking. */
  trials: z.number().int().min(1).max(1_000).default(20),
  nodes: z.number().int().min(1).max(8).default(2),
  /**
   * Where only a renewed credential tells the new roles it lives this long, access token or session, so that its end can
   * be waited for. Times in tokens are whole seconds, so that one of a single second may be born dead.
   */
  credentialLifetimeSeconds: z.number().int().min(2).max(60).default(3),
});

export type LifecyclePlan = z.infer<typeof lifecycleSchema>;
export type RoleChangePlan = z.infer<typeof roleChangeSchema>;
