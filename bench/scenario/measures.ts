/** What a scenario may measure beside cost, revocation, size and mistakes: a block for each, absent where it is not asked for. */

import { attacksSchema } from './attack-schema.ts';
import { chaosSchema } from './chaos-schema.ts';
import { faultsSchema } from './fault-schema.ts';
import { lifecycleSchema, roleChangeSchema } from './lifecycle-schema.ts';
import { openLoopSchema } from './open-loop-schema.ts';
import { stateSchema } from './state-schema.ts';

/** Spread into the scenario's schema: one optional block of each measure. */
export const measureSchemas = {
  openLoop: openLoopSchema.optional(),
  state: stateSchema.optional(),
  lifecycle: lifecycleSchema.optional(),
  roleChange: roleChangeSchema.optional(),
  faults: faultsSchema.optional(),
  attacks: attacksSchema.optional(),
  chaos: chaosSchema.optional(),
};
