/** What the answer says of sessions and revocations that are there. */

import { counted, differenceWithInterval, fixed, listed, withInterval } from './format.ts';
import { measuredValue } from './summarise/figure.ts';
import type { StateResults } from './summarise/state.ts';

/** Empty where nothing was measured. */
export function stateParagraph(state: readonly StateResults[] | null): string {
  const found = (state ?? []).flatMap(({ contestant, state: figure }) => {
    const value = measuredValue(figure);
    return value === null ? [] : [{ contestant, ...value }];
  });
  const [first] = found;
  if (first === undefined) return '';
  const nodes = found.filter(({ revocationRecords }) => revocationRecords > 0);
  const sentences = [
    `Of ${counted(first.sessions, 'session')}, each occupies in Redis ${listed(found.map(({ contestant, redisBytesPerSession: bytes }) => `${fixed(bytes, 0)} bytes with ${contestant}`))}${first.redisBytesPerEndedSession === null ? '.' : `; once ended, ${listed(found.map(({ contestant, redisBytesPerEndedSession: bytes }) => `${fixed(bytes ?? 0, 0)} with ${contestant}`))}.`}`,
    ...nodes.map(
      ({ contestant, nodeBytesPerRevocation: bytes, rebuildMillis: millis }) =>
        `A node of ${contestant} keeps ${bytes === null ? 'an unknown number of' : differenceWithInterval(bytes, 0)} bytes for each revocation, and needs ${millis === null ? 'an unknown number of' : differenceWithInterval(millis, 0)} ms more to start.`,
    ),
    ...found.flatMap(({ contestant, checks }) =>
      checks === null
        ? []
        : [
            `A check costs the node ${withInterval(checks.nodeCpuRatio, 3)} times what it costs without them with ${contestant}.`,
          ],
    ),
  ];
  return sentences.join(' ');
}
