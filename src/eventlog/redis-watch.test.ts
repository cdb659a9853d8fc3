/** A Redis that changes under a running server, on a clock that the test turns. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthlabError } from '../kernel/errors.ts';
import { type RedisDiagnostic, RedisWatch } from './redis-watch.ts';

describe('RedisWatch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('looks every minute, and every two seconds while something is wrong', async () => {
    let fault: Error | null = null;
    const check = vi.fn(async () => {
      if (fault !== null) throw fault;
    });
    const told: RedisDiagnostic[] = [];
    const watch = new RedisWatch(check, (diagnostic) => told.push(diagnostic));
    watch.start();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(check).toHaveBeenCalledTimes(0);
    fault = new AuthlabError('ERR_LOG_REFUSED', 'it evicts');
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.reasons()).toEqual(['redis-unfit']);
    await vi.advanceTimersByTimeAsync(2_000);
    fault = new AuthlabError('ERR_ENVIRONMENT_REDIS', 'it is away');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watch.reasons()).toEqual(['redis-unreachable']);
    fault = null;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watch.reasons()).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(check).toHaveBeenCalledTimes(5);
    // The operator hears of each change once, however often it is looked at.
    expect(told).toEqual([
      { type: 'redis-unfit', why: 'it evicts' },
      { type: 'redis-unreachable', why: 'it is away' },
      { type: 'redis-fit' },
    ]);
    watch.stop();
  });

  it('tells another reason, and nothing of an error that nobody wrote', async () => {
    const why = ['it evicts', 'it follows', null];
    const told: RedisDiagnostic[] = [];
    const check = async () => {
      const message = why.shift();
      throw message === null || message === undefined
        ? new TypeError('redis://user:secret@lab')
        : new AuthlabError('ERR_LOG_REFUSED', message);
    };
    const watch = new RedisWatch(check, (diagnostic) => told.push(diagnostic));
    watch.start();
    await vi.advanceTimersByTimeAsync(64_000);
    expect(told).toEqual([
      { type: 'redis-unfit', why: 'it evicts' },
      { type: 'redis-unfit', why: 'it follows' },
      { type: 'redis-unreachable', why: 'the check itself failed' },
    ]);
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
