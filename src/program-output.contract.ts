/** Catches what a program of this process writes, for tests that run one. */

import { vi } from 'vitest';

export interface Written {
  stdout: string;
  stderr: string;
}

/** To be undone with `vi.restoreAllMocks()`. */
export function catchOutput(): Written {
  const written: Written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
  return written;
}
