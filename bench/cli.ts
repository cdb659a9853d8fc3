#!/usr/bin/env node
/** `authlab`: reads the command line and hands over to one command. */

import { Command, CommanderError } from 'commander';
import { describeFault, exitCodeOf, exitCodes } from './run/exit-codes.ts';
import { packageVersion } from './run/provenance.ts';

/** Each is loaded when it is asked for, or all of them when help is: some of them draw, and some of them serve. */
const commands = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  strategies: async () => (await import('./commands/strategies.ts')).strategiesCommand,
  scenarios: async () => (await import('./commands/scenarios.ts')).scenariosCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  log: async () => (await import('./commands/log.ts')).logCommand,
} as const;

type CommandName = keyof typeof commands;

const program = new Command('authlab')
  .description('JWT or server sessions? An event-sourced lab that measures the answer on your own machine.')
  .version(packageVersion)
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 invalid run, 2 bad input, 3 environment, 4 output, 5 a part crashed, 99 a threshold failed, 130 interrupted.',
  );

const asked = process.argv[2] ?? '';
const needed = Object.hasOwn(commands, asked) ? [asked as CommandName] : (Object.keys(commands) as CommandName[]);
for (const name of needed) {
  program.addCommand((await commands[name]()).exitOverride().showSuggestionAfterError());
}

// `authlab strategies | head`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  else {
    process.stderr.write(`${describeFault(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
