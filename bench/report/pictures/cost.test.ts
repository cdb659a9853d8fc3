/** What a check costs, drawn: nothing looks certain that the run cannot tell from nothing. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import { exampleRun } from '../example-run.ts';
import { summarise } from '../summarise.ts';
import { costPicture, throughputPicture } from './cost.ts';
import type { DotPanel } from './picture.ts';

const events = exampleRun({ strategies: ['session', 'jwt-hs256'], rounds: 12 }).map((event) => {
  if (event.type !== 'PairMeasured' || event.contestant === 'session') return event;
  // Redis' own background, taken off a little too much: the same for all that ask it nothing.
  const { referenceSample, contestantSample, round } = event;
  const perRequest = referenceSample.redisCpuMicros / referenceSample.requests - (1 + (round % 5) / 10);
  const sample = { ...contestantSample, redisCpuMicros: contestantSample.requests * perRequest };
  return { ...event, contestantSample: sample };
});
const { contestants, noiseFloor } = summarise(
  parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'),
);
const panels = [costPicture(contestants, noiseFloor), throughputPicture(contestants, noiseFloor)].flatMap(
  ({ chart }) => (chart.kind === 'dots' ? chart.panels : []),
);
const standingOf = ({ rows }: DotPanel, name: string) =>
  rows[contestants.findIndex(({ contestant }) => contestant === name)]?.dots.map(({ standing }) => standing);

describe('the picture of what a check costs', () => {
  it('shows the reference as what it is: not to be told from itself', () => {
    expect(panels.map(({ title }) => title)).toHaveLength(3);
    for (const panel of panels) expect(standingOf(panel, 'none')).toEqual(['cannot-tell']);
  });

  it('shows no Redis CPU as certain that the reference has, too', () => {
    const [, redis] = panels;
    if (redis === undefined) throw new TypeError('no panel of Redis');
    expect(redis.noise?.high).toBeLessThan(0);
    expect(standingOf(redis, 'jwt-hs256')).toEqual(['cannot-tell']);
    expect(standingOf(redis, 'session')).toEqual(['told']);
  });
});
