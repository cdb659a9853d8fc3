/** The report's section on the limits that credentials meet, where the scenario sizes them. */

import { type Block, escaped, subsection, table } from './document.ts';
import { fixed, listed } from './format.ts';
import type { Results } from './summarise/results.ts';
import type { Outgrown, SizeLimitResults } from './summarise/size-limits.ts';

/** Empty where nothing was sized. */
export function sizeLimitSection({ measures: { sizeLimits } }: Results): Block[] {
  return sizeLimits === null ? [] : [subsection('Limits'), ...sizeLimitParts(sizeLimits)];
}

/** All but the heading. */
export function sizeLimitParts({ limits, refusedLogins }: SizeLimitResults): Block[] {
  const rows = limits.map(({ name, part, bytes, source, outgrownBy }) => [
    name,
    part,
    fixed(bytes, 0),
    outgrownBy.length === 0 ? 'none' : listed(outgrownBy.map(outgrownText)),
    source,
  ]);
  return [
    'What stands between a client and a server refuses what is larger, unless it is told otherwise. Compared is the credential alone: everything else that a client sends adds to it.',
    table(['who', 'limits', 'to bytes', 'outgrown by', 'says'], rows, 'texts'),
    ...refusedLines(refusedLogins),
    'A profile is what a user has: roles, permissions like `invoices:read`, and in `typical` two roles, a name, an address and a tenant. All of them are entries of one list, `roles`, for authlab has no other claim to put them in; a claim with a name of its own takes about as many bytes.',
  ];
}

function outgrownText({ contestant, claims, bytes }: Outgrown): string {
  return `${contestant}, ${claims} (${fixed(bytes, 0)})`;
}

function refusedLines(refused: SizeLimitResults['refusedLogins']): string[] {
  if (refused.length === 0) return [];
  const logins = refused.map(
    ({ contestant, claims, status }) => `${escaped(contestant)} with ${escaped(claims)} (status ${status})`,
  );
  return [
    `No credential at all, because the login was refused: ${listed(logins)}. What was to be carried fits into none that would be kept or accepted again.`,
  ];
}
