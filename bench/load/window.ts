/** One window as it is recorded: what lies between two readings of what node and Redis have used, both under load. */

import { setTimeout as pause } from 'node:timers/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { NodeUsage } from '../environment/environment.ts';
import type { RedisUsage } from '../environment/redis-usage.ts';
import type { WindowSample } from '../record/run-events.ts';
import type { LoadResult } from './closed-loop.ts';
import type { KeyedTarget, WindowCommand } from './protocol.ts';
import { WindowMeter } from './window-meter.ts';

export interface WindowParts {
  readonly generator: {
    /** Returns when every connection has had an answer. */
    startLoad(targets: readonly KeyedTarget[]): Promise<void>;
    stopLoad(): Promise<readonly LoadResult[]>;
  };
  readonly readNodeUsage: () => Promise<NodeUsage>;
  readonly readRedisUsage: () => Promise<RedisUsage>;
}

export interface RampedWindow extends WindowCommand {
  /** Load before the first reading: after seconds of idleness a process is slow for the first tenths of a second. */
  readonly rampMillis: number;
}

/**
 * Runs one window. Making connections is dear and would be charged to the requests of the window, to the fewer the more;
 * so the readings are taken while the load is flowing, and the requests between them are counted by the node itself. What
 * a reading adds to the counters is taken off again.
 */
export async function measureWindow(parts: WindowParts, command: RampedWindow): Promise<WindowSample> {
  const { durationMillis, rampMillis, ...target } = command;
  const { before, after, load } = await underLoad(parts, target, async () => {
    const readings = () => Promise.all([parts.readRedisUsage(), parts.readNodeUsage()]);
    await pause(rampMillis);
    const before = await readings();
    await pause(durationMillis);
    return { before, after: await readings() };
  });
  const meter = new WindowMeter();
  meter.add(before, after);
  return meter.sample(load);
}

async function underLoad<Read>(
  { generator }: WindowParts,
  target: KeyedTarget,
  read: () => Promise<Read>,
): Promise<Read & { readonly load: LoadResult }> {
  await generator.startLoad([target]);
  let reading: Read;
  try {
    reading = await read();
  } catch (error) {
    await generator.stopLoad();
    throw error;
  }
  const [load] = await generator.stopLoad();
  if (load === undefined) throw new AuthlabError('ERR_PART_CRASHED', 'the load generator reported nothing of a window');
  return { ...reading, load };
}
