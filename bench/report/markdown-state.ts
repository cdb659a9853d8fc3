/** The report's section on state. */

import { cellsOf } from './cells.ts';
import { type Block, section, subsection, table } from './document.ts';
import { counted, differenceWithInterval, fixed, withInterval } from './format.ts';
import { statePicture } from './pictures/lifecycle.ts';
import { measuredValue } from './summarise/figure.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function stateSection({ measures: { state }, run: { scenario } }: Results): Block[] {
  const plan = scenario.state;
  if (state === null || plan === undefined) return [];
  const asked = state.filter(({ contestant }) => contestant !== 'none');
  return [
    section('State'),
    `${counted(plan.sessions, 'user')} log in, each once${plan.ended ? ', and then log out' : ''}; every strategy in a realm of its own. They do so without connections, in bulk, but by the server's own code, so that what is in Redis afterwards is what requests leave there. Beside it lies a realm without these sessions, and what is said of a node compares the two: ${counted(plan.starts, 'pair')} of fresh nodes, one in each realm.`,
    statePicture(state),
    ...redisTable(asked, plan.ended),
    ...(plan.ended ? nodeTable(asked) : []),
    ...checkTable(asked),
  ];
}

type Asked = NonNullable<Results['measures']['state']>;

function redisTable(asked: Asked, isEnded: boolean): Block[] {
  const rows = asked.map(({ contestant, state: figure }) => [
    contestant,
    ...cellsOf(figure, [
      ({ redisBytesPerSession }) => fixed(redisBytesPerSession, 0),
      ...(isEnded
        ? [({ redisBytesPerEndedSession: bytes }: { redisBytesPerEndedSession: number | null }) => fixed(bytes ?? 0, 0)]
        : []),
      ({ eventsPerSession }) => fixed(eventsPerSession, 1),
      ({ redisBytesPerEvent }) => (redisBytesPerEvent === null ? 'none' : fixed(redisBytesPerEvent, 0)),
    ]),
  ]);
  return [
    `*Redis bytes*: what Redis has allocated more than before the first of them, per session${isEnded ? ', while all of them live and once all are ended; the second is the revocation with all that the log keeps of the session' : ''}. What is kept for a minute to repeat an answer is left out: its amount depends on how fast people log in, not on how many are.`,
    table(
      [
        'strategy',
        'Redis bytes per live session',
        ...(isEnded ? ['per ended one'] : []),
        'events per session',
        'bytes per event',
      ],
      rows,
    ),
  ];
}

function nodeTable(asked: Asked): Block[] {
  const rows = asked.map(({ contestant, state: figure }) => [
    contestant,
    ...cellsOf(figure, [
      ({ nodeBytesPerRevocation: bytes }) => (bytes === null ? 'too few' : differenceWithInterval(bytes, 0)),
      ({ rebuildMillis: millis }) => (millis === null ? 'too few' : differenceWithInterval(millis, 0)),
      ({ bareReadingMillis: millis }) => (millis === null ? 'nothing to read' : withInterval(millis, 0)),
      ({ rebuildOverBareReading: ratio }) => (ratio === null ? 'none' : withInterval(ratio, 1)),
      ({ startMillis }) => fixed(startMillis, 0),
      ({ longestPauseMillis }) => `${fixed(longestPauseMillis.with, 0)} (${fixed(longestPauseMillis.without, 0)})`,
    ]),
  ]);
  return [
    subsection('A node that starts with them'),
    '*Memory*: what a fresh node keeps alive after its garbage was collected, with the ended sessions less without, per session. *Rebuild*: the time from its start until it is ready, with less without. *Bare reading*: the same records read from Redis by the same client, page by page, and nothing made of them; beside it how often that fits into the rebuild. Means and 95 % intervals. *Start*: median without the sessions. *Longest pause*: by how much the event loop of a node came late at most until it was ready, the worst of all starts, in brackets that of the starts without; other processes on the same core count as well.',
    table(
      [
        'strategy',
        'node bytes per revocation',
        'rebuild, ms',
        'bare reading, ms',
        'times that',
        'start, ms',
        'longest pause, ms',
      ],
      rows,
    ),
  ];
}

/** Empty where nobody was asked. */
function checkTable(asked: Asked): Block[] {
  const rows = asked.flatMap(({ contestant, state: figure }) => {
    const checks = measuredValue(figure)?.checks ?? null;
    if (checks === null) return [];
    const { pairs, pairsLeftOut, nodeCpuRatio, nodeCpuMicros, redisCpuMicros } = checks;
    return [
      [
        contestant,
        withInterval(nodeCpuRatio, 3),
        fixed(nodeCpuMicros.without, 1),
        fixed(nodeCpuMicros.with, 1),
        redisCpuMicros === null ? 'never asked' : differenceWithInterval(redisCpuMicros, 1),
        `${fixed(pairs, 0)}${pairsLeftOut === 0 ? '' : ` (${fixed(pairsLeftOut, 0)} left out)`}`,
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    subsection('What a check costs with them'),
    'CPU per `GET /profile` by users whose sessions live, of two nodes of the same strategy that take turns, one in each realm. A pair of fresh processes counts once: two that do the same differ by some per cent. The ratio is with the sessions over without, geometric mean and 95 % interval. What Redis does is read in windows of each node alone.',
    table(
      ['strategy', 'node CPU, ratio', 'without, µs', 'with, µs', 'Redis CPU, with less without, µs', 'pairs of nodes'],
      rows,
    ),
  ];
}
