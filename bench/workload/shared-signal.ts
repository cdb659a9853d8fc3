/** An abort signal for many listeners: Node warns of a leak at the eleventh, and here they are meant. */

import { setMaxListeners } from 'node:events';

/** Fires with `signal`; undefined for undefined. */
export function sharedSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const shared = AbortSignal.any([signal]);
  setMaxListeners(0, shared);
  return shared;
}
