/** What a run was measured on, as far as it explains its numbers. */

import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { MachineFacts } from '../record/run-events.ts';

/** Reads the machine; `pinning` is the plan of `planPinning`, which says what the parts are really pinned to. */
export function readMachine(pinning: MachineFacts['pinning']): MachineFacts {
  return {
    hostPlatform: `${type()} ${process.arch}`,
    kernelRelease: release(),
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    nodeVersion: process.version,
    pinning,
    loadAverage: loadavg()[0] ?? 0,
  };
}
