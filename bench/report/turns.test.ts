import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent, WindowSample } from '../record/run-events.ts';
import { compareRuns } from './compare.ts';
import { exampleRun } from './example-run.ts';
import { exampleSweepRecord } from './example-sweep.ts';
import { toMarkdown } from './markdown.ts';
import { figureRows } from './summarise/figure-rows.ts';
import { requestsPerTurnOf } from './summarise/requests-per-turn.ts';
import { summarise } from './summarise.ts';

/** The example run with other windows. */
function resultsWith(change: (sample: WindowSample) => WindowSample) {
  const events = exampleRun({ strategies: ['session', 'jwt-hs256'] }).map((event): RunEvent => {
    if (event.type !== 'PairMeasured') return event;
    const { contestantSample, referenceSample } = event;
    return { ...event, contestantSample: change(contestantSample), referenceSample: change(referenceSample) };
  });
  return summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));
}

const counted = resultsWith((sample) => sample);
/** By an older authlab, or on a Node that counts no turns. */
const uncounted = resultsWith(({ nodeEventLoopTurns: _, ...sample }) => sample);

describe('requests in one turn of the event loop', () => {
  it('are the median over windows, of the contestant and of the reference beside it', () => {
    const { contestantSample: sample } = exampleRun().find((event) => event.type === 'PairMeasured') ?? {};
    if (sample === undefined) throw new Error('no pair');
    const withTurns = (requests: number, nodeEventLoopTurns: number) => ({ ...sample, requests, nodeEventLoopTurns });
    const pairs = [100, 200, 900].map((requests) => {
      return { contestantSample: withTurns(requests, 100), referenceSample: withTurns(requests, requests) };
    });
    expect(requestsPerTurnOf(pairs)).toMatchObject({ contestant: { estimate: 2 }, reference: { estimate: 1 } });
    expect(requestsPerTurnOf([])).toBeNull();
  });

  it('are a figure of the run', () => {
    expect(figureRows(counted).filter(({ figure }) => figure === 'requestsPerTurn')).toHaveLength(3);
  });

  it('are followed over connections, where nobody is better for having more, and over nothing else', () => {
    const followed = (factor: 'connections' | 'credentials') => {
      const record = exampleSweepRecord({ factor, levels: [4, 8, 16] }, 20);
      return summarise(parseRecord(record, 'events.ndjson'));
    };
    const page = toMarkdown(followed('connections'));
    const [, section = ''] = page.split('## Requests in one turn of the event loop');
    const [own = ''] = section.split('\n## ');
    expect(own).toContain('| session ');
    expect(own).not.toMatch(/better|certainly change/);
    expect(toMarkdown(followed('credentials'))).not.toContain('Requests in one turn');
    const crossings = followed('connections').sweep?.figures.find(({ figure }) => figure === 'requestsPerTurn');
    expect(crossings?.crossovers).toEqual([]);
  });

  it('are no merit by which two runs are compared', () => {
    const fewer = resultsWith((sample) => ({ ...sample, nodeEventLoopTurns: 3 * (sample.nodeEventLoopTurns ?? 0) }));
    const names = compareRuns(counted, [fewer]).flatMap(({ figures }) => figures.map(({ name }) => name));
    expect(names).toContain('session.nodeCpuMicros');
    expect(names.filter((name) => name.endsWith('.requestsPerTurn'))).toEqual([]);
  });

  it('are none where nobody counted', () => {
    expect(figureRows(uncounted).some(({ figure }) => figure === 'requestsPerTurn')).toBe(false);
  });
});
