/** Pairs of the reference with itself in a file: of each window no more than cost and throughput are computed from. */

import type { PairMeasured, WindowSample } from '../record/run-events.ts';

/** Requests, milliseconds, CPU microseconds of the node. */
type KeptWindow = readonly [number, number, number];
type KeptPair = readonly [PairMeasured['order'], KeptWindow, KeptWindow];

/** Of each run, in a row: enough runs of them are enough to draw from, and the file stays readable. */
const pairsPerRun = 20;

/** One pair a line. */
export function fixtureText(runs: readonly (readonly PairMeasured[])[]): string {
  const kept = runs.flatMap((pairs) => pairs.slice(0, pairsPerRun).map(keptPair));
  const lines = kept.map(([order, ...windows]) => {
    const [contestant, reference] = windows.map((window) => `[${window.join(', ')}]`);
    return `  ["${order}", ${contestant}, ${reference}]`;
  });
  return `[\n${lines.join(',\n')}\n]\n`;
}

export function pairsOfFixture(text: string): PairMeasured[] {
  const kept = JSON.parse(text) as readonly KeptPair[];
  return kept.map(([order, contestant, reference], index) => ({
    type: 'PairMeasured',
    at: '2026-01-01T00:00:00.000Z',
    contestant: 'none',
    round: index + 1,
    order,
    contestantSample: windowOf(contestant),
    referenceSample: windowOf(reference),
    contestantAnswerBytes: 300,
    referenceAnswerBytes: 300,
  }));
}

function keptPair({ order, contestantSample, referenceSample }: PairMeasured): KeptPair {
  return [order, keptWindow(contestantSample), keptWindow(referenceSample)];
}

function keptWindow({ requests, durationMillis, nodeCpuMicros }: WindowSample): KeptWindow {
  return [requests, Math.round(1_000 * durationMillis) / 1_000, nodeCpuMicros];
}

function windowOf([requests, durationMillis, nodeCpuMicros]: KeptWindow): WindowSample {
  return {
    requests,
    durationMillis,
    nodeCpuMicros,
    statuses: { '200': requests },
    errors: 0,
    nodeEventLoopUtilisation: 0.98,
    redisCpuMicros: 0,
    redisCommands: 0,
    redisNetworkBytes: 0,
    generatorCpuMicros: 1,
    generatorEventLoopUtilisation: 0.5,
    latencyHistogram: '',
  };
}
