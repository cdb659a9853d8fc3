import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import type { RunEvent } from '../record/run-events.ts';
import { exampleRun } from './example-run.ts';
import { toMarkdown } from './markdown.ts';
import { summarise } from './summarise.ts';
import { toTerminal } from './terminal.ts';

/** Of a run in which every check of `jwt-hs256` goes along with so many Redis commands. */
function resultsWith(commands: number) {
  const events = exampleRun({ strategies: ['session', 'jwt-hs256'] }).map((event): RunEvent => {
    if (event.type !== 'PairMeasured' || event.contestant !== 'jwt-hs256') return event;
    const { requests, redisCommands } = event.contestantSample;
    const sample = { ...event.contestantSample, redisCommands: redisCommands + commands * requests };
    return { ...event, contestantSample: sample };
  });
  return summarise(parseRecord(events.map((event) => JSON.stringify(event)).join('\n'), 'events.ndjson'));
}

const note = /Up to 0\.05 Redis commands .* background/;

describe('Redis commands that no request asked for', () => {
  it('are told as they were measured, with what they are', () => {
    const results = resultsWith(0.03);
    expect(toMarkdown(results)).toMatch(/^\| jwt-hs256 \|.*\| \+0\.03 \[/m);
    expect(toMarkdown(results)).toMatch(note);
    expect(toTerminal(results, { colour: false })).toMatch(/0\.05 or less beside 0\s+or 1/);
  });

  it('need no word where there are none, and get none where they are more than that', () => {
    expect(toMarkdown(resultsWith(0))).not.toMatch(note);
    expect(toMarkdown(resultsWith(0.2))).not.toMatch(note);
    expect(toMarkdown(resultsWith(0.2))).toContain('0.20 instead of 0');
  });
});
