/** What the answer says of users who got no credential. */

import { listed } from './format.ts';
import type { SizeLimitResults } from './summarise/size-limits.ts';

/** Empty where everybody got one. */
export function refusedLoginsSentence(sizeLimits: SizeLimitResults | null): string {
  const refused = sizeLimits?.refusedLogins ?? [];
  if (refused.length === 0) return '';
  const logins = refused.map(({ contestant, claims }) => `${contestant} (${claims})`);
  return `Some users can't be logged in at all, because what is to be carried is too much for the credential: ${listed(logins)}.`;
}
