/** Progress: one line in place on a terminal, plain lines elsewhere. */

import { describe, expect, test } from 'vitest';
import { clockText, createProgress } from './progress.ts';

function capture(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 40, write: (text: string) => written.push(text) } };
}

describe('progress', () => {
  test('plain lines carry elapsed and remaining time and no control characters', () => {
    const { written, stream } = capture(false);
    let now = 0;
    const progress = createProgress(stream, () => now);
    progress.phase('logging in', 90_000);
    progress.step('jwt-hs256');
    now = 61_000;
    progress.note('done');
    progress.close();
    expect(written).toEqual(['[0:00] logging in (about 1:30 left)\n', '[1:01] done\n']);
  });

  test('a terminal gets one line that never wraps', () => {
    const { written, stream } = capture(true);
    const progress = createProgress(stream, () => 0);
    progress.phase('a phase with quite a long name, longer than the line', 5_000);
    progress.close();
    expect(written[0]).toHaveLength('\r\u001b[2K'.length + 39);
    expect(written.at(-1)).toBe('\r\u001b[2K');
  });

  test('time is rounded up to seconds', () => {
    expect([0, 1, 59_001, 60_000].map(clockText)).toEqual(['0:00', '0:01', '1:00', '1:00']);
  });
});
