import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { ExampleAttacks } from './example-attacks.ts';
import { exampleRecord } from './example-run.ts';
import { toHtml } from './html/page.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';
import { answerOf, standingOf } from './words.ts';

const resultsOf = (attacks?: ExampleAttacks) =>
  summarise(parseRecord(exampleRecord({ ...(attacks && { attacks }) }), 'events.ndjson'));

describe('attacks in the results', () => {
  it('are as they were recorded, the proof apart from the strategies', () => {
    const { measures, validity } = resultsOf({});
    expect(validity).toEqual({ state: 'valid' });
    expect(measures.attacks?.map(({ attack, group }) => [attack, group])).toEqual([
      ['changed-claims', 'tokens'],
      ['no-revocation', 'refresh'],
    ]);
    expect(measures.attacks?.[0]).toMatchObject({
      broken: { outcome: { kind: 'open' }, fault: null },
      strategies: [{ contestant: 'session', outcome: { kind: 'not-applicable' }, fault: null }, {}, {}, {}, {}],
    });
    expect(resultsOf().measures.attacks).toBeNull();
  });

  it.each([
    ['broken', { kind: 'blocked' }, 'An attack did not get through where the server is broken for it, so that'],
    ['jwt-hs256', { kind: 'open', window: null, boundMillis: 0 }, 'An attack got through where it must not:'],
    ['jwt-hs256', { kind: 'unproven' }, 'An attack proves nothing, because'],
    [
      'denylist-hs256',
      { kind: 'open', window: { millis: 10, ended: false }, boundMillis: 2_000 },
      'An attack got through',
    ],
  ] as const)('are told first when they did not come out as they must: %s %o', (server, outcome, sentence) => {
    const results = resultsOf({ instead: { [`changed-claims ${server}`]: outcome } });
    expect(results.validity).toEqual({ state: 'valid' });
    const place = server === 'broken' ? 'broken-changed-claims' : server;
    expect(standingOf(results)).toEqual([expect.stringContaining(sentence)]);
    expect(standingOf(results)[0]).toContain(`other claims, same signature at ${place}.`);
  });
});

describe('attacks in the report', () => {
  const report = toMarkdown(resultsOf({}));

  it('are a matrix for each group, without a cell that says nothing', () => {
    expect(report).toContain('## Under attack');
    expect(report).toContain('### Refresh and logout');
    expect(report).toContain(
      '| other claims, same signature | makes use of changed-claims | got through | not applicable: no signed token | not applicable: no signed token | blocked | blocked | blocked |',
    );
    expect(report).toContain(
      '| blocked | open by design for at least 7.00 s | open by design for 6.01 s | blocked | open for 3.14 ms (bound 2.00 s) |',
    );
    expect(report).toContain('Not reached: login.');
    expect(standingOf(resultsOf({}))).toEqual([]);
  });

  it('say why a door stands open by design, and what was seen', () => {
    expect(report).toContain('- jwt-hs256 (credentials after the logout): its tokens are good until they expire.');
    expect(report).toMatch(/\| other claims, same signature \| jwt-hs256, denylist-hs256 and hybrid-hs256 +\| blocked/);
    expect(report).toContain('- *credentials after the logout*: Does anybody notice no-revocation? (RFC 8725 3.3)');
  });

  it('are loud where one got through', () => {
    const results = resultsOf({
      instead: { 'changed-claims jwt-hs256': { kind: 'open', window: null, boundMillis: 0 } },
    });
    for (const text of [toMarkdown(results), toTerminal(results, { colour: false }), toHtml(results)]) {
      expect(text).toContain('GOT THROUGH, open');
    }
  });

  it('are answered in words that hide nothing', () => {
    expect(answerOf(resultsOf({})).join('\n')).toContain(
      'Each of 2 attacks got through the server that is broken for it; of 8 attempts on strategies 5 were blocked, and none got through a strategy where it must not. ' +
        'Open by design are cookie-session to credentials after the logout: its cookie is good until it expires.',
    );
    expect(answerOf(resultsOf({})).join('\n')).toContain(
      'Not blocked at once (credentials after the logout): hybrid-hs256 was open for 3.14 ms (bound 2.00 s).',
    );
  });

  it('fit a terminal', () => {
    const text = toTerminal(resultsOf({}), { colour: false });
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('other claims, same signature not applicable to 2; blocked by 3');
  });

  it('that were not reached say so, and no others are spoken of', () => {
    expect(toMarkdown(resultsOf({ reached: 1 }))).toContain('Not reached: refresh and logout and login.');
    expect(toMarkdown(resultsOf())).not.toMatch(/attack/i);
  });
});
