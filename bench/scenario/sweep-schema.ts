/** One factor of a scenario, measured at several levels with everything else left as it is. */

import { z } from 'zod';

/** What may be swept, and which levels make sense of it. */
export const sweepFactors = {
  /** Milliseconds asked of the delay link between the nodes and Redis; drawn over what it was measured to add. */
  'added-rtt-millis': { minimum: 0, maximum: 100, isWhole: false },
  /** Connections of the closed loop. */
  connections: { minimum: 1, maximum: 1_024, isWhole: true },
  /** Distinct credentials in rotation. */
  credentials: { minimum: 1, maximum: 1_000_000, isWhole: true },
  /** Nodes that are asked while a credential is revoked. */
  nodes: { minimum: 1, maximum: 8, isWhole: true },
  /** Roles of every user. */
  roles: { minimum: 0, maximum: 200, isWhole: true },
  /** Permissions of every user, like `invoices:read`; with 0 there is nothing at all to say of them. */
  permissions: { minimum: 0, maximum: 200, isWhole: true },
  /** Users who log in, in the measure of state. */
  sessions: { minimum: 100, maximum: 1_000_000, isWhole: true },
  /** Length of the RSA key. */
  'rsa-bits': { minimum: 2_048, maximum: 8_192, isWhole: true },
} as const;

export type SweepFactor = keyof typeof sweepFactors;

const factorNames = Object.keys(sweepFactors) as SweepFactor[];

export const sweepSchema = z
  .strictObject({
    factor: z.enum(factorNames),
    /** Measured in this order, each with nodes and credentials of its own. */
    levels: z.array(z.number()).min(2).max(12),
  })
  .superRefine(({ factor, levels }, context) => {
    const { minimum, maximum, isWhole } = sweepFactors[factor];
    for (const [index, level] of levels.entries()) {
      const complain = (message: string) => context.addIssue({ code: 'custom', path: ['levels', index], message });
      if (level < minimum || level > maximum) complain(`must be from ${minimum} to ${maximum} for ${factor}`);
      else if (isWhole && !Number.isInteger(level)) complain(`must be a whole number for ${factor}`);
      const before = levels[index - 1];
      if (before !== undefined && level <= before) complain('must be greater than the level before');
    }
  });

export type Sweep = z.infer<typeof sweepSchema>;
