/** What an epoch's text says: `<birth>.<turn>-<run id>`. */

import type { Birth, Epoch } from './port.ts';

/** The birth of the log that the epoch belongs to; null for a text that is none. */
export function birthOf(epoch: Epoch): Birth | null {
  const digits = /^(\d{1,16})\./.exec(epoch)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** As a marker or a hash field holds it; null for what is absent or none. */
export function toBirth(text: string | null | undefined): Birth | null {
  return text !== null && text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null;
}
