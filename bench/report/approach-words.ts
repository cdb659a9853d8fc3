/** Why two costs are as they are, where the figures bear it out: a look-up beside a signature, and an approach beside a library. */

import { differenceWithInterval } from './format.ts';
import type { CostComparison } from './summarise/load-results.ts';
import type { ContestantResults, Results } from './summarise/results.ts';

/** Two costs that cannot be told apart are called alike when their difference, interval and all, is below this share of the larger. */
const alikeShare = 1 / 3;

/** Nothing but what the traits and a certain difference say. Empty where the run has no such two. */
export function approachParagraph(results: Results): string {
  const [lookUp] = byCost(results, isBareLookUp);
  if (lookUp === undefined) return '';
  const [signed] = byCost(results, (one) => isBareSignature(one, results));
  const [session] = byCost(results, isSession);
  const sentences = [
    signed === undefined ? '' : signatureSentence(results, lookUp, signed),
    session === undefined ? '' : librarySentence(results, lookUp, session),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

type Described = ContestantResults & { readonly description: NonNullable<ContestantResults['description']> };

/** The one that takes the least of the node's CPU first. */
function byCost({ contestants }: Results, isWanted: (one: Described) => boolean): Described[] {
  const cpu = ({ cost }: Described) => (cost.state === 'measured' ? cost.value.nodeCpuMicros.estimate : 0);
  return contestants
    .filter((one): one is Described => one.description !== null && one.cost.state === 'measured')
    .filter(isWanted)
    .toSorted((left, right) => cpu(left) - cpu(right));
}

/** One command, no signature, no cookie. */
function isBareLookUp({ description: { transport, signature, redisCommandsPerCheck, bound } }: Described): boolean {
  return transport === 'bearer' && signature === null && redisCommandsPerCheck === 1 && bound === 'zero';
}

/** Nobody is asked, and nothing is remembered: each request verifies. */
function isBareSignature({ contestant, description }: Described, { measures }: Results): boolean {
  const { transport, signature, redisCommandsPerCheck, bound } = description;
  const remembers = measures.tokenCaches.some((one) => one.contestant === contestant);
  const asksNobody = redisCommandsPerCheck === 0 && bound === 'remaining-lifetime';
  return transport === 'bearer' && signature !== null && asksNobody && !remembers;
}

function isSession({ description: { transport, redisCommandsPerCheck, bound } }: Described): boolean {
  return transport === 'cookie' && redisCommandsPerCheck === 1 && bound === 'zero';
}

function signatureSentence(results: Results, lookUp: Described, signed: Described): string {
  const found = comparisonOf(results, lookUp, signed);
  if (found === null) return '';
  const algorithm = signed.description.signature?.algorithm ?? '';
  const deeds = `${lookUp.contestant} sends Redis one command and verifies no signature; ${signed.contestant} asks nobody and verifies one (${algorithm}).`;
  const difference = `(${differenceWithInterval(found.nodeCpuMicros, 1)} µs, the first less the second); that Redis is waited for takes time, which is no part of this`;
  switch (found.verdict) {
    case 'costs more':
      return `${deeds} For the node the first is dearer ${difference}.`;
    case 'costs less':
      return `${deeds} For the node the first is cheaper ${difference}.`;
    case 'cannot tell':
      return isAlike(found, lookUp, signed)
        ? `${deeds} For the node they differ by less than a third ${difference}.`
        : '';
  }
}

function librarySentence(results: Results, lookUp: Described, session: Described): string {
  const found = comparisonOf(results, session, lookUp);
  if (found?.verdict !== 'costs more') return '';
  const { signature } = session.description;
  const library = results.dependencies['koa-session'] === undefined ? 'its session library' : 'koa-session';
  const cookie = signature === null ? 'and its cookie' : `and its cookie, which ${signature.library} signs`;
  return `${session.contestant} sends Redis one command as well, and costs the node ${differenceWithInterval(found.nodeCpuMicros, 1)} µs more than ${lookUp.contestant}: that is the price of what stands around the look-up (${library} ${cookie}), not of looking up.`;
}

function isAlike({ nodeCpuMicros }: CostComparison, ...both: readonly Described[]): boolean {
  const costs = both.map(({ cost }) => (cost.state === 'measured' ? cost.value.nodeCpuMicros.estimate : 0));
  const most = alikeShare * Math.max(...costs);
  return nodeCpuMicros.low > -most && nodeCpuMicros.high < most;
}

/** Left less right; null where they were not compared. */
function comparisonOf({ costComparisons }: Results, left: Described, right: Described): CostComparison | null {
  const found = costComparisons.find(
    (one) =>
      (one.left === left.contestant && one.right === right.contestant) ||
      (one.left === right.contestant && one.right === left.contestant),
  );
  if (found === undefined || found.left === left.contestant) return found ?? null;
  const { estimate, low, high } = found.nodeCpuMicros;
  const opposite = { 'costs more': 'costs less', 'costs less': 'costs more', 'cannot tell': 'cannot tell' } as const;
  return {
    ...found,
    nodeCpuMicros: { estimate: -estimate, low: -high, high: -low },
    verdict: opposite[found.verdict],
  };
}
