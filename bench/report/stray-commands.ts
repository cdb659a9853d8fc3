/** Redis commands that no request asked for: what a reader would else take for a hidden look-up. */

import { limits } from '../statistics/warnings.ts';
import { fixed } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { ContestantResults } from './summarise/results.ts';

/** Whether some strategy's commands stand there as a little more or less than it declares. The figures stay as they are. */
export function showsStrayCommands(contestants: readonly ContestantResults[]): boolean {
  return contestants.some(({ cost, description }) => {
    const commands = measuredValue(cost)?.redisCommands.estimate;
    const declared = description?.redisCommandsPerCheck;
    if (commands === undefined || declared === undefined) return false;
    const isBeside = Math.abs(commands - declared) < limits.commandsTolerance;
    return isBeside && fixed(commands, 2) !== fixed(declared, 2);
  });
}

export const strayCommandsText = `Up to ${fixed(limits.commandsTolerance, 2)} Redis commands more or less than a strategy declares (under *What was compared*) are background and no look-ups: every node beats, and follows the log and its keys, whether or not anybody asks it.`;
