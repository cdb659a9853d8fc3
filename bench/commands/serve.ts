/** `authlab serve`: starts the server, with the server's own flags. */

import { Command } from 'commander';
import { runServer } from '../../src/server.ts';

export const serveCommand = new Command('serve')
  .description('start a server with the strategies of your choice; `authlab serve --help` lists its settings')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[settings...]', 'flags of the server')
  .action(async (_settings: readonly string[], _flags: object, command: Command) => {
    process.exitCode = await runServer(command.args);
  });
