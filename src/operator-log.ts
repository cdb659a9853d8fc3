/** What a running server tells its operator: one JSON object a line, or one readable line where a person sits before it. */

import { type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import type { OperatorLog } from './compose.ts';
import { isAuthlabError } from './kernel/errors.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface OperatorLogOptions {
  readonly level: LogLevel;
  /** For people: a line of text instead of an object. */
  readonly readable: boolean;
  readonly write: (text: string) => void;
}

/** Beside what the parts of a server tell: what the program itself does. */
export interface ProgramLog extends OperatorLog {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Second net: nothing by these names is ever handed over, and if it were, it would not get out. */
const secretMembers = [
  'password',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'authorization',
  'cookie',
  'set-cookie',
  'digest',
  'passwordHash',
  'sealedKey',
  'headers',
  'body',
];

/** Synchronous: a line that was logged has been written, also when the process ends right after. */
export function createOperatorLog({ level, readable, write }: OperatorLogOptions): ProgramLog {
  const options: LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretMembers.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[redacted]' },
  };
  const logger = pino(options, { write: (line) => write(readable ? readableLine(line) : line) });
  return {
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    fault: (error) =>
      isTheClients(error)
        ? logger.debug({ error: describeError(error) }, 'client')
        : logger.error({ error: describeError(error) }, 'fault'),
    diagnostic: (diagnostic) => tellDiagnostic(logger, diagnostic),
    security: ({ event, ...facts }) => logger[isAlarming(event) ? 'warn' : 'info']({ event, ...facts }, 'security'),
  };
}

/** What a client can bring about by breaking off or by sending nonsense is no fault of the server's, and would fill its log. */
function isTheClients(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('HPE_') || ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code);
}

/** Somebody holds what is not theirs, or tries to guess it; everything else is an administrator at work. */
function isAlarming(event: string): boolean {
  return event === 'RefreshTokenReuseDetected' || event === 'LoginLimited';
}

/** By type; what is not named here is worth a warning. */
const diagnosticLevels: Readonly<Record<string, 'error' | 'info'>> = {
  poisoned: 'error',
  'redis-unfit': 'error',
  'redis-fit': 'info',
  rebuilt: 'info',
  'contact-regained': 'info',
  'signing-keys-unstuck': 'info',
};

function tellDiagnostic(logger: Logger, { type, ...facts }: Parameters<OperatorLog['diagnostic']>[0]): void {
  const isStart = 'cause' in facts && facts.cause === 'start';
  const level = isStart ? 'info' : (diagnosticLevels[type] ?? 'warn');
  logger[level]({ event: type, ...facts }, 'diagnostic');
}

export interface DescribedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/**
 * An error by its name, code, message and stack, and nothing else: libraries hang requests, commands with their
 * arguments and headers on the errors they throw. What looks like a credential inside a message goes too.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'something that is no error was thrown' };
  const code = isAuthlabError(error)
    ? error.code
    : 'code' in error && typeof error.code === 'string'
      ? error.code
      : null;
  return {
    name: error.name,
    ...(code === null ? {} : { code: withoutCredentials(code) }),
    message: withoutCredentials(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutCredentials(error.stack) }),
    ...(error.cause instanceof Error && depth < 3 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/**
 * Takes out what looks like a credential: passwords in URLs, whatever follows `Bearer`, values of cookies, parts of
 * tokens, and every long run of letters and digits (handles, digests, keys); names in stack traces hold no digits, or
 * are short.
 */
export function withoutCredentials(text: string): string {
  return text
    .replace(/\/\/[^/@\s]*@/g, '//[redacted]@')
    .replace(/\b(bearer|basic)\s+\S+/gi, '$1 [redacted]')
    .replace(/((?:__Host-|__Secure-)[\w.-]+=)[^;\s]*/gi, '$1[redacted]')
    .replace(/eyJ[\w-]*(?:\.[\w-]*){0,4}/g, '[redacted]')
    .replace(/(?=[\w-]*\d)[\w-]{22,}/g, '[redacted]');
}

/** `09:30:00 warn follower event=contact-lost part=beats`; control characters stay escaped. */
function readableLine(line: string): string {
  const { time, level, msg, pid: _, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const told = Object.entries(facts).map(([name, value]) => `${name}=${readableValue(value)}`);
  return `${String(time).slice(11, 19)} ${String(level)} ${String(msg)}${told.length > 0 ? ` ${told.join(' ')}` : ''}\n`;
}

function readableValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@-]+$/.test(value)) return value;
  if (typeof value === 'object' && value !== null && 'stack' in value) return withoutControls(String(value.stack));
  return JSON.stringify(value);
}

/** What a terminal would obey; ends of lines stay, because a stack has them. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '?');
}
