/** Whose end is a loss, and what is said of it. */

import { describe, expect, it } from 'vitest';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { LostParts } from './lost-parts.ts';
import { SupervisedChild } from './supervised-child.ts';

function relying() {
  const parts = new LostParts();
  const child = new SupervisedChild('node-3', 42, () => Promise.resolve());
  parts.relyOn(child, 'node-3 at http://127.0.0.1:1', 'ERR_PART_CRASHED');
  return { parts, child };
}

describe('a part that is relied on', () => {
  it('is lost when it ends by itself: what it was, how it ended, what it said, what to do', async () => {
    const { parts, child } = relying();
    child.heard('stderr', 'out of paper\n');
    child.hasEnded({ code: 7, signal: null });
    await expect(parts.lost).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: expect.stringMatching(
        /^node-3 at \S+ ended in the middle of the run \(exit code 7\)\..*\nout of paper$/s,
      ),
    });
    expect(await parts.within(1)).toBeInstanceOf(AuthlabError);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('is not lost when the lab has sent it %s', async (signal) => {
    const { parts, child } = relying();
    await child.signal(signal);
    child.hasEnded({ code: null, signal });
    await child.ended;
    expect(await parts.within(1)).toBeNull();
  });

  it('is lost to a signal of somebody else, though the lab had stopped it and let it go on', async () => {
    const { parts, child } = relying();
    await child.signal('SIGSTOP');
    await child.signal('SIGCONT');
    child.hasEnded({ code: null, signal: 'SIGKILL' });
    await expect(parts.lost).rejects.toThrow('(SIGKILL)');
  });

  it('is no loss of its own where the watchdog took it along', async () => {
    const { parts, child } = relying();
    const watchdog = new AuthlabError('ERR_PART_CRASHED', 'the watchdog ended (SIGKILL)');
    child.hasEnded({ code: null, signal: 'SIGKILL', watchdog });
    await expect(parts.lost).rejects.toBe(watchdog);
  });
});
