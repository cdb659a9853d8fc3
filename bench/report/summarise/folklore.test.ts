import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import type { RunEvent } from '../../record/run-events.ts';
import { parseExpectation } from '../../scenario/expectation.ts';
import { type ExampleOptions, exampleRun } from '../example-run.ts';
import { toMarkdown } from '../markdown.ts';
import { summarise } from '../summarise.ts';
import type { FolkloreLine, Need } from './folklore.ts';

const strategies = ['session', 'cookie-session', 'jwt-hs256', 'denylist-hs256', 'hybrid-hs256'];

type Change = (event: RunEvent) => RunEvent;

/** An invented run that puts one claim to the test. */
function resultsOf(change: Change = (event) => event, options: ExampleOptions = {}, row: string | null = 'state') {
  const test = parseExpectation('session.redisCommands > 0.5', { contestants: ['none', ...strategies], levels: [] });
  if (!test.ok) throw new Error(test.message);
  const hypotheses = [{ claim: 'It asks', ...(row === null ? {} : { row }), test: test.value }];
  const events = exampleRun({ strategies, rounds: 20, ...options })
    .map((event) => (event.type === 'RunStarted' ? { ...event, scenario: { ...event.scenario, hypotheses } } : event))
    .map(change);
  return summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));
}

function lineOf(contestant: string, change?: Change): FolkloreLine {
  const line = resultsOf(change).folklore?.find((one) => one.contestant === contestant);
  if (line === undefined) throw new Error(`no line of ${contestant}`);
  return line;
}

const bestFor = (need: Need, change?: Change) =>
  (resultsOf(change).folklore ?? []).filter((line) => line.bestFor.includes(need)).map(({ contestant }) => contestant);

const sampleOf =
  (contestant: string, figure: 'nodeCpuMicros' | 'redisCpuMicros', more: number): Change =>
  (event) => {
    if (event.type !== 'PairMeasured' || event.contestant !== contestant) return event;
    const { contestantSample: sample } = event;
    return { ...event, contestantSample: { ...sample, [figure]: sample[figure] + more * sample.requests } };
  };

describe('the table JWT vs sessions', () => {
  it('stands only where a claim belongs to a row of it', () => {
    expect(resultsOf(undefined, {}, null).folklore).toBeNull();
    expect(resultsOf().folklore?.map(({ contestant }) => contestant)).toEqual(strategies);
  });

  it('has every row by measurement', () => {
    const session = lineOf('session');
    expect(session.serverState?.commandsPerCheck.estimate).toBeCloseTo(1, 1);
    // 132 microseconds of the node over 7 of Redis.
    expect(session.scalability?.nodesPerRedis).toBeGreaterThan(15);
    expect(session.scalability?.nodesPerRedis).toBeLessThan(22);
    expect(session.revocation).toMatchObject({ kind: 'measured', longestMillis: 0 });
    expect(session.tokenSize?.smallest.requestHeaderBytes).toBe(session.tokenSize?.largest.requestHeaderBytes);
    const jwt = lineOf('jwt-hs256');
    // Its own share of what Redis does for itself, which an invented run has no measurement of.
    expect(jwt.scalability?.nodesPerRedis).toBeGreaterThan(200);
    expect(jwt.revocation).toMatchObject({ kind: 'until-expiry' });
    expect(jwt.tokenSize).toEqual({
      smallest: { claims: 'roles-1', requestHeaderBytes: 520 },
      largest: { claims: 'roles-200', requestHeaderBytes: 520 + 14 * 199 },
    });
  });

  it('derives what each is best for, and otherwise where a figure differs', () => {
    expect(bestFor('revoked-at-once')).toEqual(['session', 'denylist-hs256']);
    expect(bestFor('revoked-at-once', sampleOf('denylist-hs256', 'nodeCpuMicros', 30))).toEqual(['session']);
    expect(bestFor('revoked-at-once', sampleOf('session', 'nodeCpuMicros', 30))).toEqual(['denylist-hs256']);
    expect(bestFor('revoked-within-a-second')).toEqual(['hybrid-hs256']);
    expect(bestFor('may-live-on')).toContain('jwt-hs256');
    expect(bestFor('may-live-on', sampleOf('jwt-hs256', 'nodeCpuMicros', 30))).not.toContain('jwt-hs256');
    expect(bestFor('no-look-up')).toEqual(['cookie-session', 'jwt-hs256', 'hybrid-hs256']);
    expect(bestFor('many-nodes')).toContain('jwt-hs256');
    expect(bestFor('many-nodes')).not.toContain('session');
    expect(bestFor('many-nodes', sampleOf('jwt-hs256', 'redisCpuMicros', 5))).not.toContain('jwt-hs256');
    expect(bestFor('small-requests')).toEqual(['session']);
    expect(bestFor('many-claims')).toEqual(['session']);
  });

  it('says what was not measured', () => {
    const folklore = resultsOf(undefined, { outcome: null }).folklore ?? [];
    expect(folklore.map(({ revocation }) => revocation?.kind ?? null)).toEqual([
      null,
      'until-expiry',
      'until-expiry',
      null,
      null,
    ]);
    expect(folklore.flatMap((line) => line.bestFor)).not.toContain('revoked-at-once');
  });

  it('is printed with its rules', () => {
    const report = toMarkdown(resultsOf());
    expect(report).toContain('## JWT vs sessions, as measured');
    expect(report).toMatch(
      /\| session \| asks Redis, 1\.\d\d commands a check \| one Redis serves 1\d\.\d nodes .+\| at once \| 190 B, whatever the claims \|/,
    );
    expect(report).toMatch(
      /\| jwt-hs256 \| asks nobody \| .+ \| none: until it expires \| 520 B \(roles-1\) to 3,306 B \(roles-200\) \|/,
    );
    expect(report).toContain('*many claims*: fewest bytes');
  });
});
