/** Whole runs under which each part breaks in each phase; `npm test` tries one of them. */

import { type BreakdownName, breakdowns, describeBreakdowns, describeFullDisk } from './run-breakdowns.contract.ts';
import { type Phase, phases } from './run-interruptions.contract.ts';

const names = Object.keys(breakdowns) as BreakdownName[];

/** Before the load each node is stopped as soon as its phase is over, so that a death may come too late to be one. */
const isLasting = (name: BreakdownName, phase: Phase) => name !== 'a node dies' || phase.startsWith('measuring');

describeBreakdowns(
  names.flatMap((name) => phases.filter((phase) => isLasting(name, phase)).map((phase) => [name, phase] as const)),
);
describeFullDisk(phases);
