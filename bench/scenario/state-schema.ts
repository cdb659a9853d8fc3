/** What a scenario may ask about state: what sessions and revocations occupy, and how long a start with them takes. */

import { z } from 'zod';

export const stateSchema = z.strictObject({
  /** Users who log in, each by a real login, and then log out. */
  sessions: z.number().int().min(100).max(1_000_000).default(10_000),
  /** Fresh nodes that are started before the logins, and again after the logouts. */
  starts: z.number().int().min(2).max(50).default(5),
});

export type StatePlan = z.infer<typeof stateSchema>;
