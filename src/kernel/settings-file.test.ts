/** Settings files, right and wrong in every way a user has found so far. */

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fault } from './errors.ts';
import { parseSettings } from './settings-file.ts';

const schema = z.strictObject({
  name: z.string().min(3).optional(),
  rounds: z.number().int().min(1).max(200).default(8),
  mode: z.enum(['open', 'closed']).optional(),
  throughput: z.strictObject({ connections: z.number().int().min(1), windowMillis: z.number().optional() }).optional(),
  roles: z.array(z.number().int().max(9)).min(1).optional(),
});

function faultsOf(text: string | Buffer): readonly Fault[] {
  const parsed = parseSettings(schema, text, 'lab.yaml');
  return parsed.ok ? [] : parsed.faults;
}

describe('a good file', () => {
  it('gives its value with defaults filled in, and the place of each setting', () => {
    const parsed = parseSettings(schema, '# a comment\nname: first\nthroughput:\n  connections: 16\n', 'lab.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    expect(parsed.value).toEqual({ name: 'first', rounds: 8, throughput: { connections: 16 } });
    expect(parsed.placeOf(['throughput', 'connections'])).toBe('lab.yaml:4:16');
    expect(parsed.placeOf(['throughput', 'windowMillis'])).toBe('lab.yaml:4:3');
  });

  it('may begin with a UTF-8 byte order mark, which moves no column', () => {
    expect(faultsOf('\uFEFFrounds: 3\n')).toEqual([]);
    expect(faultsOf('\uFEFFrounds: 0\n')).toEqual([{ place: 'lab.yaml:1:9', message: 'rounds must be at least 1' }]);
  });

  it('may use a few anchors, and its faults stand where the alias stands', () => {
    expect(faultsOf('roles: &all [1, 2]\n')).toEqual([]);
    expect(faultsOf('throughput: &t {connections: 0}\n')[0]?.place).toBe('lab.yaml:1:30');
  });
});

describe('faults of the values', () => {
  it('are all reported at once, in the order of the file', () => {
    const text = ['rounds: 900', 'mode: closd', 'throughput:', '  conections: 3', 'roles: [1, x, 12]', 'name: 5'].join(
      '\n',
    );
    expect(faultsOf(text)).toEqual([
      { place: 'lab.yaml:1:9', message: 'rounds must be at most 200' },
      { place: 'lab.yaml:2:7', message: 'mode must be one of open, closed; did you mean closed?' },
      { place: 'lab.yaml:4:3', message: 'throughput.connections is missing (a number)' },
      {
        place: 'lab.yaml:4:3',
        message: 'unknown key throughput.conections; did you mean throughput.connections?',
      },
      { place: 'lab.yaml:5:12', message: 'roles[1] must be a number, not a text' },
      { place: 'lab.yaml:5:15', message: 'roles[2] must be at most 9' },
      { place: 'lab.yaml:6:7', message: 'name must be a text, not a number' },
    ]);
  });

  it.each([
    ['rounds: 1.5', 'rounds must be a whole number, not a fraction'],
    ['rounds: .inf', 'rounds must be a number, not infinite or not a number'],
    ['rounds: .nan', 'rounds must be a number, not infinite or not a number'],
    ['rounds:', 'rounds must be a number, not empty'],
    ['rounds: "8"', 'rounds must be a number, not a text'],
    ['rounds: [8]', 'rounds must be a number, not a list'],
    ['roles: []', 'roles must have at least 1 entries'],
    ['name: ab', 'name must have at least 3 characters'],
    ['throughput: 3', 'throughput must be a mapping, not a number'],
    ['- 1', 'the file must be a mapping, not a list'],
    ['__proto__: {rounds: 3}', 'unknown key __proto__'],
    ['constructor: 3', 'unknown key constructor'],
  ])('%s', (text, message) => {
    expect(faultsOf(text).map((fault) => fault.message)).toEqual([message]);
  });

  it('never repeat a value, which may be a secret', () => {
    const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ';
    const texts = [`rounds: ${secret}`, `mode: ${secret}`, `name: [${secret}]`, `throughput: "${secret}`];
    for (const text of texts) expect(JSON.stringify(faultsOf(text))).not.toContain(secret);
  });
});

describe('faults of the text', () => {
  it('a duplicate key, beside faults of other values', () => {
    expect(faultsOf('rounds: 1\nrounds: 2\nmode: x\n')).toEqual([
      { place: 'lab.yaml:2:1', message: 'the key rounds stands here a second time' },
      { place: 'lab.yaml:3:7', message: 'mode must be one of open, closed' },
    ]);
  });

  it.each([
    ['tabs', 'throughput:\n\tconnections: 1\n', 'lab.yaml:2:1', 'indent with spaces, not with tabs'],
    ['a custom tag', 'name: !!js/function "f"', 'lab.yaml:1:7', 'custom tags are not allowed'],
    ['a binary', 'name: !!binary aGVsbG8=', 'lab.yaml:1:7', 'custom tags are not allowed'],
    ['an empty file', '', 'lab.yaml:1:1', 'is empty'],
    ['comments alone', '# nothing\n', 'lab.yaml:1:1', 'is empty'],
    [
      'two documents',
      'rounds: 1\n---\nrounds: 2\n',
      'lab.yaml:2:1',
      'the file must hold one document; a second one begins here',
    ],
    ['an alias without anchor', 'name: *other', 'lab.yaml:1:1', 'has an alias (*name) without its anchor (&name)'],
    ['a NUL', 'rounds: 1\nname: a\0b', 'lab.yaml:2:8', 'holds a NUL character; this is not a text file'],
  ])('%s', (_, text, place, message) => {
    expect(faultsOf(text)).toContainEqual({ place, message });
  });

  it('bytes that are not UTF-8, with line and column', () => {
    const text = Buffer.concat([Buffer.from('rounds: 1\nname: ü'), Buffer.from([0xfc, 0x0a])]);
    expect(faultsOf(text)).toEqual([{ place: 'lab.yaml:2:8', message: 'is not UTF-8 here; save the file as UTF-8' }]);
  });

  it('UTF-16', () => {
    const text = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('rounds: 1', 'utf16le')]);
    expect(faultsOf(text)).toEqual([{ place: 'lab.yaml:1:1', message: 'is UTF-16; save it as UTF-8' }]);
  });

  it('an alias bomb', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]\n`;
    const bomb = `a: &a [1]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
    expect(faultsOf(bomb)[0]?.message).toMatch(/too many aliases/);
  });

  it.each(['[', '{a: ', '- ', '? '])('a nesting of %j that would exhaust the stack', (opening) => {
    const faults = faultsOf(`rounds: 3\nroles:\n  ${opening.repeat(50_000)}`);
    expect(faults.map((fault) => fault.message)).toEqual(['is nested too deeply (at most 64 levels)']);
    expect(faults[0]?.place).toMatch(/^lab\.yaml:3:\d+$/);
  });

  it('never more than twenty of them', () => {
    const unknown = Array.from({ length: 100 }, (_, index) => `unknown${index}: 1`).join('\n');
    expect(faultsOf(unknown)).toHaveLength(20);
  });

  it('more than a mebibyte', () => {
    expect(faultsOf(Buffer.alloc(1_048_577, '#'))[0]?.message).toMatch(/at most 1048576/);
  });
});
