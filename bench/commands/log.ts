/** `authlab log`: answers from the log, with the commands and flags of src/log.ts. */

import { Command } from 'commander';
import { runLog } from '../../src/log.ts';

export const logCommand = new Command('log')
  .description('what happened: tail, user <sub>, session <sid>, at <time>, explain <sid>')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[question...]', 'one of these, and its flags; `authlab log --help` lists them')
  .action(async (_question: readonly string[], _flags: object, command: Command) => {
    process.exitCode = await runLog(command.args);
  });
