/** Every attack there is. One more is a file, and a line here; a classic mistake also has its broken variant. */

import type { MistakeName } from '../record/attack-events.ts';
import { algorithmConfusion } from './algorithm-confusion.ts';
import { algorithmListTooWide } from './algorithm-list-too-wide.ts';
import type { Attack } from './attack.ts';
import { noExpiry } from './no-expiry.ts';
import { noRevocation } from './no-revocation.ts';
import { noRotation } from './no-rotation.ts';
import { sensitivePayload } from './sensitive-payload.ts';

/** The attack by which each classic mistake shows. */
export const attacksOnMistakes: Readonly<Record<MistakeName, Attack>> = {
  'no-expiry': noExpiry,
  'algorithm-confusion': algorithmConfusion,
  'algorithm-list-too-wide': algorithmListTooWide,
  'sensitive-payload': sensitivePayload,
  'no-revocation': noRevocation,
  'no-rotation': noRotation,
};
