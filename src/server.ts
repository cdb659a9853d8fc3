/** The server as a program: command line in, one line of JSON on stdout once it listens, exit code out. */

import { existsSync, realpathSync } from 'node:fs';
import {
  catchSignals,
  exitCodes,
  explainFault,
  loadServerConfig,
  type ParsedFlags,
  parseFlags,
  say,
  serverCommand,
} from './command-line.ts';
import { compose, type RunningServer } from './compose.ts';
import { type Config, loadConfig } from './config.ts';
import { createOperatorLog, type ProgramLog } from './operator-log.ts';

/**
 * Runs a server until SIGTERM or SIGINT, then stops it: what was asked is answered, for at most three seconds. A second
 * signal ends the process at once.
 * @param argv the command line after the program's name
 * @returns the exit code: 0 stopped, 2 bad input, 3 Redis or port, 5 a fault of authlab's own
 */
export async function runServer(argv: readonly string[]): Promise<number> {
  const flags = parseServeFlags(argv);
  if (!flags.ok) return flags.exitCode;
  const loaded = loadServerConfig(flags.value);
  if (loaded === null) return exitCodes.badInput;
  const { config, warnings } = loaded;
  const readable = process.stderr.isTTY === true;
  const log = createOperatorLog({
    level: config.logLevel,
    readable,
    write: (text) => void process.stderr.write(text),
  });
  const signals = catchSignals();
  try {
    const server = await compose(config, log);
    if (readable) announceToPeople(server, config, warnings);
    else announceToLog(log, server, config, warnings);
    for (const { username, password } of server.demoCredentials) say(`Demo user ${username}, password ${password}`);
    const { host, port } = server;
    process.stdout.write(`${JSON.stringify({ event: 'listening', host, port, pid: process.pid })}\n`);
    await signals.first;
    log.info('stopping');
    await server.stop();
    log.info('stopped');
    return exitCodes.ok;
  } catch (error) {
    return explainFault(error);
  } finally {
    signals.release();
  }
}

/** Reads the command line; what is wrong with it, or help, has then been printed. */
export function parseServeFlags(argv: readonly string[]): ParsedFlags {
  return parseFlags(serverCommand('authlab serve', 'Starts a server with the strategies of your choice.'), argv);
}

/** Limits of a server that nobody gave any, for those who want to tell what a bound is in numbers. */
export function defaultLimits(): Pick<
  Config,
  'stalenessLimitMillis' | 'accessTokenLifetimeSeconds' | 'leewaySeconds' | 'inactivityTimeoutSeconds'
> {
  const loaded = loadConfig({ environment: {}, flags: { lab: true }, readFile: () => Buffer.alloc(0) });
  if (!loaded.ok) throw new TypeError('a lab node needs no settings');
  return loaded.value;
}

/** A password is for whoever started the server, and for no log: demo users' are printed apart, as text. */
function announceToPeople(server: RunningServer, config: Config, warnings: readonly string[]): void {
  const { host, port, redis } = server;
  const lines = [
    `authlab listens on http://${host.includes(':') ? `[${host}]` : host}:${port}, Redis is ${redis.version}.`,
    `At /: ${config.strategy}. Mounted: ${config.strategies.map((name) => `/${name}`).join(' ')}`,
    ...allWarnings(server, warnings).map((warning) => `Warning: ${warning}`),
  ];
  say(lines.join('\n'));
}

function announceToLog(log: ProgramLog, server: RunningServer, config: Config, warnings: readonly string[]): void {
  const { host, port, redis } = server;
  const { strategy, strategies, realm } = config;
  log.info('listening', { host, port, redis, realm, strategy, strategies });
  for (const warning of allWarnings(server, warnings)) log.warn('warning', { warning });
}

function allWarnings({ redis }: RunningServer, warnings: readonly string[]): readonly string[] {
  if (redis.appendonly !== 'no') return warnings;
  return [...warnings, forgetfulRedis];
}

export const forgetfulRedis =
  'Redis runs without an append-only file; a restart of Redis may forget sessions and revocations.';

/** Whether this file is what Node was started with, and not a part of another program. */
function isProgram(path: string | undefined): boolean {
  return path !== undefined && existsSync(path) && realpathSync(path) === import.meta.filename;
}

if (isProgram(process.argv[1])) process.exitCode = await runServer(process.argv.slice(2));
