/** A Redis that changes under a running server, on a clock that the test turns. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthlabError } from '../kernel/errors.ts';
import { RedisWatch } from './redis-watch.ts';

describe('RedisWatch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('looks every minute, and every two seconds while something is wrong', async () => {
    let fault: Error | null = null;
    const check = vi.fn(async () => {
      if (fault !== null) throw fault;
    });
    const watch = new RedisWatch(check);
    watch.start();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(check).toHaveBeenCalledTimes(0);
    fault = new AuthlabError('ERR_LOG_REFUSED', 'it evicts');
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.reasons()).toEqual(['redis-unfit']);
    fault = new AuthlabError('ERR_ENVIRONMENT_REDIS', 'it is away');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watch.reasons()).toEqual(['redis-unreachable']);
    fault = null;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watch.reasons()).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(check).toHaveBeenCalledTimes(4);
    watch.stop();
  });

  it('never looks again once stopped, not even after a look under way', async () => {
    let finish: () => void = () => {};
    const check = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const watch = new RedisWatch(check);
    watch.start();
    await vi.advanceTimersByTimeAsync(60_000);
    watch.stop();
    finish();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(check).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
