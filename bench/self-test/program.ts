/** What the developers' programs of this folder share: flags that are whole numbers, progress on stderr, an exit code. */

import { parseArgs } from 'node:util';
import { AuthlabError, type Fault } from '../../src/kernel/errors.ts';
import { describeFault, exitCodeOf } from '../run/exit-codes.ts';
import { interruptions } from '../run/interruptions.ts';
import { createProgress, type Progress } from '../run/progress.ts';

/** Each flag with the number it has when it is not given, and the least it may be. */
export type NumberFlags = Readonly<Record<string, { readonly usually: number; readonly least: number }>>;

export type NumbersOf<Flags extends NumberFlags> = { readonly [Name in keyof Flags]: number };

export interface ProgramOf<Flags extends NumberFlags> {
  readonly flags: Flags;
  /** Returns what is printed on stdout. */
  readonly main: (numbers: NumbersOf<Flags>, hands: ProgramHands) => Promise<string>;
}

export interface ProgramHands {
  /** Folder that keeps the runs: `--runs`. */
  readonly runsFolder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Runs a program from its command line to its exit code; a fault is told in one sentence. */
export async function runProgram<Flags extends NumberFlags>({ flags, main }: ProgramOf<Flags>): Promise<number> {
  const interruption = interruptions();
  const progress = createProgress(process.stderr, () => performance.now());
  try {
    const { numbers, runsFolder } = parseNumbers(flags, process.argv.slice(2));
    const text = await main(numbers, { runsFolder, progress, signal: interruption.signal });
    progress.close();
    process.stdout.write(`${text}\n`);
    return 0;
  } catch (error) {
    progress.close();
    process.stderr.write(`${describeFault(error)}\n`);
    return exitCodeOf(error);
  } finally {
    interruption.close();
  }
}

/** Throws ERR_INPUT_INVALID with every flag that is unknown or no such number. */
export function parseNumbers<Flags extends NumberFlags>(
  flags: Flags,
  argv: readonly string[],
): { readonly numbers: NumbersOf<Flags>; readonly runsFolder: string } {
  const names = Object.keys(flags);
  const options = Object.fromEntries([...names, 'runs'].map((name) => [name, { type: 'string' as const }]));
  const { values, tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const faults: Fault[] = [];
  for (const token of tokens) {
    const told = token.kind === 'option' ? token.name : token.kind === 'positional' ? token.value : '--';
    const place = token.kind === 'option' ? `flag --${told}` : told;
    if (!(token.kind === 'option' && told in options)) faults.push({ place, message: `is not among ${listOf(flags)}` });
  }
  const numbers = Object.fromEntries(
    names.map((name) => {
      const { usually = 0, least = 0 } = flags[name] ?? {};
      const given = values[name];
      const value = given === undefined ? usually : Number(given);
      if (given === true || !/^\d+$/.test(`${given ?? usually}`) || value < least) {
        faults.push({ place: `flag --${name}`, message: `must be a whole number from ${least} on` });
      }
      return [name, value];
    }),
  );
  if (faults.length > 0) throw new AuthlabError('ERR_INPUT_INVALID', 'The command line is not valid.', { faults });
  return { numbers: numbers as NumbersOf<Flags>, runsFolder: `${values.runs ?? 'runs'}` };
}

function listOf(flags: NumberFlags): string {
  return [...Object.entries(flags).map(([name, { usually }]) => `--${name} ${usually}`), '--runs runs'].join(', ');
}
