/** A wait that is part of what is measured, and that the user may cut short. */

import { setTimeout as wait } from 'node:timers/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';

/** Throws ERR_INTERRUPTED as soon as the signal fires. */
export async function interruptibleDelay(millis: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(millis, undefined, signal ? { signal } : {});
  } catch (error) {
    throw new AuthlabError('ERR_INTERRUPTED', 'interrupted during a trial', { cause: error });
  }
}
