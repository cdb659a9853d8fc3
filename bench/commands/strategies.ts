/** `authlab strategies`: the registry with its traits. */

import { Command } from 'commander';
import { strategyNames, traitsOf } from '../../src/strategies/registry.ts';

const bounds = {
  zero: 'B = 0',
  'staleness-limit': 'B = S, the staleness limit',
  'remaining-lifetime': 'B = the remaining lifetime',
  unbounded: 'checks nothing: the reference',
} as const;

export const strategiesCommand = new Command('strategies')
  .description('list every strategy with its traits and its bound B')
  .option('--json', 'print the traits as JSON')
  .action((flags: { readonly json?: boolean }) => {
    const named = strategyNames().map((name) => ({ name, ...traitsOf(name) }));
    if (flags.json === true) process.stdout.write(`${JSON.stringify(named, null, 2)}\n`);
    else process.stdout.write(table(named.map(rowOf)));
  });

function rowOf({ name, ...traits }: { name: string } & ReturnType<typeof traitsOf>): readonly string[] {
  return [name, traits.transport, traits.stateLocation, bounds[traits.bound], `without Redis: ${traits.withoutRedis}`];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
