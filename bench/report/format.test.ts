import { describe, expect, it } from 'vitest';
import { counted, countedStatuses, duration, fixed, listed, signed, withInterval, wrapped } from './format.ts';

describe('numbers', () => {
  it.each([
    [0, 1, '0.0'],
    [-0.04, 1, '0.0'],
    [999, 0, '999'],
    [1_000, 0, '1,000'],
    [1_234_567.891, 2, '1,234,567.89'],
    [-1_234.5, 1, '-1,234.5'],
    [0.12345, 3, '0.123'],
    [1_234.56789, 5, '1,234.56789'],
  ])('%d with %i digits is %s', (value, digits, expected) => {
    expect(fixed(value, digits)).toBe(expected);
  });

  it('carry a sign where they are differences', () => {
    expect([signed(1.26, 1), signed(-1.26, 1), signed(0.01, 1)]).toEqual(['+1.3', '-1.3', '0.0']);
    expect(withInterval({ estimate: 0.5, low: 0.25, high: 1 }, 2)).toBe('0.50 [0.25, 1.00]');
  });
});

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [0.0123, '12.3 µs'],
    [0.412, '412 µs'],
    [0.9996, '1.00 ms'],
    [1.239, '1.24 ms'],
    [12.34, '12.3 ms'],
    [123.4, '123 ms'],
    [999.4, '999 ms'],
    [2_031, '2.03 s'],
    [90_000, '90.0 s'],
    [900_000, '15.0 min'],
  ])('%d ms is %s', (millis, expected) => {
    expect(duration(millis)).toBe(expected);
  });
});

describe('words', () => {
  it('count and list', () => {
    expect([counted(1, 'trial'), counted(1_000, 'trial')]).toEqual(['1 trial', '1,000 trials']);
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect(countedStatuses({ '401': 1_200, '0': 1 })).toBe('no answer (1), 401 (1,200)');
  });

  it('wrap at spaces, and never lose a word', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('unbreakable word', 4)).toEqual(['unbreakable', 'word']);
  });
});
