import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRun } from './reader.ts';
import { openRecorder, type WriteBytes } from './recorder.ts';
import type { RunEvent } from './run-events.ts';
import { recordFileOf } from './run-folder.ts';
import { testStart } from './test-record.ts';

const startedAtMillis = Date.UTC(2026, 0, 15, 10, 15, 0, 123);
const started = testStart;
const ended: RunEvent = { type: 'RunEnded', at: '2026-01-15T10:16:00.000Z', outcome: 'completed', durationMillis: 1 };

let runsFolder: string;
beforeEach(() => {
  runsFolder = mkdtempSync(join(tmpdir(), 'authlab-recorder-'));
});
afterEach(() => rmSync(runsFolder, { recursive: true, force: true }));

/** A disk that takes `room` bytes and then is full. */
function diskWith(room: number): WriteBytes {
  let left = room;
  return (file, bytes, offset) => {
    const taken = Math.min(left, bytes.length - offset);
    if (taken === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    left -= taken;
    return writeSync(file, bytes, offset, taken);
  };
}

describe('openRecorder', () => {
  it('names the folder by time and scenario, and makes what is missing', () => {
    const deep = join(runsFolder, 'a', 'b');
    const recorder = openRecorder({ runsFolder: deep, scenarioName: 'quick', startedAtMillis });
    recorder.close();
    expect(recorder.runId).toBe('20260115T101500Z-quick');
    expect(recorder.folder).toBe(join(deep, '20260115T101500Z-quick'));
    expect(readdirSync(recorder.folder)).toEqual(['events.ndjson']);
  });

  it('never writes into a run that is there already', () => {
    const open = () => openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis });
    const ids = [open(), open(), open()].map((recorder) => {
      recorder.close();
      return recorder.runId;
    });
    expect(ids).toEqual(['20260115T101500Z-quick', '20260115T101500Z-quick-2', '20260115T101500Z-quick-3']);
  });

  it('refuses a folder that is a file, with the remedy', () => {
    const file = join(runsFolder, 'taken');
    writeFileSync(file, '');
    expect(() => openRecorder({ runsFolder: file, scenarioName: 'quick', startedAtMillis })).toThrow(
      expect.objectContaining({ code: 'ERR_OUTPUT', message: expect.stringContaining('choose another folder') }),
    );
  });

  it('finds a full disk before the run begins and leaves nothing behind', () => {
    expect(() =>
      openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis, write: diskWith(100_000) }),
    ).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT', message: expect.stringContaining('ENOSPC') }));
    expect(readdirSync(runsFolder)).toEqual([]);
  });
});

describe('append', () => {
  it('has each event in the file when it returns', () => {
    const recorder = openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis });
    recorder.append(started);
    expect(readFileSync(recordFileOf(recorder.folder), 'utf8')).toBe(`${JSON.stringify(started)}\n`);
    recorder.append(ended);
    expect(readRun(recorder.folder)).toEqual({ events: [started, ended], started, torn: false });
    recorder.close();
  });

  it('takes a line that did not fit away again', () => {
    const line = Buffer.byteLength(`${JSON.stringify(started)}\n`);
    const write = diskWith(1_048_576 + line + 10);
    const recorder = openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis, write });
    recorder.append(started);
    expect(() => recorder.append(ended)).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
    recorder.close();
    expect(readRun(recorder.folder)).toEqual({ events: [started], started, torn: false });
  });

  it('refuses after it was closed', () => {
    const recorder = openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis });
    recorder.close();
    recorder.close();
    expect(() => recorder.append(started)).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
  });
});

describe('openRecorder beside other runs', () => {
  it('leaves other folders alone', () => {
    mkdirSync(join(runsFolder, 'notes'));
    openRecorder({ runsFolder, scenarioName: 'quick', startedAtMillis }).close();
    expect(readdirSync(runsFolder)).toEqual(['20260115T101500Z-quick', 'notes']);
  });
});
