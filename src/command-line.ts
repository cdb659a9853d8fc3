/** What every program of src does alike on the command line: settings as flags, faults in words, exit codes. */

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { type SettingName, settings } from './config/settings.ts';
import { type Config, type ConfigSources, loadConfig, loadPlainConfig, type PlainConfig } from './config.ts';
import { AuthlabError, type Fault, isAuthlabError } from './kernel/errors.ts';
import { environmentName, flagName, type Setting } from './kernel/settings-layers.ts';
import { describeError } from './operator-log.ts';

export const exitCodes = { ok: 0, badInput: 2, environment: 3, crashed: 5, interrupted: 130 } as const;

export type Flags = ConfigSources['flags'];

export type ParsedFlags =
  | { readonly ok: true; readonly value: Flags; readonly rest: readonly string[] }
  | { readonly ok: false; readonly exitCode: number };

/** A command with the flags of the settings named, and with what it says of wrong ones never repeating a value. */
export function settingsCommand(name: string, description: string, names: readonly SettingName[]): Command {
  const command = new Command(name)
    .description(description)
    .option('--config <file>', 'settings in YAML, by their names in camelCase (AUTHLAB_CONFIG)')
    .exitOverride()
    .configureOutput({ outputError: (text) => say(withoutValues(text.trim())) });
  for (const [setting, { except, reads, help }] of settingRows()) {
    if (!names.includes(setting) || except?.includes('flag')) continue;
    const value = reads === 'switch' ? '' : ' <value>';
    command.option(`${flagName(setting)}${value}`, `${help} (${environmentName(setting)})`);
  }
  return command;
}

/** Reads a command line; what is wrong with it, or help, has then been printed. */
export function parseFlags(command: Command, argv: readonly string[]): ParsedFlags {
  try {
    const parsed = command.parse([...argv], { from: 'user' });
    return { ok: true, value: parsed.opts(), rest: parsed.args };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { ok: false, exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput };
  }
}

/** The command of `authlab serve`, whose flags are every setting that is no secret. */
export function serverCommand(name: string, description: string): Command {
  const secret = settingRows().filter(([, { except }]) => except?.includes('flag'));
  const variables = secret.map(([setting]) => environmentName(setting));
  const all = settingRows().map(([setting]) => setting);
  const text = `\nOnly in a file or the environment: ${variables.join(', ')}.`;
  return settingsCommand(name, description, all).addHelpText('after', text);
}

export function settingRows(): readonly (readonly [SettingName, Setting<unknown>])[] {
  return Object.entries<Setting<unknown>>(settings) as [SettingName, Setting<unknown>][];
}

/** Who gives a secret as a flag finds out that it is none; the secret is not repeated. */
function withoutValues(message: string): string {
  return message.replace(/(--[\w-]+)=[^']*/g, '$1');
}

export interface Loaded {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/** The configuration of a server from these flags, the environment and files; null after every fault has been printed. */
export function loadServerConfig(flags: Flags): Loaded | null {
  const readFile = (path: string) => readFileSync(path);
  const loaded = loadConfig({ environment: process.env, flags, readFile });
  if (loaded.ok) return { config: loaded.value, warnings: loaded.warnings };
  sayFaults('The configuration is wrong:', loaded.faults);
  return null;
}

/** Of the same sources what who only reads the log must know; null after every fault has been printed. */
export function loadReaderConfig(flags: Flags): PlainConfig | null {
  const readFile = (path: string) => readFileSync(path);
  const loaded = loadPlainConfig({ environment: process.env, flags, readFile });
  if (loaded.ok) return loaded.value;
  sayFaults('The settings are wrong:', loaded.faults);
  return null;
}

/** Prints why a program ends, and returns with which exit code. */
export function explainFault(error: unknown): number {
  if (!(error instanceof AuthlabError)) {
    const { stack, message } = describeError(error);
    say(`Fault: ${stack ?? message}`);
    return exitCodes.crashed;
  }
  sayFaults(error.message, error.faults);
  return isAuthlabError(error, 'ERR_INPUT_INVALID') ? exitCodes.badInput : exitCodes.environment;
}

export function sayFaults(heading: string, faults: readonly Fault[]): void {
  say([heading, ...faults.map(({ place, message }) => `  ${place}: ${message}`)].join('\n'));
}

/** For people: stdout is for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface Signals {
  /** Resolves with the first SIGINT or SIGTERM; another one ends the process at once. */
  readonly first: Promise<void>;
  release(): void;
}

export function catchSignals(): Signals {
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
