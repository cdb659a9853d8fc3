/** What the pairs of windows of one contestant say about themselves: sound or not, saturated or not, like with like. */

import { median } from './quantiles.ts';
import { type Finding, limits } from './warnings.ts';

/** As much of a window as its soundness shows in. */
export interface LoadWindow {
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly nodeEventLoopUtilisation: number;
  readonly generatorEventLoopUtilisation: number;
  readonly redisCommands: number;
}

export interface LoadPair {
  readonly contestantSample: LoadWindow;
  readonly referenceSample: LoadWindow;
  readonly contestantAnswerBytes: number;
  readonly referenceAnswerBytes: number;
}

/** Every request of both windows was answered with 200: the only pairs from which figures are computed. */
export function isSoundPair(pair: LoadPair): boolean {
  return isSoundWindow(pair.contestantSample) && isSoundWindow(pair.referenceSample);
}

/**
 * Everything to be warned of in the pairs of one contestant.
 *
 * @param declaredCommands Redis commands per check that the strategy declares; null when it was not described.
 */
export function findingsOf(pairs: readonly LoadPair[], declaredCommands: number | null): Finding[] {
  if (pairs.length === 0) return [];
  const sound = pairs.filter(isSoundPair);
  return [
    ...answerFindings(pairs, sound.length),
    ...(pairs.length < limits.recommendedRounds
      ? [{ kind: 'too-few-rounds', rounds: pairs.length, recommended: limits.recommendedRounds } as const]
      : []),
    ...(sound.length === 0 ? [] : [...saturationFindings(sound), ...parityFindings(sound, declaredCommands)]),
  ];
}

/** Redis commands per request, less those of the reference in the adjacent window. */
export function commandsPerCheck(pair: LoadPair): number {
  const { contestantSample, referenceSample } = pair;
  return (
    contestantSample.redisCommands / contestantSample.requests -
    referenceSample.redisCommands / referenceSample.requests
  );
}

function isSoundWindow(window: LoadWindow): boolean {
  const others = Object.entries(window.statuses).some(([status, count]) => status !== '200' && count > 0);
  return window.requests > 0 && window.errors === 0 && !others;
}

function answerFindings(pairs: readonly LoadPair[], soundPairs: number): Finding[] {
  if (soundPairs === pairs.length) return [];
  const statuses: Record<string, number> = {};
  let errors = 0;
  for (const window of pairs.flatMap((pair) => [pair.contestantSample, pair.referenceSample])) {
    errors += window.errors;
    for (const [status, count] of Object.entries(window.statuses)) {
      if (status !== '200') statuses[status] = (statuses[status] ?? 0) + count;
    }
  }
  const pairsLeftOut = pairs.length - soundPairs;
  return [{ kind: 'unexpected-answers', statuses, errors, pairsLeftOut, pairs: pairs.length }];
}

/** Both sides of the pairs must have run the same race: the worse side decides. */
function saturationFindings(pairs: readonly LoadPair[]): Finding[] {
  const sides = [pairs.map((pair) => pair.contestantSample), pairs.map((pair) => pair.referenceSample)];
  const generator = Math.max(
    ...sides.map((side) => median(side.map((window) => window.generatorEventLoopUtilisation))),
  );
  const server = Math.min(...sides.map((side) => median(side.map((window) => window.nodeEventLoopUtilisation))));
  const findings: Finding[] = [];
  if (generator > limits.saturationShare) {
    findings.push({ kind: 'generator-saturated', eventLoopUtilisation: generator });
  }
  if (server < limits.saturationShare) findings.push({ kind: 'server-not-saturated', eventLoopUtilisation: server });
  return findings;
}

function parityFindings(pairs: readonly LoadPair[], declaredCommands: number | null): Finding[] {
  const findings: Finding[] = [];
  const unequal = pairs.filter((pair) => pair.contestantAnswerBytes !== pair.referenceAnswerBytes);
  const [worst] = unequal.toSorted((a, b) => answerGap(b) - answerGap(a));
  if (worst !== undefined) {
    const { contestantAnswerBytes: contestantBytes, referenceAnswerBytes: referenceBytes } = worst;
    findings.push({ kind: 'answer-bytes-differ', contestantBytes, referenceBytes });
  }
  const measured = median(pairs.map(commandsPerCheck));
  if (declaredCommands !== null && Math.abs(measured - declaredCommands) > limits.commandsTolerance) {
    findings.push({ kind: 'redis-commands-differ', declared: declaredCommands, measured });
  }
  return findings;
}

function answerGap(pair: LoadPair): number {
  return Math.abs(pair.contestantAnswerBytes - pair.referenceAnswerBytes);
}
