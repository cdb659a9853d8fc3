/** Passes a follower's diagnostics on: each loss of contact once, whatever the number of attempts in between. */

import { isAuthlabError } from '../../kernel/errors.ts';
import type { ContactPart, FollowerDiagnostic } from './follower-status.ts';

export class FollowerReporter {
  readonly #listener: ((diagnostic: FollowerDiagnostic) => void) | undefined;
  readonly #lost = new Set<ContactPart>();
  #ended = false;

  constructor(listener: ((diagnostic: FollowerDiagnostic) => void) | undefined) {
    this.#listener = listener;
  }

  lost(part: ContactPart, error: unknown): void {
    if (this.#lost.has(part)) return;
    this.#lost.add(part);
    this.tell({ type: 'contact-lost', part, code: isAuthlabError(error) ? error.code : 'unexpected' });
  }

  regained(part: ContactPart): void {
    if (this.#lost.delete(part)) this.tell({ type: 'contact-regained', part });
  }

  /** What a follower that is being stopped runs into is not worth telling. */
  end(): void {
    this.#ended = true;
  }

  tell(diagnostic: FollowerDiagnostic): void {
    if (this.#ended) return;
    try {
      this.#listener?.(diagnostic);
    } catch {
      // The listener's fault must not stop what keeps the node's answers right.
    }
  }
}
