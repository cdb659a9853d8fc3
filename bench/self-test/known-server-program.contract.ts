/**
 * A program: the lab's own server, of which something is known beforehand. Asked for the stand-in, it is the reference with
 * the known thing added; asked for anything else it is what it always is, but for logouts of one strategy. For tests.
 */

import { runServer } from '../../src/server.ts';
import { referenceContestant } from '../record/run-events.ts';
import { acceptLate, addTo } from './known-behaviour.contract.ts';
import { knownTruthIn, lateStrategy, standIn } from './known-server.contract.ts';

const truth = knownTruthIn(process.env);

if (process.env.AUTHLAB_STRATEGIES === standIn) {
  process.env.AUTHLAB_STRATEGIES = referenceContestant;
  process.env.AUTHLAB_STRATEGY = referenceContestant;
  addTo('/profile', truth);
}
// Only on the mount of a node that has several strategies: who fails the check before a run is left out of it.
if (truth.acceptsForMillis !== undefined) acceptLate(`/${lateStrategy}`, truth.acceptsForMillis);

process.exitCode = await runServer(process.argv.slice(2));
