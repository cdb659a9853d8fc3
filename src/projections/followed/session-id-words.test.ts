import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maximumPartitions, newSessionId } from '../../domain/session-id.ts';
import { systemRandomBytes } from '../../kernel/random.ts';
import { KnownSessionId, readSessionId, writeSessionId } from './session-id-words.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const partitions = fc.integer({ min: 0, max: maximumPartitions - 1 });

describe('a session id as words', () => {
  test('is the same text again', () => {
    fc.assert(
      fc.property(partitions, bytes, (partition, random) => {
        const id = newSessionId(partition, () => Buffer.from(random));
        const words = new Uint32Array(4);
        expect(readSessionId(id, words)).toBe(partition);
        expect(writeSessionId(partition, words)).toBe(id);
      }),
    );
  });

  test('is the same when it was read once, for later', () => {
    fc.assert(
      fc.property(partitions, fc.array(bytes, { minLength: 1 }), (partition, randoms) => {
        const ids = randoms.map((random) => newSessionId(partition, () => Buffer.from(random)));
        const known = ids.map((id) => new KnownSessionId(id));
        for (const [index, id] of ids.entries()) {
          const [words, later] = [new Uint32Array(4), new Uint32Array(4)];
          readSessionId(id, words);
          known[index]?.writeWords(later);
          expect([known[index]?.text, known[index]?.partition, [...later]]).toEqual([id, partition, [...words]]);
        }
      }),
    );
    expect(new KnownSessionId('0.of-another-spelling').partition).toBe(-1);
  });

  test('is another for every other id, wherever they differ', () => {
    const id = Buffer.alloc(16, 0b1010_0101);
    const read = (random: Buffer): string => {
      const words = new Uint32Array(4);
      readSessionId(
        newSessionId(7, () => random),
        words,
      );
      return words.join();
    };
    const seen = new Set([read(id)]);
    for (let bit = 0; bit < 128; bit += 1) {
      const other = Buffer.from(id);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      seen.add(read(other));
    }
    expect(seen.size).toBe(129);
  });

  const digits = newSessionId(0, systemRandomBytes).slice(2);
  const withLast = (last: string): string => `0.${digits.slice(0, -1)}${last}`;
  test.each([
    ['nothing', ''],
    ['no partition', `.${digits}`],
    ['a partition with a zero in front', `00.${digits}`],
    ['a partition that no realm has', `${maximumPartitions}.${digits}`],
    ['a partition of five digits', `10000.${digits}`],
    ['a negative partition', `-1.${digits}`],
    ['a blank', ` 0.${digits}`],
    ['one digit too few', `0.${digits.slice(1)}`],
    ['one digit too many', `0.${digits}A`],
    ['a digit of plain base64', `0.+${digits.slice(1)}`],
    ['padding', withLast('=')],
    ['another spelling of the same bits', withLast('B')],
    ['the last spelling of the same bits', withLast('P')],
    ['a character that ends like a digit', withLast(String.fromCharCode(0x100 + 'A'.charCodeAt(0)))],
    ['a character that ends like a partition', `${String.fromCharCode(0x100 + '0'.charCodeAt(0))}.${digits}`],
  ])('is none: %s', (_, id) => {
    expect(readSessionId(id, new Uint32Array(4))).toBe(-1);
  });

  test('is one with each of the last digits that ids can have', () => {
    for (const last of ['A', 'Q', 'g', 'w']) expect(readSessionId(withLast(last), new Uint32Array(4))).toBe(0);
  });
});
