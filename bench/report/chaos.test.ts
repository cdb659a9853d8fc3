import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { chaosRecord, exchange, faultAt, gaining, history } from './example-chaos.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';

const faults = [faultAt(1_500, 2_500)];
const kept = history([gaining(0), exchange('probe', 500, 200)], { faults });
const broken = history([gaining(0), exchange('logout', 1_000, 204), exchange('last-word', 32_000, 200)], { faults });

function resultsOf(events: readonly RunEvent[]) {
  return summarise(parseRecord(chaosRecord(events), 'events.ndjson'));
}

describe('random histories in the report', () => {
  it('say that nothing was broken', () => {
    const results = resultsOf([kept, { ...kept, seed: 8 }]);
    const text = toMarkdown(results);
    expect(text).toContain(
      'In 2 random histories over one Redis, with 4 requests and 2 faults, no promise was broken.',
    );
    expect(text).toMatch(/\| 7 +\| one Redis +\| 2 /);
    expect(text).not.toContain('Not reached');
    // The lead has said it whole.
    expect(text).not.toContain('## The answer in full');
    expect(toTerminal(results, { colour: false })).toMatch(/\n +8 +2 +0 +1 0\n/);
  });

  it('tell the story of what was broken, and which histories are missing', () => {
    const results = resultsOf([broken]);
    const text = toMarkdown(results);
    expect(text).toContain('Seed 7 broke I2 for hybrid-hs256.');
    const story = text.slice(text.indexOf('### Seed 7, I2'));
    expect(story).toMatch(/1,?000 ms: logout of session 0, credential 0, at node 0: 204 after 10 ms/);
    expect(story).toMatch(/1,?500 ms: Redis killed, until 2500 ms/);
    expect(story).toMatch(/32,?000 ms: last-word of session 0/);
    expect(text).toContain('did not come up: 1 of the histories');
    expect(toTerminal(results, { colour: false })).toContain('seed 7, I2, hybrid-hs256, session 0: accepted');
  });
});
