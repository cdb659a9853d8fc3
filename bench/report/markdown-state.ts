/** The report's section on state. */

import { cellsOf } from './cells.ts';
import { type Block, section, table } from './document.ts';
import { counted, differenceWithInterval, fixed } from './format.ts';
import { statePicture } from './pictures/lifecycle.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function stateSection({ measures: { state }, run: { scenario } }: Results): Block[] {
  const plan = scenario.state;
  if (state === null || plan === undefined) return [];
  const rows = state
    .filter(({ contestant }) => contestant !== 'none')
    .map(({ contestant, state: figure }) => [
      contestant,
      ...cellsOf(figure, [
        ({ redisBytesPerSession }) => fixed(redisBytesPerSession, 0),
        ({ redisBytesPerEndedSession }) => fixed(redisBytesPerEndedSession, 0),
        ({ eventsPerSession }) => fixed(eventsPerSession, 1),
        ({ redisBytesPerEvent }) => (redisBytesPerEvent === null ? 'none' : fixed(redisBytesPerEvent, 0)),
        ({ nodeBytesPerRevocation: bytes }) => (bytes === null ? 'too few' : differenceWithInterval(bytes, 0)),
        ({ rebuildMillis: millis }) => (millis === null ? 'too few' : differenceWithInterval(millis, 0)),
        ({ startMillis }) => fixed(startMillis, 0),
      ]),
    ]);
  return [
    section('State'),
    `${counted(plan.sessions, 'user')} log in, each once, and then log out; every strategy in a realm of its own, by real requests. *Redis bytes*: what Redis has allocated more than before the first login (\`used_memory\`), per session while all of them live, and once all are ended; the second is the revocation with all that the log keeps of the session. *Node*: memory that a fresh node keeps alive after its garbage was collected, and the time from its start until it is ready, both with the ended sessions less without, over ${counted(plan.starts, 'start')} each; mean and 95 % interval. *Start*: without them.`,
    statePicture(state),
    table(
      [
        'strategy',
        'Redis bytes per live session',
        'per ended one',
        'events per session',
        'bytes per event',
        'node bytes per revocation',
        'rebuild, ms',
        'start, ms',
      ],
      rows,
    ),
  ];
}
