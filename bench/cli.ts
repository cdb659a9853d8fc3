#!/usr/bin/env node
/** `authlab`: reads the command line and hands over to one command. */

import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { initCommand } from './commands/init.ts';
import { logCommand } from './commands/log.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { scenariosCommand } from './commands/scenarios.ts';
import { serveCommand } from './commands/serve.ts';
import { strategiesCommand } from './commands/strategies.ts';
import { describeFault, exitCodeOf, exitCodes } from './run/exit-codes.ts';
import { packageVersion } from './run/provenance.ts';

const program = new Command('authlab')
  .description('JWT or server sessions? An event-sourced lab that measures the answer on your own machine.')
  .version(packageVersion)
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 invalid run, 2 bad input, 3 environment, 4 output, 5 a part crashed, 99 a threshold failed, 130 interrupted.',
  );

for (const command of [
  serveCommand,
  runCommand,
  reportCommand,
  compareCommand,
  strategiesCommand,
  scenariosCommand,
  initCommand,
  doctorCommand,
  checkCommand,
  logCommand,
]) {
  program.addCommand(command.exitOverride().showSuggestionAfterError());
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  else {
    process.stderr.write(`${describeFault(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
