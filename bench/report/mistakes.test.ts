import { describe, expect, it } from 'vitest';
import type { AttackOutcome } from '../record/attack-events.ts';
import { parseRecord } from '../record/reader.ts';
import { type ExampleMistakes, exampleMistakes } from './example-mistakes.ts';
import { exampleRecord } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import type { Results } from './summarise/results.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';
import { answerOf, standingOf } from './words.ts';

const blocked: AttackOutcome = { kind: 'blocked' };
const unproven: AttackOutcome = { kind: 'unproven' };
const openFor = (millis: number, boundMillis: number, ended = true): AttackOutcome => ({
  kind: 'open',
  window: { millis, ended },
  boundMillis,
});

const resultsOf = (mistakes?: ExampleMistakes, outcome?: null) =>
  summarise(
    parseRecord(
      exampleRecord({ ...(mistakes && { mistakes }), ...(outcome === null && { outcome }) }),
      'events.ndjson',
    ),
  );
const instead = (place: string, outcome: AttackOutcome): Results => resultsOf({ instead: { [place]: outcome } });
const faultsOf = ({ validity }: Results) => (validity.state === 'valid' ? [] : validity.mistakeFaults);

describe('mistakes in the results', () => {
  it('are as they were recorded, the broken variant apart from the strategies', () => {
    const { mistakes, validity } = resultsOf({});
    expect(validity).toEqual({ state: 'valid' });
    expect(mistakes.map(({ mistake }) => mistake)).toEqual(['no-expiry', 'algorithm-confusion', 'no-revocation']);
    expect(mistakes[2]).toMatchObject({
      source: 'RFC 8725 2.1',
      broken: { contestant: 'broken-no-revocation', outcome: { kind: 'open' }, fault: null },
      right: [{ contestant: 'session' }, { contestant: 'jwt-hs256' }, {}, { contestant: 'hybrid-hs256', fault: null }],
    });
    expect(mistakes[1]?.right).toEqual([]);
    expect(resultsOf().mistakes).toEqual([]);
  });

  it('make the run invalid when a broken variant is not caught', () => {
    for (const outcome of [blocked, openFor(3, 10)]) {
      const results = instead('no-revocation broken-no-revocation', outcome);
      expect(faultsOf(results)).toEqual([
        { mistake: 'no-revocation', contestant: 'broken-no-revocation', kind: 'not-caught' },
      ]);
      expect(standingOf(results)).toEqual([
        expect.stringMatching(/^This run is invalid: .* no revocation on logout at broken-no-revocation\.$/),
      ]);
    }
  });

  it.each([
    ['outright', { kind: 'open', window: null, boundMillis: 0 }],
    ['beyond the bound', openFor(2_000.1, 2_000)],
    ['to the end of the watch', openFor(10, 2_000, false)],
  ] as const)('make the run invalid when an attack gets through a strategy %s', (_, outcome) => {
    const results = instead('no-expiry denylist-hs256', outcome);
    expect(faultsOf(results)).toEqual([{ mistake: 'no-expiry', contestant: 'denylist-hs256', kind: 'got-through' }]);
    expect(toMarkdown(results)).toMatch(/\| no expiry \| denylist-hs256 \| GOT THROUGH, open/);
    expect(toTerminal(results, { colour: false })).toContain('GOT THROUGH, open');
    expect(answerOf(results).join(' ')).toContain('only against no revocation on logout.');
  });

  it('make the run invalid when an attack proves nothing, on either side', () => {
    for (const server of ['broken-no-expiry', 'jwt-hs256']) {
      expect(faultsOf(instead(`no-expiry ${server}`, unproven))).toEqual([
        { mistake: 'no-expiry', contestant: server, kind: 'unproven' },
      ]);
    }
  });

  it('do not, as long as a window is within the bound', () => {
    expect(instead('no-revocation hybrid-hs256', openFor(2_000, 2_000)).validity.state).toBe('valid');
  });
});

describe('mistakes in the report', () => {
  const report = toMarkdown(resultsOf({}));

  it('are a matrix in the words of the design, with what was seen beside it', () => {
    expect(report).toContain(
      '| mistake | the attacker | broken variant | session | cookie-session | jwt-hs256 | denylist-hs256 | hybrid-hs256 |',
    );
    expect(report).toContain(
      '| no revocation on logout | makes use of no-revocation | got through | blocked | – | open by design for 2.71 s | blocked | open for 3.14 ms (bound 2.00 s) |',
    );
    expect(report).toContain(
      '| no expiry | broken-no-expiry | got through for at least 1.00 s | GET /profile was asked of broken-no-expiry |',
    );
    expect(report).toContain('- *no expiry*: Does anybody notice no-expiry? (RFC 8725 2.1)');
  });

  it('are answered in words that hide nothing', () => {
    expect(answerOf(resultsOf({})).join('\n')).toContain(
      'Each of 3 classic mistakes let the attacker in where it was made: no expiry, algorithm confusion and no revocation on logout. ' +
        'Under the same attacks every strategy kept what it promises. ' +
        'Not blocked at once (no revocation on logout): jwt-hs256 was open by design for 2.71 s and hybrid-hs256 was open for 3.14 ms (bound 2.00 s). ' +
        'No strategy of this run could be attacked by way of algorithm confusion.',
    );
  });

  it('say which ones were not reached', () => {
    expect(toMarkdown(resultsOf({ reached: 1 }, null))).toContain(
      'Not reached: algorithm confusion and no revocation on logout.',
    );
    expect(toMarkdown(resultsOf({ reached: 0 }, null))).not.toContain('What was seen');
  });

  it('are no part of a report that did not ask for them', () => {
    const without = toMarkdown(resultsOf());
    expect(without).not.toContain('mistake');
    expect(toTerminal(resultsOf(), { colour: false })).not.toContain('mistake');
  });

  it('fit a terminal, each outcome with its strategies', () => {
    const text = toTerminal(resultsOf({}), { colour: false });
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'no revocation on logout got through; blocked: session, denylist-hs256; open by design for 2.71 s: jwt-hs256;',
    );
    expect(text).toMatch(/^algorithm confusion +got through; none could be attacked$/m);
  });

  it('are all a terminal shows where nothing else was asked', () => {
    const events = exampleMistakes({}, () => '2026-01-15T10:15:00.000Z');
    const [started] = exampleRecord({ mistakes: {} }).split('\n');
    const only = JSON.parse(started ?? '');
    for (const measure of ['throughput', 'revocation', 'tokenSize']) delete only.scenario[measure];
    const record = [only, ...events].map((event) => `${JSON.stringify(event)}\n`).join('');
    const text = toTerminal(summarise(parseRecord(record, 'events.ndjson')), { colour: false });
    expect(text).not.toContain('req/s');
    expect(text).not.toContain('Noise floor');
    expect(text).toContain('no expiry');
  });
});
