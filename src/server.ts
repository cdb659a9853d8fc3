/** The server as a program: command line in, one line of JSON on stdout once it listens, exit code out. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { compose, type OperatorLog, type RunningServer } from './compose.ts';
import { settings } from './config/settings.ts';
import { type Config, type ConfigSources, loadConfig } from './config.ts';
import { AuthlabError, type Fault, isAuthlabError } from './kernel/errors.ts';
import { environmentName, flagName, type Setting } from './kernel/settings-layers.ts';

const exitCodes = { ok: 0, badInput: 2, environment: 3, crashed: 5, interrupted: 130 } as const;

/**
 * Runs a server until SIGTERM or SIGINT, then stops it: what was asked is answered, for at most three seconds. A second
 * signal ends the process at once.
 * @param argv the command line after the program's name
 * @returns the exit code: 0 stopped, 2 bad input, 3 Redis or port, 5 a fault of authlab's own
 */
export async function runServer(argv: readonly string[]): Promise<number> {
  const flags = parseServeFlags(argv);
  if (!flags.ok) return flags.exitCode;
  const readFile = (path: string) => readFileSync(path);
  const loaded = loadConfig({ environment: process.env, flags: flags.value, readFile });
  if (!loaded.ok) {
    say(['The configuration is wrong:', ...loaded.faults.map(faultLine)].join('\n'));
    return exitCodes.badInput;
  }
  const signals = catchSignals();
  try {
    const server = await compose(loaded.value, operatorLog);
    announce(server, loaded.value, loaded.warnings);
    await signals.first;
    say('Stopping.');
    await server.stop();
    return exitCodes.ok;
  } catch (error) {
    return explain(error);
  } finally {
    signals.release();
  }
}

export type ServeFlags =
  | { readonly ok: true; readonly value: ConfigSources['flags'] }
  | { readonly ok: false; readonly exitCode: number };

/** Reads the command line; what is wrong with it, or help, has then been printed. */
export function parseServeFlags(argv: readonly string[]): ServeFlags {
  const command = new Command('authlab serve')
    .description('Starts a server with the strategies of your choice.')
    .option('--config <file>', 'settings in YAML, by their names in camelCase (AUTHLAB_CONFIG)')
    .exitOverride()
    .configureOutput({ outputError: (text) => say(withoutValues(text.trim())) })
    .addHelpText('after', `\nOnly in a file or the environment: ${secretVariables().join(', ')}.`);
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    if (setting.except?.includes('flag')) continue;
    const value = setting.reads === 'switch' ? '' : ' <value>';
    command.option(`${flagName(name)}${value}`, `${setting.help} (${environmentName(name)})`);
  }
  try {
    return { ok: true, value: command.parse([...argv], { from: 'user' }).opts() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { ok: false, exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput };
  }
}

function secretVariables(): readonly string[] {
  const names = Object.entries<Setting<unknown>>(settings).filter(([, { except }]) => except?.includes('flag'));
  return names.map(([name]) => environmentName(name));
}

/** Who gives a secret as a flag finds out that it is none; the secret is not repeated. */
function withoutValues(message: string): string {
  return message.replace(/(--[\w-]+)=[^']*/g, '$1');
}

interface Signals {
  readonly first: Promise<void>;
  release(): void;
}

function catchSignals(): Signals {
  const names = ['SIGTERM', 'SIGINT'] as const;
  let caught: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    caught = resolve;
  });
  let count = 0;
  const onSignal = () => {
    count += 1;
    if (count > 1) process.exit(exitCodes.interrupted);
    caught();
  };
  for (const name of names) process.on(name, onSignal);
  return {
    first,
    release: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** stdout gets the one line that a program waits for; people read stderr. */
function announce(server: RunningServer, config: Config, warnings: readonly string[]): void {
  const { host, port, redis, demoCredentials } = server;
  const lines = [
    `authlab listens on http://${host.includes(':') ? `[${host}]` : host}:${port}, Redis is ${redis.version}.`,
    `At /: ${config.strategy}. Mounted: ${config.strategies.map((name) => `/${name}`).join(' ')}`,
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(redis.appendonly === 'no'
      ? ['Warning: Redis runs without an append-only file; a restart of Redis may forget sessions and revocations.']
      : []),
    ...demoCredentials.map(({ username, password }) => `Demo user ${username}, password ${password}`),
  ];
  say(lines.join('\n'));
  process.stdout.write(`${JSON.stringify({ event: 'listening', host, port, pid: process.pid })}\n`);
}

const operatorLog: OperatorLog = {
  fault: (error) => say(`Fault: ${error instanceof Error ? (error.stack ?? String(error)) : String(error)}`),
  diagnostic: (diagnostic) => say(`Follower: ${JSON.stringify(diagnostic)}`),
};

function explain(error: unknown): number {
  if (!(error instanceof AuthlabError)) {
    operatorLog.fault(error);
    return exitCodes.crashed;
  }
  say([error.message, ...error.faults.map(faultLine)].join('\n'));
  return isAuthlabError(error, 'ERR_INPUT_INVALID') ? exitCodes.badInput : exitCodes.environment;
}

function faultLine({ place, message }: Fault): string {
  return `  ${place}: ${message}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Whether this file is what Node was started with, and not a part of another program. */
function isProgram(path: string | undefined): boolean {
  return path !== undefined && existsSync(path) && realpathSync(path) === import.meta.filename;
}

if (isProgram(process.argv[1])) process.exitCode = await runServer(process.argv.slice(2));
