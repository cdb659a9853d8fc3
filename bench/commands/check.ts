/** `authlab check`: looks at what `serve` would be given, with the same flags. */

import { Command } from 'commander';
import { runCheck } from '../../src/check.ts';

export const checkCommand = new Command('check')
  .description('check settings, keys, users and Redis as `serve` would, and start nothing')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[settings...]', 'flags of the server')
  .action(async (_settings: readonly string[], _flags: object, command: Command) => {
    process.exitCode = await runCheck(command.args);
  });
