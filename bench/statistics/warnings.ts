/** What may be wrong with a measurement: each warning is a variant with its data, and says which figures it voids. */

/** What a warning can bear on. `cost` is CPU, commands and bytes per request. */
export type Measure =
  | 'cost'
  | 'throughput'
  | 'latency'
  | 'revocation'
  | 'size'
  | 'lifecycle'
  | 'role-change'
  | 'open-loop'
  | 'state'
  | 'faults'
  | 'chaos';

export type Finding =
  /** The generator had no time left: it, not the server, set the pace. */
  | { readonly kind: 'generator-saturated'; readonly eventLoopUtilisation: number }
  /** The server had time left: more could have been asked of it. */
  | { readonly kind: 'server-not-saturated'; readonly eventLoopUtilisation: number }
  /** Pairs in which something else than 200 was answered, or a connection failed; they are left out. */
  | {
      readonly kind: 'unexpected-answers';
      readonly statuses: Readonly<Record<string, number>>;
      readonly errors: number;
      readonly pairsLeftOut: number;
      readonly pairs: number;
    }
  | { readonly kind: 'too-few-rounds'; readonly rounds: number; readonly recommended: number }
  /** The reference answered with other bytes than the contestant, so that they did not do the same work. */
  | { readonly kind: 'answer-bytes-differ'; readonly contestantBytes: number; readonly referenceBytes: number }
  /** Redis commands per request, less the reference's, are not what the strategy declares. */
  | { readonly kind: 'redis-commands-differ'; readonly declared: number; readonly measured: number }
  /** The interval of the reference against itself excludes "no difference". */
  | { readonly kind: 'reference-differs-from-itself'; readonly measure: 'cost' | 'throughput' }
  | {
      readonly kind: 'false-accept';
      readonly condition: string;
      readonly trials: number;
      readonly worstBeyondBoundMillis: number;
    }
  | { readonly kind: 'revoke-not-acknowledged'; readonly condition: string; readonly trials: number }
  /** Trials in which a node was not asked, or was never seen to refuse before the prober gave up. */
  | { readonly kind: 'trial-incomplete'; readonly condition: string; readonly trials: number }
  /** Neither 200 nor 401 where nothing was meant to fail. */
  | {
      readonly kind: 'unclear-refusals';
      readonly condition: string;
      readonly statuses: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'probe-spacing-coarse'; readonly condition: string; readonly spacingMillis: number }
  /** Trials that the run itself gave up, and why. Those under load bear on cost and latency too. */
  | {
      readonly kind: 'trial-voided';
      readonly measure:
        | 'throughput'
        | 'revocation'
        | 'size'
        | 'lifecycle'
        | 'role-change'
        | 'state'
        | 'faults'
        | 'chaos';
      readonly reason: string;
      readonly times: number;
    }
  /** Open-loop windows in which something else than 200 was answered, or a connection broke; they are left out. */
  | {
      readonly kind: 'open-loop-answers';
      readonly statuses: Readonly<Record<string, number>>;
      readonly errors: number;
      readonly roundsLeftOut: number;
      readonly rounds: number;
    }
  /** Requests without an answer at the end: the rate was too high. Their latency is told as what they had waited. */
  | { readonly kind: 'requests-unanswered'; readonly requests: number }
  /** The pacer sent later than it meant to although it could have sent. */
  | { readonly kind: 'pacer-late'; readonly p99Micros: number }
  | { readonly kind: 'not-pinned' }
  | { readonly kind: 'machine-busy'; readonly loadAverage: number; readonly cores: number }
  | { readonly kind: 'run-incomplete'; readonly outcome: 'aborted' | 'failed' }
  /** The record's last line was cut off in the middle and is left out. */
  | { readonly kind: 'record-torn' };

export type WarningKind = Finding['kind'];

/** A finding about one contestant, or about the whole run (`null`), with what it does to that one's figures. */
export type Warning = Finding & {
  readonly contestant: string | null;
  /** Where in a sweep; absent when it is said of all levels, or there are none. */
  readonly level?: number;
  /** These figures are no answer to their question: they are not reported as measured. */
  readonly voids: readonly Measure[];
  /** These stand, with less behind them. */
  readonly weakens: readonly Measure[];
};

export const limits = {
  /** Event-loop utilisation above which a generator is saturated, and below which a server is not. */
  saturationShare: 0.9,
  /** Pairs in an interval that is worth its name. */
  recommendedRounds: 8,
  /** Below this many sound pairs there is no interval at all. */
  fewestPairs: 2,
  /** More unsound pairs than this, and the sound ones are a selection. */
  unsoundPairShare: 0.25,
  /** Answers whose sizes differ by more are different work; the bytes of smaller differences cost nothing visible. */
  answerBytesShare: 0.05,
  /** Commands per request within this of the declared number are background (heartbeats, the reading of counters). */
  commandsTolerance: 0.05,
  /** From here on at least every second request did not do what was declared. */
  commandsMismatch: 0.5,
  /** Probes farther apart than this resolve too little. */
  probeSpacingMillis: 5,
  /** Load average per core above which the machine was busy before the run began. */
  loadAveragePerCore: 0.5,
  /** A pacer whose 99th percentile is later than this tells of itself, not of the server. */
  pacerLateMicros: 1_000,
} as const;

/** Attaches to a finding what it voids and what it weakens (rules of the method). */
export function warningOf(contestant: string | null, finding: Finding): Warning {
  return { ...finding, contestant, ...effectOf(finding) };
}

interface Effect {
  readonly voids: readonly Measure[];
  readonly weakens: readonly Measure[];
}

const underLoad: readonly Measure[] = ['cost', 'throughput', 'latency'];

function effectOf(finding: Finding): Effect {
  switch (finding.kind) {
    // Latency too: an answer that waits in a saturated generator looks late. CPU per request is unaffected by either.
    case 'generator-saturated':
      return { voids: ['throughput', 'latency'], weakens: [] };
    case 'server-not-saturated':
      return { voids: ['throughput'], weakens: [] };
    case 'unexpected-answers':
      return eitherWay(selectionTooSmall(finding.pairsLeftOut, finding.pairs), underLoad);
    case 'too-few-rounds':
      return eitherWay(finding.rounds < limits.fewestPairs, ['cost', 'throughput']);
    case 'answer-bytes-differ': {
      const gap = Math.abs(finding.contestantBytes - finding.referenceBytes);
      return eitherWay(gap > limits.answerBytesShare * finding.referenceBytes, ['cost', 'throughput']);
    }
    case 'redis-commands-differ':
      return eitherWay(Math.abs(finding.measured - finding.declared) >= limits.commandsMismatch, underLoad);
    case 'reference-differs-from-itself':
      return { voids: [], weakens: [finding.measure] };
    case 'trial-voided':
      return { voids: [], weakens: finding.measure === 'throughput' ? underLoad : [finding.measure] };
    case 'false-accept':
      return { voids: ['revocation'], weakens: [] };
    case 'revoke-not-acknowledged':
    case 'trial-incomplete':
    case 'unclear-refusals':
    case 'probe-spacing-coarse':
      return { voids: [], weakens: ['revocation'] };
    case 'open-loop-answers':
      return eitherWay(selectionTooSmall(finding.roundsLeftOut, finding.rounds), ['open-loop']);
    case 'requests-unanswered':
    case 'pacer-late':
      return { voids: [], weakens: ['open-loop'] };
    case 'not-pinned':
      return { voids: [], weakens: [...underLoad, 'open-loop'] };
    case 'machine-busy':
      return { voids: [], weakens: [...underLoad, 'revocation', 'lifecycle', 'role-change', 'open-loop'] };
    case 'run-incomplete':
      return {
        voids: [],
        weakens: [
          ...underLoad,
          'revocation',
          'size',
          'lifecycle',
          'role-change',
          'open-loop',
          'state',
          'faults',
          'chaos',
        ],
      };
    case 'record-torn':
      return { voids: [], weakens: [] };
  }
}

function selectionTooSmall(pairsLeftOut: number, pairs: number): boolean {
  return pairsLeftOut > limits.unsoundPairShare * pairs || pairs - pairsLeftOut < limits.fewestPairs;
}

function eitherWay(voided: boolean, measures: readonly Measure[]): Effect {
  return voided ? { voids: measures, weakens: [] } : { voids: [], weakens: measures };
}

/** What voids before what weakens; else in the order found. */
export function mostSeriousFirst(warnings: readonly Warning[]): Warning[] {
  const rank = (warning: Warning) => (warning.voids.length > 0 ? 0 : warning.weakens.length > 0 ? 1 : 2);
  return warnings.toSorted((left, right) => rank(left) - rank(right));
}
