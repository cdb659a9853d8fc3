import { describe, expect, it } from 'vitest';
import type { PairMeasured } from '../record/run-events.ts';
import { exampleRun } from '../report/example-run.ts';
import { RunningRatios } from './running-ratios.ts';

const pairs = exampleRun({ strategies: ['session', 'jwt-hs256'], rounds: 3 }).filter(
  (event): event is PairMeasured => event.type === 'PairMeasured',
);

describe('ratios as they firm up', () => {
  it('are medians of the rounds so far', () => {
    const ratios = new RunningRatios();
    expect(ratios.text()).toBe('');
    expect(ratios.of('session')).toBe('session');
    for (const pair of pairs) ratios.add(pair);
    expect(ratios.of('session')).toMatch(/^session, so far 0\.5\d$/);
    expect(ratios.text()).toMatch(/^session 0\.5\d, jwt-hs256 0\.7\d$/);
  });

  it('leave out rounds in which something was refused', () => {
    const ratios = new RunningRatios();
    const [pair] = exampleRun({ strategies: ['session'], refusing: 'session' }).filter(
      (event): event is PairMeasured => event.type === 'PairMeasured' && event.contestant === 'session',
    );
    if (pair === undefined) throw new Error('no pair');
    ratios.add(pair);
    expect(ratios.text()).toBe('');
  });
});
