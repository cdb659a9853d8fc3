/** The clock of one node is wrong by far more than clocks may differ. */

import { bentClockRemedy, findFaketime } from '../environment/bent-clock.ts';
import { beyondStaleness, type Fault } from './fault.ts';

const hourSeconds = 3_600;

function wrongBy(seconds: number, title: string, deed: string): Fault {
  return {
    title,
    deed,
    source: 'row 32 (ASVS 9.2.1; RFC 9068 4)',
    befalls: 'first-node',
    concession: {
      words:
        'Clocks may differ by `clockSkewSeconds`, which is seconds: a node may take good credentials for expired; nobody who had logged out may be let in.',
      refusesValid: true,
    },
    topology: 'one',
    wires: 'direct',
    bendsClock: true,
    lastsMillis: beyondStaleness,
    hindrance: async () => ((await findFaketime()) === null ? bentClockRemedy : null),
    async inflict({ clock, first }) {
      await clock.bend(seconds);
      await first.clockIsAhead(seconds);
      return async () => {
        await clock.bend(0);
        await first.clockIsAhead(0);
      };
    },
  };
}

export const nodeClockAhead = wrongBy(
  hourSeconds,
  "a node's clock an hour ahead",
  'the clock of a node jumps an hour ahead, and back',
);
export const nodeClockBehind = wrongBy(
  -hourSeconds,
  "a node's clock an hour behind",
  'the clock of a node jumps an hour back, and ahead again',
);
