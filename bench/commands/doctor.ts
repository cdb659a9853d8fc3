/** `authlab doctor`: what on this machine would spoil a measurement, and how to mend it. */

import { Command } from 'commander';
import { type Finding, findingsOf } from '../environment/health.ts';
import { readHealth } from '../environment/read-health.ts';
import { wrapped } from '../report/format.ts';
import { exitCodes } from '../run/exit-codes.ts';

export const doctorCommand = new Command('doctor')
  .description('say what on this machine would spoil a measurement, and how to mend it')
  .option('--redis-url <url>', 'look at this Redis instead of a private one (REDIS_URL does the same)')
  .option('--json', 'print the findings as JSON')
  .addHelpText('after', '\nExit codes: 0 runs can begin, though figures may be weakened; 3 something prevents them.')
  .action(async ({ redisUrl, json }: { readonly redisUrl?: string; readonly json?: boolean }) => {
    const findings = findingsOf(await readHealth({ redisUrl, env: process.env }));
    process.stdout.write(json === true ? `${JSON.stringify(findings, null, 2)}\n` : doctorText(findings));
    process.exitCode = findings.some(({ state }) => state === 'prevents') ? exitCodes.environment : exitCodes.ok;
  });

const width = 80;
const margin = 12;
const words: Readonly<Record<Finding['state'], string>> = { fine: 'fine', weakens: 'weakens', prevents: 'PREVENTS' };

/** Within 80 columns; ends with a line end. */
export function doctorText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ subject, state, found, spoils, remedy }) => [
    ...hanging(words[state], `${subject}: ${found}`),
    ...(state === 'fine' ? [] : [...hanging('', `Spoils: ${spoils}`), ...hanging('', `Remedy: ${remedy}`)]),
  ]);
  return `${lines.join('\n')}\n\n${verdictOf(findings)}\n`;
}

function hanging(head: string, text: string): string[] {
  return wrapped(text, width - margin).map((line, index) => `${(index === 0 ? head : '').padEnd(margin)}${line}`);
}

function verdictOf(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  if (count('prevents') > 0) return 'No run begins here before that is mended.';
  const weak = count('weakens');
  if (weak === 0) return 'Nothing here spoils a measurement.';
  return `Runs begin here; ${weak} ${weak === 1 ? 'thing weakens' : 'things weaken'} their figures, and every report says so.`;
}
