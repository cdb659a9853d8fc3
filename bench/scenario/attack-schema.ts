/** What a scenario may ask about attacks: which groups of the catalogue are tried on all of its strategies. */

import { z } from 'zod';

/** By what the attacker takes aim at; the catalogue says which attacks are in each. */
export const attackGroups = ['tokens', 'cookies', 'keys', 'refresh', 'login', 'browser'] as const;

export const attacksSchema = z.strictObject({
  /** In this order. */
  groups: z
    .array(z.enum(attackGroups))
    .min(1)
    .default([...attackGroups]),
  /**
   * Of all servers under attack: short, because the end of a token is waited for, and long enough for an attack to come to
   * its end before that.
   */
  accessTokenLifetimeSeconds: z.number().int().min(2).max(60).default(6),
});

export type AttacksPlan = z.infer<typeof attacksSchema>;
export type AttackGroup = (typeof attackGroups)[number];
