/** A promise that was broken, by the name it has in SECURITY.md. */

export type Invariant = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16}`;

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

export function demand(isKept: boolean, invariant: Invariant, message: () => string): void {
  if (!isKept) throw new Violation(invariant, message());
}
