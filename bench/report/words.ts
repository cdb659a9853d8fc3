/** The answer in words: every claim is computed from a measured figure, and what cannot be told is said to be so. */

import { approachParagraph } from './approach-words.ts';
import { attackFaultSentences, attacksParagraph } from './attack-words.ts';
import { chaosParagraph, chaosSentences } from './chaos-words.ts';
import { brokenPromiseSentences, faultsParagraph } from './fault-words.ts';
import { counted, differenceWithInterval, duration, fixed, listed, signed, withInterval } from './format.ts';
import { mistakeFaultSentences, mistakesParagraph } from './mistake-words.ts';
import { openLoopParagraph } from './open-loop-words.ts';
import { asksRedis, type Costed, costedOf, neverAsks } from './redis-cpu-words.ts';
import { revocationParagraph } from './revocation-words.ts';
import { refusedLoginsSentence } from './size-words.ts';
import { stateParagraph } from './state-words.ts';
import { measuredValue } from './summarise/figure.ts';
import type { ContestantResults, FalseAccept, Results } from './summarise/results.ts';
import { cookieLimitBytes } from './summarise/token-size.ts';
import { sweepAnswer } from './sweep-words.ts';

/** What must be read before anything else; empty when the run completed and is valid. */
export function standingOf(results: Results): string[] {
  const { faults, attacks, chaos } = results.measures;
  const promises = [...brokenPromiseSentences(faults), ...chaosSentences(chaos)];
  const through = attackFaultSentences(attacks);
  return [...validitySentences(results), ...promises, ...through, ...outcomeSentences(results)];
}

/** The answer, a paragraph each: cost, throughput, revocation, size, mistakes. Says nothing about what was not measured. */
export function answerOf(results: Results): string[] {
  if (results.sweep !== null) return [...sweepAnswer(results.sweep), ...caveats(results)];
  const strategies = results.contestants.filter((one) => one.contestant !== 'none');
  const paragraphs = [
    costParagraph(results, strategies),
    approachParagraph(results),
    throughputParagraph(strategies),
    openLoopParagraph(results.measures.openLoop),
    stateParagraph(results.measures.state),
    revocationParagraph(results),
    sizeParagraph(strategies),
    refusedLoginsSentence(results.measures.sizeLimits),
    faultsParagraph(results.measures.faults),
    attacksParagraph(results.measures.attacks),
    chaosParagraph(results.measures.chaos),
    mistakesParagraph(results.mistakes),
  ].filter((paragraph) => paragraph !== '');
  if (paragraphs.length === 0) return ['Nothing was measured that could answer the question.'];
  return [...paragraphs, ...caveats(results)];
}

function caveats({ warnings }: Results): string[] {
  const bears = warnings.some(({ voids, weakens }) => voids.length + weakens.length > 0);
  return bears ? ['Read this with the warnings: they void or weaken parts of it.'] : [];
}

function validitySentences({ validity }: Results): string[] {
  if (validity.state === 'valid') return [];
  return [...falseAcceptSentences(validity.falseAccepts), ...mistakeFaultSentences(validity.mistakeFaults)];
}

function falseAcceptSentences(falseAccepts: readonly FalseAccept[]): string[] {
  if (falseAccepts.length === 0) return [];
  const whose = [...new Set(falseAccepts.map((found) => found.contestant))];
  const worst = Math.max(...falseAccepts.map((found) => found.beyondBoundMillis));
  return [
    `This run is invalid: ${listed(whose)} accepted a revoked credential up to ${duration(worst)} later than the published bound allows.`,
  ];
}

function outcomeSentences({ run }: Results): string[] {
  if (run.outcome === 'completed') return [];
  if (run.outcome === 'aborted') return ['This run was aborted: what follows is what it had measured until then.'];
  const why = run.fault === null ? '' : ` (${run.fault.code}: ${run.fault.message.replace(/\.$/, '')})`;
  return [`This run failed${why}: what follows is what it had measured until then.`];
}

function costParagraph(results: Results, strategies: readonly ContestantResults[]): string {
  const costed = costedOf({ contestants: strategies });
  const [cheapest] = costed;
  const dearest = costed.at(-1);
  if (cheapest === undefined || dearest === undefined) return '';
  const sentences = [
    costed.length === 1
      ? `Checking a request costs the node ${costText(cheapest)} of CPU with ${cheapest.name}, beyond what serving it costs anyway.`
      : `Beyond what serving a request costs anyway, checking it costs the node from ${costText(cheapest)} of CPU with ${cheapest.name} to ${costText(dearest)} with ${dearest.name} (mean and 95 % interval).`,
    tiesSentence(results, costed, cheapest),
    zeroSentence(costed),
    redisSentence(costed),
    noiseSentence(results),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function costText({ cost }: Costed): string {
  return `${differenceWithInterval(cost.nodeCpuMicros, 1)} µs`;
}

/** The cheapest is only called so against those it could be told from. */
function tiesSentence({ costComparisons }: Results, costed: readonly Costed[], cheapest: Costed): string {
  const verdictAgainst = (name: string) =>
    costComparisons.find(
      ({ left, right }) => (left === cheapest.name && right === name) || (left === name && right === cheapest.name),
    )?.verdict ?? 'cannot tell';
  const others = costed.filter(({ name }) => name !== cheapest.name).map(({ name }) => name);
  if (others.length === 0) return '';
  const tied = others.filter((name) => verdictAgainst(name) === 'cannot tell');
  if (tied.length === 0) return `${cheapest.name} costs less than every other.`;
  if (tied.length === others.length) return `Whether ${cheapest.name} costs less than any other, this run cannot tell.`;
  return `Whether ${cheapest.name} costs less than ${listed(tied)}, this run cannot tell.`;
}

function zeroSentence(costed: readonly Costed[]): string {
  const unsure = costed.filter(({ cost }) => cost.verdict === 'cannot tell').map(({ name }) => name);
  return unsure.length === 0 ? '' : `Whether checking costs anything with ${listed(unsure)}, this run cannot tell.`;
}

function redisSentence(costed: readonly Costed[]): string {
  const asking = costed.filter(({ cost }) => cost.redisCommands.estimate >= asksRedis);
  const silent = costed.filter(({ cost }) => Math.abs(cost.redisCommands.estimate) < neverAsks);
  const parts = [
    ...asking.map(
      ({ name, cost }) =>
        `${name} sends Redis ${fixed(cost.redisCommands.estimate, 2)} commands a request (${signed(cost.redisCpuMicros.estimate, 1)} µs of its CPU)`,
    ),
    ...(silent.length === 0 ? [] : [`${listed(silent.map(({ name }) => name))} none`]),
  ];
  if (asking.length === 0) {
    if (silent.length === 0) return '';
    return `${listed(silent.map(({ name }) => name))} ${silent.length === 1 ? 'asks' : 'ask'} Redis nothing.`;
  }
  return `${parts.join('; ')}.`;
}

function noiseSentence({ noiseFloor }: Results): string {
  if (noiseFloor.nodeCpuMicros === null) return 'The noise of this run (none against none) was not measured.';
  return `The noise of this run (none against none) is ${differenceWithInterval(noiseFloor.nodeCpuMicros, 1)} µs.`;
}

function throughputParagraph(strategies: readonly ContestantResults[]): string {
  const asked = strategies.filter(({ throughput }) => throughput.state !== 'not-measured');
  if (asked.length === 0) return '';
  const voided = asked.filter(({ throughput }) => throughput.state === 'voided').map(({ contestant }) => contestant);
  const measured = asked.flatMap(({ contestant, throughput }) => {
    const value = measuredValue(throughput);
    return value === null ? [] : [{ contestant, value }];
  });
  const ratios = measured.map(
    ({ contestant, value }) =>
      `${contestant} ${withInterval(value.ratioToReference, 2)}${value.verdict === 'cannot tell' ? ' (cannot tell)' : ''}`,
  );
  const sentences = [
    ratios.length === 0 ? '' : `Requests per second as a share of the reference's: ${listed(ratios)}.`,
    voided.length === 0 ? '' : `The throughput of ${listed(voided)} is void; the warnings say why.`,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function sizeParagraph(strategies: readonly ContestantResults[]): string {
  const sizes = strategies.flatMap(({ contestant, tokenSize }) =>
    (measuredValue(tokenSize) ?? []).map((size) => ({ contestant, ...size })),
  );
  const smallest = sizes.toSorted((left, right) => left.requestHeaderBytes - right.requestHeaderBytes);
  const [least] = smallest;
  const most = smallest.at(-1);
  if (least === undefined || most === undefined) return '';
  const dropped = sizes
    .filter(({ fitsCookie }) => !fitsCookie)
    .map(({ contestant, claims }) => `${contestant} (${claims})`);
  const range = `The credential adds from ${counted(least.requestHeaderBytes, 'byte')} (${least.contestant}, ${least.claims}) to ${counted(most.requestHeaderBytes, 'byte')} (${most.contestant}, ${most.claims}) to a request.`;
  if (dropped.length === 0) return range;
  return `${range} Browsers would drop the cookie of ${listed(dropped)}: it exceeds ${fixed(cookieLimitBytes, 0)} bytes.`;
}
