import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord, readRun } from './reader.ts';
import { testStart } from './test-record.ts';

const started = JSON.stringify(testStart);
const ended = JSON.stringify({ type: 'RunEnded', at: testStart.at, outcome: 'completed', durationMillis: 1 });

const typesOf = (text: string) => parseRecord(text, 'events.ndjson').events.map((event) => event.type);
const outputFault = (message: string) =>
  expect.objectContaining({ code: 'ERR_OUTPUT', message: expect.stringContaining(message) });

describe('parseRecord', () => {
  it('reads whole records', () => {
    expect(typesOf(`${started}\n${ended}\n`)).toEqual(['RunStarted', 'RunEnded']);
  });

  it('leaves a torn last line out and says so, wherever it was torn', () => {
    for (let kept = 1; kept < ended.length; kept += 1) {
      const record = parseRecord(`${started}\n${ended.slice(0, kept)}`, 'events.ndjson');
      expect(record.events).toHaveLength(1);
      expect(record.torn).toBe(true);
    }
  });

  it('keeps a last event that lost nothing but its line end', () => {
    const record = parseRecord(`${started}\n${ended}`, 'events.ndjson');
    expect(record.events).toHaveLength(2);
    expect(record.torn).toBe(false);
  });

  it('refuses damage before the last line, with its place', () => {
    expect(() => parseRecord(`${started}\n{"type":\n${ended}\n`, 'events.ndjson')).toThrow(
      outputFault('events.ndjson:2 is not an event'),
    );
  });

  it('refuses another version of the record, and events it does not know', () => {
    const newer = JSON.stringify({ type: 'RunStarted', recordVersion: 2 });
    expect(() => parseRecord(`${newer}\n`, 'f')).toThrow(outputFault('version 2'));
    expect(() => parseRecord(newer, 'f')).toThrow(outputFault('version 2'));
    expect(() => parseRecord(`${started}\n{"type":"Nonsense"}\n`, 'f')).toThrow(outputFault('f:2'));
  });

  it('refuses an event that lacks something, or has it of another kind, with its place and the remedy', () => {
    const { throughput, ...scenario } = testStart.scenario;
    const { sliceMillis: _, ...older } = throughput ?? {};
    const first = (changed: object) => JSON.stringify({ ...testStart, ...changed });
    const refused = (record: string, words: string) =>
      expect(() => parseRecord(record, 'f')).toThrow(
        outputFault(`${words}. Another authlab wrote this record (0.1.0,`),
      );
    refused(
      first({ scenario: { ...scenario, throughput: older } }),
      'f:1 (RunStarted) lacks scenario.throughput.sliceMillis',
    );
    refused(first({ machine: undefined }), 'f:1 (RunStarted) lacks machine');
    refused(
      first({ seed: 'one' }),
      'f:1 (RunStarted) has a wrong seed (Invalid input: expected number, received string)',
    );
    refused(`${started}\n${JSON.stringify({ type: 'RunEnded', outcome: 'completed' })}`, 'f:2 (RunEnded) lacks at');
    expect(() => parseRecord(JSON.stringify({ type: 'RunStarted', recordVersion: 1 }), 'f')).toThrow(
      outputFault(
        'Another authlab wrote this record, or it was changed since: report it with the authlab that wrote it',
      ),
    );
  });

  it('lets thresholds and ranges be: a record is judged by its shape', () => {
    const scenario = { ...testStart.scenario, credentials: 0, somethingNew: 1 };
    expect(typesOf(JSON.stringify({ ...testStart, scenario }))).toEqual(['RunStarted']);
  });

  it('refuses what is not the record of a run', () => {
    expect(() => parseRecord('', 'f')).toThrow(outputFault('RunStarted'));
    expect(() => parseRecord(`${ended}\n`, 'f')).toThrow(outputFault('RunStarted'));
    expect(() => parseRecord('7\n', 'f')).toThrow(outputFault('f:1'));
  });
});

describe('readRun', () => {
  it('tells a folder without a record from one that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'authlab-reader-'));
    try {
      expect(() => readRun(folder)).toThrow(expect.objectContaining({ code: 'ERR_INPUT_INVALID' }));
      expect(() => readRun(join(folder, 'nowhere'))).toThrow(expect.objectContaining({ code: 'ERR_INPUT_INVALID' }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
