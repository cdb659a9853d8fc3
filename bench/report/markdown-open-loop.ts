/** The report's section on latency at a fixed arrival rate. */

import { cellsOf } from './cells.ts';
import { type Block, section, table } from './document.ts';
import { counted, differenceWithInterval, fixed, withInterval } from './format.ts';
import { latencyPicture } from './pictures/latency.ts';
import type { OpenLoopDistribution } from './summarise/open-loop.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function openLoopSection({ measures: { openLoop }, contestants, run: { scenario } }: Results): Block[] {
  const plan = scenario.openLoop;
  if (openLoop === null || plan === undefined) return [];
  const rows = openLoop.map(({ contestant, latency }) => [
    contestant,
    ...cellsOf(latency, [
      ({ p50Micros }) => withInterval(p50Micros, 0),
      ({ p50OverReferenceMicros }) => differenceWithInterval(p50OverReferenceMicros, 0),
      ({ latencyMicros }) => carried(latencyMicros, 'p90'),
      ({ latencyMicros, referenceMicros }) => `${carried(latencyMicros, 'p99')} (${carried(referenceMicros, 'p99')})`,
      ({ latencyMicros }) => carried(latencyMicros, 'p999'),
      ({ latencyMicros }) => fixed(latencyMicros.max, 0),
      ({ serviceMicros }) => carried(serviceMicros, 'p99'),
      ({ latenessMicros }) => carried(latenessMicros, 'p99'),
      ({ unanswered }) => fixed(unanswered, 0),
    ]),
  ]);
  const picture = latencyPicture(contestants, openLoop);
  return [
    section('Latency at a fixed arrival rate'),
    `${counted(plan.ratePerSecond, 'request')} a second at equal distances, whether or not the server keeps up; latency counts from the moment a request was *meant* to start, so that what waits behind a slow one is late as well. p50: mean over ${counted(plan.rounds, 'round')} of each round's median, with its 95 % interval; the other percentiles over the windows of all rounds, and only where ten requests lie beyond. *Service* counts from sending: what a client would tell that forgets how long it waited itself. *Pacer*: how late requests were sent although a connection was free; it is part of every latency here, the reference's too.`,
    ...(picture === null ? [] : [picture]),
    table(
      [
        'strategy',
        'p50, µs',
        'less none',
        'p90',
        'p99 (none)',
        'p99.9',
        'max',
        'service p99',
        'pacer p99',
        'unanswered',
      ],
      rows,
    ),
  ];
}

function carried(distribution: OpenLoopDistribution, percentile: 'p90' | 'p99' | 'p999'): string {
  const value = distribution[percentile];
  return value === null ? 'too few' : fixed(value, 0);
}
