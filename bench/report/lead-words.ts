/** The answer in two sentences, for the top of the report. */

import { attacksLead } from './attack-words.ts';
import { chaosParagraph } from './chaos-words.ts';
import { faultsLead } from './fault-words.ts';
import { differenceWithInterval, duration, fixed, listed } from './format.ts';
import { mistakesLead } from './mistake-words.ts';
import { type Costed, costedOf, redisCpuSentence, sumSentence, togetherSentence } from './redis-cpu-words.ts';
import { revocationLead } from './revocation-words.ts';
import { measuredValue } from './summarise/figure.ts';
import type { Results } from './summarise/results.ts';
import { sweepLead } from './sweep-words.ts';

/** The first two that the run has something to say to; each is computed from measured figures alone. */
export function leadOf(results: Results): string[] {
  const sentences = [
    hypothesesLead(results),
    sweepLead(results.sweep),
    costLead(results),
    revocationLead(results),
    openLoopLead(results),
    roleChangeLead(results),
    lifecycleLead(results),
    stateLead(results),
    sizeLead(results),
    ...attacksLead(results.measures.attacks),
    ...mistakesLead(results.mistakes),
    ...faultsLead(results.measures.faults),
    chaosParagraph(results.measures.chaos),
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? ['Nothing was measured that could answer the question.'] : sentences.slice(0, 2);
}

function hypothesesLead({ hypotheses }: Results): string {
  if (hypotheses.length === 0) return '';
  const count = (verdict: (typeof hypotheses)[number]['verdict']) =>
    hypotheses.filter((one) => one.verdict === verdict).length;
  const parts = [
    `${count('holds')} hold`,
    `${count('does not hold')} do not`,
    `of ${count('cannot tell')} it cannot tell`,
  ];
  return `Of ${fixed(hypotheses.length, 0)} claims about JWTs and sessions that this run puts to the test, ${listed(parts)}.`;
}

/** Those that this run cannot tell from the cheapest. */
export function tiedWith(cheapest: string, { costComparisons }: Results, others: readonly Costed[]): string[] {
  const verdictAgainst = (name: string) =>
    costComparisons.find(
      ({ left, right }) => (left === cheapest && right === name) || (left === name && right === cheapest),
    )?.verdict ?? 'cannot tell';
  return others.map(({ name }) => name).filter((name) => verdictAgainst(name) === 'cannot tell');
}

function costLead(results: Results): string {
  const costed = costedOf(results);
  const sentences = [
    nodeSentence(results, costed),
    redisCpuSentence(costed),
    sumSentence(results, costed),
    togetherSentence(results, costed),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function nodeSentence(results: Results, costed: readonly Costed[]): string {
  const [cheapest, ...others] = costed;
  const dearest = others.at(-1);
  if (cheapest === undefined) return '';
  const price = ({ cost }: Costed) => `${differenceWithInterval(cost.nodeCpuMicros, 1)} µs`;
  if (dearest === undefined) {
    const unsure = cheapest.cost.verdict === 'cannot tell' ? ', which this run cannot tell from nothing' : '';
    return `Checking a request costs the node ${price(cheapest)} of CPU with ${cheapest.name}${unsure}.`;
  }
  const tied = tiedWith(cheapest.name, results, others);
  if (tied.length === others.length) {
    return `This run cannot tell which strategy checks a request at the least node CPU: from ${price(cheapest)} with ${cheapest.name} to ${price(dearest)} with ${dearest.name}.`;
  }
  if (tied.length > 0) {
    return `The least node CPU for a check was that of ${cheapest.name}, ${price(cheapest)}, which this run cannot tell from that of ${listed(tied)}; ${dearest.name} takes ${price(dearest)}.`;
  }
  return `${cheapest.name} checks a request at the least node CPU, ${price(cheapest)}, and ${dearest.name} takes ${price(dearest)}.`;
}

function openLoopLead({ measures: { openLoop } }: Results): string {
  return fromTo(
    (openLoop ?? []).flatMap(({ contestant, latency }) => {
      const value = measuredValue(latency);
      if (value === null || contestant === 'none') return [];
      const interval = value.p50OverReferenceMicros;
      return [{ contestant, at: interval.estimate, text: `${differenceWithInterval(interval, 0)} µs` }];
    }),
    'At a fixed arrival rate the check delays the median request by',
  );
}

function lifecycleLead({ measures: { lifecycle } }: Results): string {
  return fromTo(
    (lifecycle ?? []).flatMap(({ contestant, operations }) => {
      const value = measuredValue(operations.login)?.latencyMicros.p50;
      return value === undefined || contestant === 'none'
        ? []
        : [{ contestant, at: value, text: duration(value / 1_000) }];
    }),
    'A login without the hashing of its password takes',
  );
}

function roleChangeLead({ measures: { roleChange } }: Results): string {
  return fromTo(
    (roleChange ?? []).flatMap(({ contestant, staleness }) => {
      const value = measuredValue(staleness)?.stalenessMillis.max;
      return value === undefined ? [] : [{ contestant, at: value, text: duration(value) }];
    }),
    'After a change of roles, the last node told the new ones at the latest after',
  );
}

function stateLead({ measures: { state } }: Results): string {
  return fromTo(
    (state ?? []).flatMap(({ contestant, state: figure }) => {
      const value = measuredValue(figure)?.redisBytesPerSession;
      return value === undefined ? [] : [{ contestant, at: value, text: `${fixed(value, 0)} bytes` }];
    }),
    'A live session occupies in Redis',
  );
}

function sizeLead({ contestants }: Results): string {
  return fromTo(
    contestants.flatMap(({ contestant, tokenSize }) =>
      (measuredValue(tokenSize) ?? []).map(({ claims, requestHeaderBytes: bytes }) => ({
        contestant: `${contestant} (${claims})`,
        at: bytes,
        text: `${fixed(bytes, 0)} bytes`,
      })),
    ),
    'The credential adds to every request',
  );
}

interface Ranked {
  readonly contestant: string;
  readonly at: number;
  readonly text: string;
}

/** `<start> from 1 µs with a to 9 µs with b.`; empty for nothing. */
function fromTo(ranked: readonly Ranked[], start: string): string {
  const ascending = ranked.toSorted((left, right) => left.at - right.at);
  const [least] = ascending;
  const most = ascending.at(-1);
  if (least === undefined || most === undefined) return '';
  if (least === most) return `${start} ${least.text} with ${least.contestant}.`;
  return `${start} from ${least.text} with ${least.contestant} to ${most.text} with ${most.contestant}.`;
}
