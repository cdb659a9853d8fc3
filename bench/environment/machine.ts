/** What a run was measured on, as far as it explains its numbers. */

import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { MachineFacts } from '../record/run-events.ts';

type Plan = Pick<MachineFacts, 'pinning' | 'generatorWaiting'>;

/** Reads the machine; the plan is that of `cores.ts`, which says what the parts are really pinned to. */
export function readMachine(plan: Plan): MachineFacts {
  return {
    hostPlatform: `${type()} ${process.arch}`,
    kernelRelease: release(),
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    nodeVersion: process.version,
    ...plan,
    loadAverage: loadavg()[0] ?? 0,
  };
}
