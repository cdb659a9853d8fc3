/** The log's answers as a program: one command of `authlab log` in, answers on stdout, exit code out. */

import { Command } from 'commander';
import { isUser, showSession, userRemedy } from './application/log-queries.ts';
import { explain, type LogQueryContext, sessionStory, sessionsAt, userHistory } from './application/log-stories.ts';
import { followLog } from './application/log-tail.ts';
import { parseMoment, timeRemedy } from './application/log-time.ts';
import {
  catchSignals,
  exitCodes,
  explainFault,
  loadReaderConfig,
  parseFlags,
  say,
  sayFaults,
  settingsCommand,
} from './command-line.ts';
import { policyOf } from './config/policy.ts';
import type { SettingName } from './config/settings.ts';
import type { PlainConfig } from './config.ts';
import { isSessionId, partitionOf } from './domain/session-id.ts';
import { connectRedisEventLog } from './eventlog/redis-event-log.ts';
import { systemClock } from './kernel/clock.ts';
import type { Fault } from './kernel/errors.ts';
import { createLogPrinter, type LogPrinter } from './log-printer.ts';
import { parseStrategyName } from './strategies/registry.ts';

/** What a question has been checked into: `run` says how many answers there were, null where that says nothing. */
type Question =
  | { readonly ok: true; run(asking: Asking): Promise<number | null> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

interface Asking {
  readonly context: LogQueryContext;
  readonly printer: LogPrinter;
  /** Fires with Ctrl-C, and when nobody reads any more. */
  readonly signal: AbortSignal;
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly argument?: string;
  readonly option?: readonly [flags: string, description: string];
  ask(given: Given): Question;
}

interface Given {
  readonly argument: string;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly partitions: number;
}

/** Settings that say where the log is, and what its events mean. */
const settingNames: readonly SettingName[] = [
  'redisUrl',
  'realm',
  'partitions',
  'redisTimeoutMillis',
  'stalenessLimitMillis',
  'accessTokenLifetimeSeconds',
  'inactivityTimeoutSeconds',
  'absoluteLifetimeSeconds',
  'leewaySeconds',
  'clockSkewSeconds',
];

const verbs: readonly Verb[] = [
  {
    name: 'tail',
    description: 'print events as they happen, until Ctrl-C',
    option: ['--since <time>', 'begin with what happened since (default: 1m)'],
    ask({ options }) {
      const sinceMillis = momentOf(options.since ?? '1m');
      if (sinceMillis === null) return wrong('flag --since', timeRemedy);
      return { ok: true, run: (asking) => tail(asking, sinceMillis) };
    },
  },
  {
    name: 'user',
    description: 'everything that happened to a user',
    argument: '<user>',
    ask({ argument: user }) {
      if (!isUser(user)) return wrong('<user>', userRemedy);
      return {
        ok: true,
        run: (asking) => printAll(asking, userHistory(asking.context.log, user), asking.printer.entry),
      };
    },
  },
  {
    name: 'session',
    description: 'the story of a session, and of what its user did meanwhile',
    argument: '<sid>',
    ask({ argument: sid, partitions }) {
      const run: (asking: Asking) => Promise<number> = (asking) =>
        printAll(asking, sessionStory(asking.context.log, sid), ({ entry }) => asking.printer.entry(entry));
      return sidFault(sid, partitions) ?? { ok: true, run };
    },
  },
  {
    name: 'at',
    description: 'the sessions that lived at a time',
    argument: '<time>',
    option: ['--user <user>', 'of this user alone'],
    ask({ argument, options }) {
      const { user } = options;
      const atMillis = momentOf(argument);
      if (atMillis === null) return wrong('<time>', timeRemedy);
      if (user !== undefined && (typeof user !== 'string' || !isUser(user))) return wrong('flag --user', userRemedy);
      const run: (asking: Asking) => Promise<number> = (asking) =>
        printAll(asking, sessionsAt(asking.context.log, atMillis, user), (session) =>
          asking.printer.session(showSession(session)),
        );
      return { ok: true, run };
    },
  },
  {
    name: 'explain',
    description: 'why a session is accepted or refused now',
    argument: '<sid>',
    ask({ argument: sid, partitions }) {
      const run = async ({ context, printer }: Asking) => {
        await printer.explanation(await explain(context, sid));
        return null;
      };
      return sidFault(sid, partitions) ?? { ok: true, run };
    },
  },
];

/**
 * Answers one question about the log and ends; `tail` ends with Ctrl-C.
 * @param argv the command line after `authlab log`
 * @returns the exit code: 0 answered, 2 bad input, 3 Redis, 5 a fault of authlab's own, 130 interrupted
 */
export async function runLog(argv: readonly string[]): Promise<number> {
  let asked: { readonly verb: Verb; readonly given: Omit<Given, 'partitions'> } | null = null;
  const program = new Command('authlab log')
    .description('Answers from the log: what happened, what was so at a time, and why.')
    .exitOverride()
    .configureOutput({ outputError: (text) => say(text.trim()) });
  for (const verb of verbs) {
    const command = settingsCommand(verb.name, verb.description, settingNames).option(
      '--json',
      'one JSON object a line',
    );
    if (verb.argument !== undefined) command.argument(verb.argument);
    if (verb.option !== undefined) command.option(...verb.option);
    command.action(() => {
      asked = { verb, given: { argument: command.args[0] ?? '', options: command.opts() } };
    });
    program.addCommand(command);
  }
  const parsed = parseFlags(program, argv);
  if (!parsed.ok) return parsed.exitCode;
  return asked === null ? exitCodes.badInput : await answer(asked);
}

async function answer({ verb, given }: { verb: Verb; given: Omit<Given, 'partitions'> }): Promise<number> {
  const config = loadReaderConfig(given.options);
  if (config === null) return exitCodes.badInput;
  const question = verb.ask({ ...given, partitions: config.partitions });
  if (!question.ok) {
    sayFaults('The question cannot be answered:', question.faults);
    return exitCodes.badInput;
  }
  const { redisUrl: url, realm, partitions, redisTimeoutMillis } = config;
  const log = connectRedisEventLog({ url, realm, partitions, commandTimeoutMillis: redisTimeoutMillis });
  const printer = createLogPrinter(process.stdout, given.options.json === true);
  const signals = catchSignals();
  const interrupted = new AbortController();
  void signals.first.then(() => interrupted.abort());
  try {
    const signal = AbortSignal.any([interrupted.signal, printer.closed]);
    const count = await question.run({ context: contextOf(config, log), printer, signal });
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    if (count === 0) say(`Nothing, in the realm ${realm} with ${partitions} partition${partitions === 1 ? '' : 's'}.`);
    return exitCodes.ok;
  } catch (error) {
    return explainFault(error);
  } finally {
    signals.release();
    printer.release();
    await log.close();
  }
}

function contextOf(config: PlainConfig, log: LogQueryContext['log']): LogQueryContext {
  return {
    log,
    clock: systemClock,
    policy: policyOf(config),
    stalenessLimitMillis: config.stalenessLimitMillis,
    factsOf(strategy) {
      const parsed = parseStrategyName(strategy);
      return parsed.ok ? parsed.value.traits : null;
    },
  };
}

async function tail({ context, printer, signal }: Asking, sinceMillis: number): Promise<null> {
  const onContact = (contact: 'lost' | 'regained') =>
    say(contact === 'lost' ? 'Redis does not answer; trying again.' : 'Redis answers again.');
  for await (const entry of followLog(context.log, { sinceMillis, signal, onContact })) await printer.entry(entry);
  return null;
}

async function printAll<T>(
  { signal }: Asking,
  found: AsyncIterable<T>,
  print: (one: T) => Promise<void>,
): Promise<number> {
  let count = 0;
  for await (const one of found) {
    if (signal.aborted) break;
    await print(one);
    count += 1;
  }
  return count;
}

function momentOf(text: string | boolean | undefined): number | null {
  return typeof text === 'string' ? parseMoment(text, systemClock.wallMillis()) : null;
}

function wrong(place: string, message: string): Question {
  return { ok: false, faults: [{ place, message }] };
}

function sidFault(sid: string, partitions: number): Question | null {
  if (!isSessionId(sid)) return wrong('<sid>', 'must be a session id, like 0.CeI8tTbMkPO3nSqGZ2dAOw');
  const partition = partitionOf(sid);
  if (partition < partitions) return null;
  return wrong('<sid>', `is of partition ${partition}, and here are ${partitions}; say how many with --partitions`);
}
