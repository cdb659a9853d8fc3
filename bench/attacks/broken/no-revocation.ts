/** Mistake: a logout that only tells the browser to forget its cookies; whoever copied them stays in (ASVS 7.4.1, OWASP). */

import type { Mistake } from './parts.ts';

export const noRevocation: Mistake = () => ({
  // The answer clears the cookie, and that is all that tutorials ask for.
  end: () => undefined,
});
