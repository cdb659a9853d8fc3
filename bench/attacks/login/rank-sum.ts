/** Mann and Whitney's test by the normal approximation (1947), which holds from some eight values on each side. */

/** Two-sided: how likely such ranks are where both sides are alike. */
export function rankSum(left: readonly number[], right: readonly number[]): { readonly pValue: number } {
  const all = [...left.map((value) => ({ value, own: true })), ...right.map((value) => ({ value, own: false }))];
  const sorted = all.toSorted((one, other) => one.value - other.value);
  const ranks = sorted.reduce((sum, { own }, index) => sum + (own ? index + 1 : 0), 0);
  const [m, n] = [left.length, right.length];
  const mean = (m * (m + n + 1)) / 2;
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
  return { pValue: tailsOf(Math.abs(ranks - mean) / deviation) };
}

/** Both tails of the standard normal beyond z (Abramowitz and Stegun 26.2.17, to seven places). */
function tailsOf(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = terms.reduceRight((rest, term) => t * (term + rest), 0);
  return Math.min(1, (2 * Math.exp((-z * z) / 2) * sum) / Math.sqrt(2 * Math.PI));
}
