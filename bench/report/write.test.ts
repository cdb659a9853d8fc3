import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordFileOf } from '../record/run-folder.ts';
import { exampleRecord } from './example-run.ts';
import { writeReport } from './write.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authlab-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (text: string) => writeFileSync(recordFileOf(folder), text);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const files = ['report.html', 'report.md', 'results.csv', 'results.json'];
const written = () => files.map(read);

describe('writeReport', () => {
  it('rebuilds the same bytes, and leaves nothing else behind', async () => {
    record(exampleRecord());
    const results = await writeReport(folder);
    const before = written();
    for (const name of files) writeFileSync(join(folder, name), 'spoilt');
    expect(await writeReport(folder)).toEqual(results);
    expect(written()).toEqual(before);
    expect(readdirSync(folder).toSorted()).toEqual(['events.ndjson', ...files]);
    expect(JSON.parse(read('results.json'))).toEqual({ $schema: 'urn:authlab:results:1', ...results });
    expect(read('events.ndjson')).toBe(exampleRecord());
  }, 30_000);

  it('reports a run that was torn off anywhere, marked where the eye falls first', async () => {
    const whole = exampleRecord({ rounds: 3, strategies: ['session'] });
    const firstLine = whole.indexOf('\n') + 1;
    for (let length = firstLine; length < whole.length - 30; length += Math.ceil(whole.length / 6)) {
      record(whole.slice(0, length));
      expect((await writeReport(folder)).run.outcome).toBe('aborted');
      const before = written();
      const [title, , banner] = read('report.md').split('\n');
      expect(title).toMatch(/^# What does/);
      expect(banner).toBe('> **This run was aborted: what follows is what it had measured until then.**');
      await writeReport(folder);
      expect(written()).toEqual(before);
    }
  }, 30_000);

  it('names a folder without a run', async () => {
    await expect(writeReport(folder)).rejects.toThrow(expect.objectContaining({ code: 'ERR_INPUT_INVALID' }));
  });

  it('fails whole when a file cannot be replaced', async () => {
    record(exampleRecord({ rounds: 2, strategies: ['session'] }));
    mkdirSync(join(folder, 'report.md'));
    await expect(writeReport(folder)).rejects.toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
    expect(readdirSync(folder).toSorted()).toEqual(['events.ndjson', 'report.md', 'results.csv', 'results.json']);
  });
});
