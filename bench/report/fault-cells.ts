/** The cells of the fault matrices: what each says in words and figures, and what it says at a glance. */

import type { MatrixCell, MatrixState } from './document.ts';
import { behaviourText, faultsText, logoutText, recoveryText } from './fault-words.ts';
import { duration } from './format.ts';
import type { FaultScore, PromiseKind } from './summarise/fault-score.ts';

export type FaultCell = (score: FaultScore) => MatrixCell;

export const behaviourCell: FaultCell = (score) => ({ state: behaviourState(score), text: behaviourText(score) });

function behaviourState(score: FaultScore): MatrixState {
  if (breaks(score, 'refuses-revoked', 'loses-nothing', 'keeps-valid')) return 'failed';
  if (score.failure === 'open' || score.lost > 0) return 'open';
  if (score.failure === 'by-design' && score.acceptedRevoked.longestMillis > 0) return 'open-by-design';
  const isDisturbed = [score.befallen, score.others].some((each) => each !== null && isAnythingBut200(each.statuses));
  return isDisturbed || score.falseRejections.credentials > 0 ? 'closed' : 'held';
}

export const goneWrongCell: FaultCell = (score) => ({ state: goneWrongState(score), text: faultsText(score) });

function goneWrongState(score: FaultScore): MatrixState {
  if (breaks(score, 'refuses-revoked', 'loses-nothing', 'keeps-valid')) return 'failed';
  if (score.acceptedRevoked.falseAccepts.credentials > 0 || score.lost > 0) return 'open';
  return score.falseRejections.credentials > 0 ? 'closed' : 'held';
}

export const recoveryCell: FaultCell = (score) => ({ state: recoveryState(score), text: recoveryText(score) });

function recoveryState({ recovery: { disturbedMillis, millis, newcomerMillis } }: FaultScore): MatrixState {
  if (disturbedMillis === 0 || millis !== null) return 'held';
  return newcomerMillis === null ? 'open' : 'closed';
}

export const longestAnswerCell: FaultCell = (score) => ({
  state: breaks(score, 'answers-in-time') ? 'failed' : 'held',
  text: duration(score.longestAnswerMillis),
});

export const logoutCell: FaultCell = (score) => ({
  state: Object.keys(score.logouts.statuses).every((status) => /^2/.test(status)) ? 'held' : 'closed',
  text: logoutText(score),
});

function breaks({ brokenPromises }: FaultScore, ...kinds: readonly PromiseKind[]): boolean {
  return brokenPromises.some((kind) => kinds.includes(kind));
}

function isAnythingBut200(statuses: Readonly<Record<string, number>>): boolean {
  return Object.keys(statuses).some((status) => status !== '200');
}
