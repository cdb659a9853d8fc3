/** The flags of the developers' programs: whole numbers, and every fault at once. */

import { describe, expect, it } from 'vitest';
import { parseNumbers } from './program.ts';

const flags = { rounds: { usually: 10, least: 2 }, seed: { usually: 1, least: 0 } };

function faultsOf(...argv: readonly string[]): string[] {
  try {
    parseNumbers(flags, argv);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_INPUT_INVALID' });
    return (error as { faults: { place: string; message: string }[] }).faults.map(
      ({ place, message }) => `${place} ${message}`,
    );
  }
}

describe('the flags of a program', () => {
  it('are what is given, and otherwise what is usual', () => {
    expect(parseNumbers(flags, [])).toEqual({ numbers: { rounds: 10, seed: 1 }, runsFolder: 'runs' });
    expect(parseNumbers(flags, ['--seed', '7', '--runs', 'elsewhere', '--rounds=3'])).toEqual({
      numbers: { rounds: 3, seed: 7 },
      runsFolder: 'elsewhere',
    });
  });

  it('are refused all at once where they are no such numbers, or unknown', () => {
    expect(faultsOf('--rounds', '1', '--seed', 'x')).toEqual([
      'flag --rounds must be a whole number from 2 on',
      'flag --seed must be a whole number from 0 on',
    ]);
    expect(faultsOf('--rounds', '2.5', '--round=3', 'more')).toEqual([
      'flag --round is not among --rounds 10, --seed 1, --runs runs',
      'more is not among --rounds 10, --seed 1, --runs runs',
      'flag --rounds must be a whole number from 2 on',
    ]);
    expect(faultsOf('--seed')).toEqual(['flag --seed must be a whole number from 0 on']);
    expect(faultsOf('--seed=')).toEqual(['flag --seed must be a whole number from 0 on']);
  });
});
