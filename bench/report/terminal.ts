/** The result on a terminal: one table within 80 columns, the noise it must be read against, and the warnings. */

import { cellOf, weakenedMark } from './cells.ts';
import { differenceWithInterval, duration, ends, fixed, signed, wrapped } from './format.ts';
import { failingLines, hypothesisLines } from './markdown-expectations.ts';
import { showsStrayCommands } from './stray-commands.ts';
import type { ContestantResults, Results } from './summarise/results.ts';
import { sweepAnswer } from './sweep-words.ts';
import { attackLines } from './terminal-attacks.ts';
import { chaosLines } from './terminal-chaos.ts';
import { faultLines } from './terminal-faults.ts';
import { mistakeLines } from './terminal-mistakes.ts';
import { warningLines } from './warning-words.ts';
import { standingOf } from './words.ts';

export interface TerminalOptions {
  /** Whether to colour: only when the caller knows that a terminal is listening. */
  readonly colour: boolean;
}

const width = 80;

/** Ends with a line end. Without colour it is plain text, fit for a file. */
export function toTerminal(results: Results, { colour }: TerminalOptions): string {
  const paint = colour ? painted : (_style: Style, text: string) => text;
  const lines = [
    ...wrapped(results.run.scenario.question, width).map((line) => paint('bold', line)),
    '',
    ...standingOf(results).flatMap((sentence) => wrapped(sentence, width).map((line) => paint('red', line))),
    ...(standingOf(results).length > 0 ? [''] : []),
    ...(isMeasured(results)
      ? [
          ...tableLines(results).map((line, index) => (index < headings.length ? paint('bold', line) : line)),
          '',
          ...wrapped(noiseText(results), width),
        ]
      : []),
    ...(results.sweep === null ? [] : sweepAnswer(results.sweep)).flatMap((paragraph) => [
      ...wrapped(paragraph, width),
      '',
    ]),
    ...(isMeasured(results) && results.mistakes.length > 0 ? [''] : []),
    ...mistakeLines(results.mistakes).map((line, index) => (index === 0 ? paint('bold', line) : line)),
    ...attackLines(results.measures.attacks).map((line, index) => (index === 0 ? paint('bold', line) : line)),
    ...faultLines(results.measures.faults).map((line, index) => (index === 0 ? paint('bold', line) : line)),
    ...chaosLines(results.measures.chaos).map((line, index) => (index === 0 ? paint('bold', line) : line)),
    ...hypothesisLines(results.hypotheses).flatMap((line) => wrapped(line, width)),
    ...(results.hypotheses.length === 0 ? [] : ['']),
    ...failingLines(results.expectations).flatMap((line) => wrapped(line, width).map((part) => paint('red', part))),
    ...warningLines(results.warnings).flatMap(({ voids, text }) =>
      hanging(voids ? 'void:   ' : 'weaker: ', text).map((line) => paint(voids ? 'red' : 'yellow', line)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether there is anything to tell in figures. */
function isMeasured({ run: { scenario }, sweep }: Results): boolean {
  return sweep === null && (scenario.throughput ?? scenario.revocation ?? scenario.tokenSize) !== undefined;
}

type Style = 'bold' | 'red' | 'yellow';

const codes: Readonly<Record<Style, number>> = { bold: 1, red: 31, yellow: 33 };

function painted(style: Style, text: string): string {
  return text === '' ? '' : `\u001b[${codes[style]}m${text}\u001b[0m`;
}

/** Width of each column; the first is aligned to the left. */
const columns = [15, 23, 5, 7, 9, 9, 6] as const;

const headings: readonly (readonly string[])[] = [
  ['', 'node CPU per check,', 'Redis', 'req/s', 'logout', '', 'bytes'],
  ['strategy', 'µs [95 %]', 'cmds', '/ none', 'p50', 'max', 'sent'],
];

function tableLines({ contestants }: Results): string[] {
  return [...headings, ...contestants.map(rowOf)].map((cells) =>
    columns
      .map((size, column) => {
        const text = fitted(cells[column] ?? '', size);
        return column === 0 ? text.padEnd(size) : text.padStart(size);
      })
      .join(' ')
      .trimEnd(),
  );
}

function rowOf(own: ContestantResults): string[] {
  const [p50, max] = logoutCells(own);
  return [
    own.contestant,
    cellOf(own.cost, ({ nodeCpuMicros: cpu }) => `${signed(cpu.estimate, 1)} ${ends(cpu, 1)}`),
    plainCell(cellOf(own.cost, ({ redisCommands }) => fixed(redisCommands.estimate, 2))),
    cellOf(own.throughput, ({ ratioToReference }) => fixed(ratioToReference.estimate, 2)),
    p50,
    max,
    plainCell(cellOf(own.tokenSize, (sizes) => fixed(sizes[0]?.requestHeaderBytes ?? 0, 0))),
  ];
}

/** Idle revocation latency; for what cannot be revoked the time until it expired, which the `~` tells apart. */
function logoutCells({ revocation }: ContestantResults): [string, string] {
  const expiry = revocation['until-expiry'];
  const [figure, sign] = expiry.state === 'not-measured' ? [revocation.idle, ''] : [expiry, '~'];
  const text = (key: 'p50' | 'max') =>
    cellOf(figure, ({ revocationLatencyMillis }) =>
      revocationLatencyMillis === null ? '–' : `${sign}${duration(revocationLatencyMillis[key])}`,
    );
  return [plainCell(text('p50')), text('max')];
}

/** Without the mark: a narrow column leaves it to the others of its row. */
function plainCell(text: string): string {
  return shortened.get(text) ?? text.replace(` ${weakenedMark}`, '');
}

const shortened = new Map([
  ['not asked', '–'],
  ['not reached', '–'],
]);

function fitted(text: string, size: number): string {
  const fitting = text.length > size ? plainCell(text) : text;
  return fitting.length > size ? `${fitting.slice(0, size - 1)}…` : fitting;
}

function noiseText({ noiseFloor, contestants }: Results): string {
  const parts = [
    noiseFloor.nodeCpuMicros === null
      ? 'The noise floor (none against none) was not measured.'
      : `Noise floor, none against none: ${differenceWithInterval(noiseFloor.nodeCpuMicros, 1)} µs.`,
    ...(contestants.some(({ revocation }) => revocation['until-expiry'].state === 'measured')
      ? ['~: not revocable, measured until it expired.']
      : []),
    ...(showsStrayCommands(contestants) ? ['Redis cmds, 0.05 or less beside 0 or 1: background.'] : []),
    `${weakenedMark}: weakened, see below.`,
  ];
  return parts.filter((part) => !part.startsWith(weakenedMark) || contestants.some(isWeakened)).join(' ');
}

function isWeakened({ cost, throughput, revocation }: ContestantResults): boolean {
  const figures = [cost, throughput, ...Object.values(revocation)];
  return figures.some((figure) => figure.state === 'measured' && figure.weakenedBy.length > 0);
}

function hanging(label: string, text: string): string[] {
  return wrapped(text, width - label.length).map(
    (line, index) => `${index === 0 ? label : ' '.repeat(label.length)}${line}`,
  );
}
