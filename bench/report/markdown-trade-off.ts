/** The report's section on the trade-off: who is on the frontier of cost and exposure, and who fits which need. */

import { weakenedMark } from './cells.ts';
import { type Block, section, subsection, table } from './document.ts';
import { expirySentence } from './expiry-words.ts';
import { counted, differenceWithInterval, duration, ends, fewListed, listed } from './format.ts';
import { tradeOffPicture } from './pictures/trade-off.ts';
import { turnedText } from './redis-cpu-words.ts';
import type { GuideChoice, GuideRow } from './summarise/decision-guide.ts';
import type { Results } from './summarise/results.ts';
import type { Exposure, TradeOff, TradeOffPoint } from './summarise/trade-off.ts';
import { placeText } from './sweep-words.ts';

/** Empty where not both cost and exposure were measured. */
export function tradeOffSection(results: Results): Block[] {
  const { tradeOff, noiseFloor, sweep } = results;
  if (sweep !== null) return sweepGuide(sweep);
  if (tradeOff === null) return [];
  const expiry = expirySentence(results, tradeOff);
  const turned = tradeOff.price === 'nodeCpuMicros' ? turnedText(results) : '';
  return [
    section('The trade-off'),
    `What a check costs against how long a revoked credential lives on. A strategy is *off the frontier* when another certainly costs less and neither promises nor showed a longer exposure; where this run cannot tell which of two costs less, it says so.`,
    ...(expiry === '' ? [] : [expiry]),
    ...(turned === '' ? [] : [`What it costs is the node's CPU here. With that of Redis the order turns: ${turned}.`]),
    tradeOffPicture(tradeOff, noiseFloor),
    pointsTable(tradeOff),
    ...leftOutLine(tradeOff),
    subsection('Which one fits'),
    guideText,
    table(
      ['a revoked credential may live', ...guideColumns],
      tradeOff.guide.map((row) => guideCells(row, tradeOff.points.length)),
      'texts',
    ),
  ];
}

const guideColumns = ['fit by what is published', 'fit as seen in every undisturbed trial', 'and cost least'] as const;

const guideText =
  '*By what is published*: the bound that the strategy promises, also while Redis is away. *As seen*: in every trial of this run, with Redis there; what was seen is no promise. *Cost least*: those that fit and that no other that fits certainly undercuts.';

function pointsTable({ price, points, condition }: TradeOff): Block {
  return table(
    ['strategy', `${priceWords[price]}, µs`, `exposure (${condition}) p50`, 'longest', 'published bound', 'stands'],
    points.map((point) => [
      point.contestant,
      `${differenceWithInterval(point.price, price === 'nodeCpuMicros' ? 1 : 0)}${point.isWeakened ? ` ${weakenedMark}` : ''}`,
      ...exposureCells(point.exposure),
      standingText(point),
    ]),
    'texts',
  );
}

export const priceWords: Readonly<Record<TradeOff['price'], string>> = {
  nodeCpuMicros: 'node CPU per check',
  openLoopOverReferenceMicros: 'added latency at a fixed rate, p50',
};

function exposureCells(exposure: Exposure): [string, string, string] {
  if (exposure.kind === 'until-expiry') return ['until it expires', '–', 'until it expires'];
  const { medianMillis, maxMillis, boundMillis } = exposure;
  return [medianText(medianMillis), duration(maxMillis), boundMillis === 0 ? 'at once' : duration(boundMillis)];
}

/** `3.1 ms [2.9, 3.4]`, in milliseconds. */
export function medianText({ estimate, low, high }: { estimate: number; low: number | null; high: number | null }) {
  if (low === null || high === null || high === 0) return duration(estimate);
  return `${duration(estimate)} ${ends({ low, high }, 2)}`;
}

export function standingText({ standing, by }: Pick<TradeOffPoint, 'standing' | 'by'>): string {
  switch (standing) {
    case 'frontier':
      return 'on the frontier';
    case 'dominated':
      return `off: ${fewListed(by, 'other')} ${by.length === 1 ? 'costs' : 'cost'} less`;
    case 'cannot tell':
      return `cannot tell: ${fewListed(by, 'other')} may cost less`;
  }
}

function leftOutLine({ leftOut }: TradeOff): string[] {
  return leftOut.length === 0
    ? []
    : [`Not on the map, because cost or exposure is void or missing: ${listed(leftOut)}.`];
}

function guideCells(row: GuideRow, all: number): string[] {
  return [rowText(row), fittingText(row.promised, all), fittingText(row.measured, all), cheapestText(row, all)];
}

/** `not at all, or less than 10 ms`, `10 ms to less than 2 s`, `2 s or longer`, `until it expires`: one begins where another ends. */
export function rowText({ needMillis, belowMillis }: Pick<GuideRow, 'needMillis' | 'belowMillis'>): string {
  if (needMillis === null) return needText(null);
  if (belowMillis === null) return needMillis === 0 ? 'any time' : `${roundTime(needMillis)} or longer`;
  return needMillis === 0
    ? `not at all, or less than ${roundTime(belowMillis)}`
    : `${roundTime(needMillis)} to less than ${roundTime(belowMillis)}`;
}

/** A single need. */
function needText(needMillis: number | null): string {
  if (needMillis === null) return 'until it expires';
  return needMillis === 0 ? 'not at all' : roundTime(needMillis);
}

/** Needs are round numbers. */
function roundTime(millis: number): string {
  if (millis < 1_000) return `${millis} ms`;
  return millis < 60_000 ? `${millis / 1_000} s` : `${millis / 60_000} min`;
}

function fittingText({ fitting }: GuideChoice, all: number): string {
  if (fitting.length === 0) return 'none';
  return fitting.length === all && all > 3 ? `all ${all}` : listed(fitting);
}

function cheapestText({ promised, measured }: GuideRow, all: number): string {
  const [first, second] = [choiceText(promised, all), choiceText(measured, all)];
  return first === second ? first : `published: ${first}; seen: ${second}`;
}

export function choiceText({ cheapest }: GuideChoice, all: number): string {
  if (cheapest.length === 0) return 'none';
  if (cheapest.length === 1) return listed(cheapest);
  if (cheapest.length === all && all > 3) return 'cannot tell';
  return `${cheapest.slice(0, -1).join(', ')} or ${cheapest.at(-1)} (cannot tell)`;
}

/** Needs that people have; a sweep has a guide for each of its levels, too much to print whole. */
const askedMillis = [0, 1_000, null] as const;

function sweepGuide({ factor, levels }: NonNullable<Results['sweep']>): Block[] {
  const guided = levels.flatMap(({ at, tradeOff }) => (tradeOff === null ? [] : [{ at, tradeOff }]));
  const [first] = guided;
  if (first === undefined) return [];
  const rows = askedMillis.flatMap((need) =>
    guided.flatMap(({ at, tradeOff: { guide, points } }) => {
      const row = guide.findLast(({ needMillis }) => need === null || (needMillis !== null && needMillis <= need));
      if (row === undefined) return [];
      return [[needText(need), placeText(factor, at), ...guideCells(row, points.length).slice(1)]];
    }),
  );
  const trials = first.tradeOff.points.flatMap(({ exposure }) =>
    exposure.kind === 'measured' ? [exposure.trials] : [],
  );
  const fewest = trials.length === 0 ? '' : ` (${counted(Math.min(...trials), 'trial')} or more of each at a level)`;
  return [
    section('Which one fits'),
    `${guideText} Cost is ${priceWords[first.tradeOff.price]}, less that of \`none\`${fewest}.`,
    table(['a revoked credential may live', 'level', ...guideColumns], rows, 'texts'),
  ];
}
