import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord, readRun } from './reader.ts';

const started = JSON.stringify({ type: 'RunStarted', recordVersion: 1, runId: 'x' });
const ended = JSON.stringify({ type: 'RunEnded', outcome: 'completed' });

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
