/** Whole runs under which each part breaks in each phase; `npm test` tries two of them. */

import { type BreakdownName, breakdowns, describeBreakdowns, describeFullDisk } from './run-breakdowns.contract.ts';
import { phases } from './run-interruptions.contract.ts';

const names = Object.keys(breakdowns) as BreakdownName[];

describeBreakdowns(names.flatMap((name) => phases.map((phase) => [name, phase] as const)));
describeFullDisk(phases);
