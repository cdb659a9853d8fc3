/** The trade-off as one picture, for a README, a design document or a slide. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import { standaloneSvg } from './html/drawing.ts';
import { looksOf } from './html/looks.ts';
import { tradeOffPicture } from './pictures/trade-off.ts';
import type { Results } from './summarise/results.ts';

/** Throws ERR_INPUT_INVALID where the run measured no trade-off. */
export function toSvg(results: Results): string {
  const { tradeOff, noiseFloor, run } = results;
  if (tradeOff === null) {
    throw new AuthlabError(
      'ERR_INPUT_INVALID',
      `The run ${run.runId} has no trade-off to draw: it takes \`throughput\` and \`revocation\`, and two strategies.`,
    );
  }
  return standaloneSvg(tradeOffPicture(tradeOff, noiseFloor), looksOf(results));
}
