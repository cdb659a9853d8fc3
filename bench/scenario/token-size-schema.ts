/** Which credentials are sized: the claim profiles of a scenario. */

import { z } from 'zod';

const maximumCount = 200;

/** As the lab's servers know them. */
const profile = z
  .string()
  .regex(
    /^(?:minimal|typical|(?:roles|permissions)-(?:0|[1-9]\d?|1\d\d|200))$/,
    'must be minimal, typical, roles-N or permissions-N, N from 0 to 200',
  );

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

/** One list or the other, or both; with neither, users of 1 and of 20 roles. */
export const tokenSizeSchema = z.strictObject({
  /** How many roles the user has. */
  roles: z.array(z.number().int().min(0).max(maximumCount)).min(1).refine(distinct, 'names a number twice').optional(),
  /**
   * What else the user is given: `minimal` nothing at all, `typical` two roles and who somebody is, `permissions-N` as many
   * like `invoices:read`; `roles-N` is the same as N under `roles`.
   */
  profiles: z.array(profile).min(1).refine(distinct, 'names a profile twice').optional(),
});

export type TokenSizePlan = z.infer<typeof tokenSizeSchema>;

/** In the order of the scenario, roles first, each once. */
export function claimProfiles(plan: TokenSizePlan | undefined): readonly string[] {
  if (plan === undefined) return [];
  const { roles = plan.profiles === undefined ? [1, 20] : [], profiles = [] } = plan;
  return [...new Set([...roles.map((count) => `roles-${count}`), ...profiles])];
}

/** A profile in words: `20 roles`. */
export function claimsText(claims: string): string {
  const [kind = '', count] = claims.split('-');
  if (count === undefined) return kind;
  return count === '1' ? `1 ${kind.slice(0, -1)}` : `${count} ${kind}`;
}
