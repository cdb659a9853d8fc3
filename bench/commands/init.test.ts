import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/load.ts';
import { writeScenario } from './init.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authlab-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('authlab init', () => {
  it('writes a scenario named after its file, with the way to the schema', () => {
    const file = join(folder, 'Our Logins 2.yaml');
    writeScenario(file);
    const text = readFileSync(file, 'utf8');
    expect(parseScenario(text, file)).toMatchObject({ ok: true, value: { name: 'our-logins-2' } });
    const schema = /\$schema=(.+)/.exec(text)?.[1] ?? '';
    expect(JSON.parse(readFileSync(resolve(dirname(file), schema), 'utf8')).title).toBe('A scenario of authlab');
  });

  it('overwrites nothing, and says what could not be written', () => {
    const file = join(folder, 'mine.yaml');
    writeScenario(file);
    const before = readFileSync(file, 'utf8');
    expect(() => writeScenario(file)).toThrow(/it is there already/);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(() => writeScenario(join(folder, 'nowhere', 'mine.yaml'))).toThrow(/ENOENT/);
  });
});
