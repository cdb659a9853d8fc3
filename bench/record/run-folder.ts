/** Where a run is kept: `<runs>/<time>-<scenario>/`, with the record and everything folded from it. */

import { join } from 'node:path';

/** The run's events, one JSON object a line: the truth. */
export function recordFileOf(runFolder: string): string {
  return join(runFolder, 'events.ndjson');
}

/** `20260115T101500Z-quick`: sorts by time, and needs no quoting in any shell or file system. */
export function runIdOf(startedAtMillis: number, scenarioName: string): string {
  const time = new Date(startedAtMillis).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  return `${time}-${scenarioName}`;
}
