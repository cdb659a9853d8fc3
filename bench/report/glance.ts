/** What somebody who has one minute must find: who is cheapest, who revokes soonest, what that costs, and how sure it is. */

import { counted, differenceWithInterval, duration, fewListed, fixed, listed, signed } from './format.ts';
import { tiedWith } from './lead-words.ts';
import { asksRedis, type Costed, costedOf, turnedBySum } from './redis-cpu-words.ts';
import { type Revoked, revokedOf, trialsOfEach } from './revocation-words.ts';
import { measuredValue } from './summarise/figure.ts';
import type { CostComparison } from './summarise/load-results.ts';
import type { Results } from './summarise/results.ts';
import { weaknessesOf } from './warning-glance.ts';

/** Plain text. */
export interface GlanceFact {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** Says nothing of what was not measured. */
export function glanceOf(results: Results): GlanceFact[] {
  return [...cheapest(results), ...soonest(results), ...priceOfRevoking(results), ...certainty(results)];
}

function cheapest(results: Results): GlanceFact[] {
  const [first, ...others] = costedOf(results);
  if (first === undefined || others.length === 0) return [];
  const tied = tiedWith(first.name, results, others);
  const note =
    tied.length === 0 ? 'certainly less than every other' : `cannot be told from ${fewListed(tied, 'other')}`;
  return [
    {
      label: 'Least node CPU for a check',
      value: first.name,
      note: `${differenceWithInterval(first.cost.nodeCpuMicros, 1)} µs; ${note}${redisOnTop(results, first)}`,
    },
  ];
}

/** What the node's CPU hides of the one that takes the least of it. */
function redisOnTop(results: Results, { name, cost }: Costed): string {
  if (cost.redisCommands.estimate < asksRedis) return '';
  const onTop = `; ${differenceWithInterval(cost.redisCpuMicros, 1)} µs of Redis CPU on top`;
  const cheaper = turnedBySum(results).find(({ dearer }) => dearer === name)?.cheaper ?? [];
  if (cheaper.length === 0) return onTop;
  return `${onTop}, and together ${fewListed(cheaper, 'other')} ${cheaper.length === 1 ? 'costs' : 'cost'} less`;
}

/** By the longest exposure of all trials. */
function soonest(results: Results): GlanceFact[] {
  const judged = revokedOf(results).filter(({ exposure }) => exposure !== null);
  if (judged.length === 0) return [];
  const shortest = Math.min(...judged.map(({ exposure }) => exposure ?? 0));
  const first = judged.filter(({ exposure }) => exposure === shortest);
  const seen =
    shortest === 0
      ? `not one request accepted after the acknowledgement, in ${trialsOfEach(first)}`
      : `no request accepted later than ${duration(shortest)} after the acknowledgement, in ${trialsOfEach(first)}`;
  const stopped = first.some(({ redisPaused }) => redisPaused !== null) ? ', also with Redis stopped' : '';
  const note = `${seen}${stopped}${published(first)}`;
  return [{ label: 'Revokes soonest', value: listed(first.map(({ contestant }) => contestant)), note }];
}

/** What was seen is no promise: who promises less than at once is named. Empty where nobody does. */
function published(of: readonly Revoked[]): string {
  const later = of.flatMap(({ contestant, boundMillis }) =>
    boundMillis === null || boundMillis === 0 ? [] : [`${contestant} within ${duration(boundMillis)}`],
  );
  return later.length === 0 ? '' : `; promised: ${listed(later)}`;
}

/** The cheapest that promises revocation at once, against the cheapest of all. */
function priceOfRevoking(results: Results): GlanceFact[] {
  const { tradeOff, costComparisons } = results;
  if (tradeOff === null || tradeOff.price !== 'nodeCpuMicros') return [];
  const estimate = (name: string) => tradeOff.points.find(({ contestant }) => contestant === name)?.price.estimate ?? 0;
  const best = (names: readonly string[]) => names.toSorted((left, right) => estimate(left) - estimate(right))[0];
  const atOnce = best(tradeOff.guide.find(({ needMillis }) => needMillis === 0)?.promised.cheapest ?? []);
  const ofAll = best(tradeOff.points.map(({ contestant }) => contestant));
  if (atOnce === undefined || ofAll === undefined) return [];
  const label = 'What revoking at once costs';
  const redis = redisPrice(results, atOnce);
  if (atOnce === ofAll) {
    return [{ label, value: 'no more node CPU', note: `${atOnce}, the cheapest of all, revokes at once${redis}` }];
  }
  const found = costComparisons.find(
    ({ left, right }) => (left === atOnce && right === ofAll) || (left === ofAll && right === atOnce),
  );
  if (found === undefined) return [];
  const { difference, verdict } = ofLeft(found, atOnce);
  const note = `µs of node CPU a request, ${atOnce} against ${ofAll}: ${difference}${redis}`;
  return [{ label, value: verdict, note }];
}

/** What does not show in the node's CPU: nothing where Redis is not asked. */
function redisPrice({ contestants }: Results, name: string): string {
  const own = contestants.find(({ contestant }) => contestant === name);
  const cost = own === undefined ? null : measuredValue(own.cost);
  if (cost === null || cost.redisCommands.estimate < asksRedis) return '';
  const commands = counted(Math.round(cost.redisCommands.estimate), 'Redis command');
  return `; with ${commands} a request, and ${fixed(cost.redisCpuMicros.estimate, 1)} µs of its CPU`;
}

/** The comparison as of `left`. */
function ofLeft({ left, nodeCpuMicros: { estimate, low, high }, verdict }: CostComparison, wanted: string) {
  const interval = left === wanted ? { estimate, low, high } : { estimate: -estimate, low: -high, high: -low };
  return {
    difference: differenceWithInterval(interval, 1),
    verdict: verdict === 'cannot tell' ? 'cannot tell' : `${signed(interval.estimate, 1)} µs`,
  };
}

function certainty({ costComparisons, noiseFloor, warnings, hypotheses }: Results): GlanceFact[] {
  const told = costComparisons.filter(({ verdict }) => verdict !== 'cannot tell').length;
  const floor = noiseFloor.nodeCpuMicros;
  const weaknesses = weaknessesOf(warnings);
  const notes = [
    ...(floor === null ? [] : [`none against none differs by ${differenceWithInterval(floor, 1)} µs`]),
    weaknesses.length === 0 ? 'no warning' : `${counted(weaknesses.length, 'warning')} below`,
  ];
  if (costComparisons.length > 0) {
    const value = `${told} of ${costComparisons.length} pairs told apart`;
    return [{ label: 'How sure', value, note: notes.join('; ') }];
  }
  if (hypotheses.length > 0) return [];
  return weaknesses.length === 0 ? [] : [{ label: 'How sure', value: 'read the warnings', note: notes.join('; ') }];
}
