import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { type ExampleOptions, exampleRun } from '../example-run.ts';
import { summarise } from '../summarise.ts';

/** Of a run on a busy machine, none of whose parts were kept on cores of their own, and which was aborted. */
function warningsOf(options: ExampleOptions, without: readonly string[] = []) {
  const events = exampleRun({ rounds: 2, strategies: ['session'], outcome: null, ...options }).map(
    (event): RunEvent => {
      if (event.type !== 'RunStarted') return event;
      const scenario = Object.fromEntries(Object.entries(event.scenario).filter(([name]) => !without.includes(name)));
      const machine = { ...event.machine, loadAverage: 9, pinning: null };
      return { ...event, machine, scenario: scenario as unknown as typeof event.scenario };
    },
  );
  const { warnings } = summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));
  return new Map(warnings.filter(({ contestant }) => contestant === null).map((one) => [one.kind, one.weakens]));
}

describe('what is said against a whole run', () => {
  it('names the measures that were in it', () => {
    const everything = warningsOf({ isFull: true });
    const timed = ['cost', 'throughput', 'latency', 'revocation', 'lifecycle', 'role-change', 'open-loop'];
    expect(everything.get('machine-busy')).toEqual(timed);
    expect(everything.get('not-pinned')).toEqual(['cost', 'throughput', 'latency', 'open-loop']);
    expect(everything.get('run-incomplete')).toEqual(expect.arrayContaining(['state', 'size', ...timed]));
  });

  it('names no measure that was not', () => {
    const some = warningsOf({});
    expect(some.get('machine-busy')).toEqual(['cost', 'throughput', 'latency', 'revocation']);
    expect(some.get('run-incomplete')).toEqual(['cost', 'throughput', 'latency', 'revocation', 'size']);
    expect(warningsOf({}, ['throughput']).get('machine-busy')).toEqual(['revocation']);
  });
});
