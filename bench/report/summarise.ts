/** Folds the record of a run into its results: the only way from what was measured to what is reported. */

import type { RunRecord } from '../record/reader.ts';
import {
  type ContestantDescribed,
  type RevocationCondition,
  type RunEvent,
  referenceContestant,
} from '../record/run-events.ts';
import { mostSeriousFirst, type Warning, warningOf } from '../statistics/warnings.ts';
import { judgeExpectations, judgeHypotheses } from './summarise/expectations.ts';
import { falseAcceptsOf } from './summarise/false-accepts.ts';
import { type Figure, figureOf } from './summarise/figure.ts';
import { folkloreOf } from './summarise/folklore.ts';
import { summariseLatency } from './summarise/latency.ts';
import { draftLoad, evidenceOf, type LoadDraft } from './summarise/load-drafts.ts';
import type { CostOfCheck, Throughput } from './summarise/load-results.ts';
import { summariseMeasures } from './summarise/measures.ts';
import { mistakeFaultsOf, summariseMistakes } from './summarise/mistakes.ts';
import { openLoopFindings } from './summarise/open-loop.ts';
import {
  type ContestantResults,
  type Results,
  type RevocationSummary,
  type RunSummary,
  resultsVersion,
  type Validity,
} from './summarise/results.ts';
import {
  type DeliveryBaseline,
  revocationFindings,
  summariseDelivery,
  summariseRevocation,
} from './summarise/revocation.ts';
import { runWarnings, summariseRun } from './summarise/run-summary.ts';
import { type LevelResults, summariseSweep } from './summarise/sweep.ts';
import { summariseSizes } from './summarise/token-size.ts';
import { tradeOffOf } from './summarise/trade-off.ts';
import { intervalOf, type Judgement, judge } from './summarise/verdicts.ts';

const conditions: readonly RevocationCondition[] = ['idle', 'loaded', 'redis-paused', 'until-expiry'];

/** The same record always gives the same results, whatever became of the run: what it measured is kept. */
export function summarise(record: RunRecord): Results {
  const { machine, redis, dependencies, scenario } = record.started;
  const whole = { resultsVersion, run: summariseRun(record), machine, redis, dependencies } as const;
  const { sweep } = scenario;
  const measured =
    sweep === undefined
      ? { ...fold(record, 1), sweep: null }
      : summariseSweep(record, sweep, (level) => fold(level, sweep.levels.length));
  const results = { ...whole, ...measured };
  return {
    ...results,
    expectations: judgeExpectations(results),
    hypotheses: judgeHypotheses(results),
    folklore: sweep === undefined ? folkloreOf(results) : null,
  };
}

/** Of a run without a sweep, or of one level of it. */
function fold(record: RunRecord, levels: number): LevelResults {
  const { events } = record;
  const run = summariseRun(record);
  const contestants = [referenceContestant, ...run.scenario.strategies].map((name) => eventsOf(name, events));
  const isWaiting = isWaitingMeasured(run.scenario);
  const drafts = contestants.map((own) => draftLoad(own, isWaiting));
  const judgement = judge(drafts.map(evidenceOf), levels);
  const delivery = summariseDelivery(events.filter((event) => event.type === 'DeliveryMeasured'));
  const mistakes = summariseMistakes(events.filter((event) => event.type === 'MistakeTried'));

  const ofRun = runWarnings(record, run, judgement.noiseFloor);
  const ownWarnings = contestants.map((own, index) => [
    ...(drafts[index]?.warnings ?? []),
    ...openLoopFindings(own.openLoop).map((finding) => warningOf(own.contestant, finding)),
    ...trialWarnings(own),
  ]);
  const measures = summariseMeasures({
    events,
    scenario: run.scenario,
    contestants: contestants.map(({ contestant }) => contestant),
    warnings: ofRun,
  });
  const results = drafts.map((draft, index) => {
    const own = contestants[index] ?? eventsOf(draft.contestant, []);
    const warnings = [...ofRun, ...(ownWarnings[index] ?? [])];
    return contestantResults({ own, draft, judgement, delivery, warnings, run });
  });
  const { noiseFloor, costComparisons } = judgement;
  return {
    validity: validityOf(contestants, mistakes),
    warnings: mostSeriousFirst([...ofRun, ...ownWarnings.flat()]),
    noiseFloor,
    contestants: results,
    costComparisons,
    tradeOff: tradeOffOf({ contestants: results, costComparisons, measures, scenario: run.scenario }),
    mistakes,
    measures,
    delivery,
  };
}

/** Throughput over a distance, or with few connections, is bound by waiting: that is what these runs are for. */
function isWaitingMeasured({ sweep, addedRttMillis = 0 }: RunSummary['scenario']): boolean {
  return addedRttMillis > 0 || sweep?.factor === 'added-rtt-millis' || sweep?.factor === 'connections';
}

function validityOf(contestants: readonly OwnEvents[], mistakes: Results['mistakes']): Validity {
  const falseAccepts = contestants.flatMap((own) => own.revocations.flatMap(falseAcceptsOf));
  const mistakeFaults = mistakeFaultsOf(mistakes);
  const isValid = falseAccepts.length + mistakeFaults.length === 0;
  return isValid ? { state: 'valid' } : { state: 'invalid', falseAccepts, mistakeFaults };
}

interface OwnEvents {
  readonly contestant: string;
  readonly description: ContestantDescribed | null;
  readonly pairs: readonly Extract<RunEvent, { type: 'PairMeasured' }>[];
  readonly backgrounds: readonly Extract<RunEvent, { type: 'BackgroundMeasured' }>[];
  readonly revocations: readonly Extract<RunEvent, { type: 'RevocationMeasured' }>[];
  readonly openLoop: readonly Extract<RunEvent, { type: 'OpenLoopMeasured' }>[];
  readonly sizes: readonly Extract<RunEvent, { type: 'SizeMeasured' }>[];
  readonly refusedLogins: readonly Extract<RunEvent, { type: 'LoginRefused' }>[];
  readonly voided: readonly Extract<RunEvent, { type: 'TrialVoided' }>[];
}

function eventsOf(contestant: string, events: readonly RunEvent[]): OwnEvents {
  const own = events.filter((event) => 'contestant' in event && event.contestant === contestant);
  return {
    contestant,
    description: own.find((event) => event.type === 'ContestantDescribed') ?? null,
    pairs: own.filter((event) => event.type === 'PairMeasured'),
    backgrounds: own.filter((event) => event.type === 'BackgroundMeasured'),
    revocations: own.filter((event) => event.type === 'RevocationMeasured'),
    openLoop: own.filter((event) => event.type === 'OpenLoopMeasured'),
    sizes: own.filter((event) => event.type === 'SizeMeasured'),
    refusedLogins: own.filter((event) => event.type === 'LoginRefused'),
    voided: own.filter((event) => event.type === 'TrialVoided'),
  };
}

/** Warnings about trials of revocation, and about trials that the run itself voided: one for each reason. */
function trialWarnings(own: OwnEvents): Warning[] {
  const findings = conditions.flatMap((condition) => revocationFindings(condition, trialsIn(condition, own)));
  const reasons = new Map<string, { readonly event: OwnEvents['voided'][number]; times: number }>();
  for (const event of own.voided) {
    const key = `${event.measure} ${event.reason}`;
    reasons.set(key, { event, times: (reasons.get(key)?.times ?? 0) + 1 });
  }
  const voided = [...reasons.values()].map(
    ({ event: { measure, reason }, times }) => ({ kind: 'trial-voided', measure, reason, times }) as const,
  );
  return [...findings, ...voided].map((finding) => warningOf(own.contestant, finding));
}

function trialsIn(condition: RevocationCondition, own: OwnEvents): OwnEvents['revocations'] {
  return own.revocations.filter((trial) => trial.condition === condition);
}

interface Context {
  readonly own: OwnEvents;
  readonly draft: LoadDraft;
  readonly judgement: Judgement;
  readonly delivery: DeliveryBaseline;
  /** Of the run and of this contestant. */
  readonly warnings: readonly Warning[];
  readonly run: RunSummary;
}

function contestantResults(context: Context): ContestantResults {
  const { own, draft, warnings, run } = context;
  const underLoad = { inScenario: run.scenario.throughput !== undefined, applicable: true };
  const sized = {
    inScenario: run.scenario.tokenSize !== undefined,
    applicable: own.contestant !== referenceContestant,
  };
  return {
    contestant: own.contestant,
    description: descriptionOf(own.description),
    cost: figureOf(costOf(context), 'cost', warnings, underLoad),
    throughput: figureOf(throughputOf(context), 'throughput', warnings, underLoad),
    latency: figureOf(summariseLatency(draft.soundPairs), 'latency', warnings, underLoad),
    revocation: {
      idle: revocationFigure('idle', context),
      loaded: revocationFigure('loaded', context),
      'redis-paused': revocationFigure('redis-paused', context),
      'until-expiry': revocationFigure('until-expiry', context),
    },
    tokenSize: figureOf(summariseSizes(own.sizes, own.refusedLogins), 'size', warnings, sized),
  };
}

function descriptionOf(event: ContestantDescribed | null): ContestantResults['description'] {
  if (event === null) return null;
  const { type: _type, at: _at, contestant: _contestant, ...description } = event;
  return description;
}

function costOf({ draft: { cost, contestant, background, requestsPerTurn }, judgement }: Context): CostOfCheck | null {
  if (cost === null) return null;
  return {
    pairs: cost.pairs,
    nodeCpuMicros: intervalOf(cost.nodeCpuMicros),
    nodeCpuMicrosWhole: intervalOf(cost.nodeCpuMicrosWhole),
    redisCpuMicros: intervalOf(cost.redisCpuMicros),
    nodeAndRedisCpuMicros: intervalOf(cost.nodeAndRedisCpuMicros),
    redisCommands: intervalOf(cost.redisCommands),
    redisNetworkBytes: intervalOf(cost.redisNetworkBytes),
    requestsPerTurn,
    ...(background && { background }),
    verdict: judgement.costs.get(contestant)?.verdict ?? null,
    adjustedPValue: judgement.costs.get(contestant)?.adjustedPValue ?? null,
  };
}

function throughputOf({ draft: { throughput, contestant }, judgement }: Context): Throughput | null {
  if (throughput === null) return null;
  return {
    pairs: throughput.pairs,
    ratioToReference: intervalOf(throughput.ratioToReference),
    requestsPerSecond: throughput.requestsPerSecond,
    verdict: judgement.throughputs.get(contestant)?.verdict ?? null,
    adjustedPValue: judgement.throughputs.get(contestant)?.adjustedPValue ?? null,
  };
}

function revocationFigure(condition: RevocationCondition, context: Context): Figure<RevocationSummary> {
  const { own, delivery, warnings, run } = context;
  const observed = summariseRevocation(condition, trialsIn(condition, own), delivery);
  const bearing = warnings.filter((warning) => !('condition' in warning) || warning.condition === condition);
  const plan = run.scenario.revocation;
  const asked = {
    idle: plan?.idleTrials,
    loaded: plan?.loadedTrials,
    'redis-paused': plan?.redisPausedTrials,
    'until-expiry': plan?.untilExpiryTrials,
  };
  return figureOf(observed, 'revocation', bearing, {
    inScenario: (asked[condition] ?? 0) > 0,
    applicable: appliesTo(condition, own),
  });
}

/** Those that can revoke are revoked; the others are watched until their credential expires; the reference neither. */
function appliesTo(condition: RevocationCondition, { contestant, description }: OwnEvents): boolean {
  if (contestant === referenceContestant) return false;
  if (description === null) return true;
  return (condition === 'until-expiry') === (description.bound === 'remaining-lifetime');
}
