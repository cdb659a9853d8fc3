/** Whole runs interrupted and killed in every phase; `npm test` tries a few of them. */

import { describeInterruptions, phases } from './run-interruptions.contract.ts';

describeInterruptions({
  interrupted: phases.flatMap((phase) => [[phase, 'SIGINT'] as const, [phase, 'SIGTERM'] as const]),
  twice: ['SIGINT', 'SIGTERM'],
  killed: phases,
});
