/** Warnings as sentences: what was seen, where, and which figures it voids or weakens. */

import type { Measure, Warning, WarningKind } from '../statistics/warnings.ts';
import { counted, countedStatuses, duration, fixed, listed } from './format.ts';

export interface WarningLine {
  readonly kind: WarningKind;
  /** Whether a figure is void because of it. */
  readonly voids: boolean;
  readonly text: string;
}

/** One line for each kind of warning and its consequence, over all contestants that it is about; in the order given. */
export function warningLines(warnings: readonly Warning[]): WarningLine[] {
  const groups = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const key = JSON.stringify([warning.kind, warning.voids, warning.weakens, 'measure' in warning && warning.measure]);
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const voids = first.voids.length > 0;
    const seen = generalSentence(first);
    const text =
      seen === null
        ? `${whereSeen(first.kind, group)} ${consequence(first, ' there')}`
        : `${seen} ${consequence(first, '')}`;
    return [{ kind: first.kind, voids, text: text.trim() }];
  });
}

export const measureNames: Readonly<Record<Measure, string>> = {
  cost: 'cost of a check',
  throughput: 'throughput',
  latency: 'latency',
  revocation: 'revocation',
  size: 'token size',
  lifecycle: 'login, refresh and logout',
  'role-change': 'role changes',
  'open-loop': 'latency at a fixed rate',
  state: 'state',
  faults: 'behaviour under fault',
  chaos: 'random histories',
};

function consequence({ voids, weakens, kind }: Warning, where: string): string {
  if (kind === 'false-accept') return 'The run is invalid.';
  if (voids.length > 0) return `This voids ${namesOf(voids)}${where}.`;
  return weakens.length > 0 ? `This weakens ${namesOf(weakens)}${where}.` : '';
}

function namesOf(measures: readonly Measure[]): string {
  return listed(measures.map((measure) => measureNames[measure]));
}

function whereSeen(kind: WarningKind, group: readonly Warning[]): string {
  const details = group.map((warning) => `${warning.contestant ?? 'run'}${placeOf(warning)} ${detailOf(warning)}`);
  return `${headings[kind] ?? kind}: ${details.join('; ')}.`;
}

function placeOf({ level }: Warning): string {
  return level === undefined ? '' : ` at ${fixed(level, Number.isInteger(level) ? 0 : 2)}`;
}

/** Sentences that name no contestant; null for the others. */
function generalSentence(warning: Warning): string | null {
  switch (warning.kind) {
    case 'too-few-rounds':
      return `Only ${counted(warning.rounds, 'round')} (${warning.recommended} or more make an interval worth its name).`;
    case 'reference-differs-from-itself':
      return `The ${measureNames[warning.measure]} of none differs from that of none (chance does that in 1 run of 20).`;
    case 'not-pinned':
      return 'Server, generator and Redis were not pinned to cores of their own and took time from each other.';
    case 'machine-busy':
      return `The machine was busy before the run began (load average ${fixed(warning.loadAverage, 2)} on ${counted(warning.cores, 'core')}).`;
    case 'run-incomplete':
      return `The run ${warning.outcome === 'aborted' ? 'was aborted' : 'failed'} before it had measured everything.`;
    case 'record-torn':
      return "The record's last line was cut off and is left out.";
    default:
      return null;
  }
}

const headings: Partial<Record<WarningKind, string>> = {
  'generator-saturated': 'The load generator was saturated and set the pace, not the server (event-loop utilisation)',
  'server-not-saturated': 'The server had time left and could have answered more (event-loop utilisation)',
  'unexpected-answers': 'Requests were not answered with 200',
  'answer-bytes-differ': 'The answers were not as long as those of the reference',
  'redis-commands-differ': 'Redis commands per request are not what the strategy declares',
  'false-accept': 'A revoked credential was accepted beyond the published bound',
  'revoke-not-acknowledged': 'Revokes were not acknowledged and those trials are left out',
  'trial-incomplete': 'A node was not seen to refuse in the end, and those trials are left out',
  'unclear-refusals': 'Nodes answered neither 200 nor 401 while nothing was meant to fail',
  'probe-spacing-coarse':
    'The probes were far apart (median), and revocation latency and exposure are no finer than that',
  'trial-voided': 'Trials were given up',
  'open-loop-answers': 'At a fixed rate, requests were not answered with 200',
  'requests-unanswered': 'At a fixed rate, requests were not answered in time, and count with what they had waited',
  'pacer-late': 'The pacer sent late although it could have sent (99th percentile)',
};

function detailOf(warning: Warning): string {
  switch (warning.kind) {
    case 'generator-saturated':
    case 'server-not-saturated':
      return fixed(warning.eventLoopUtilisation, 2);
    case 'unexpected-answers': {
      const errors = warning.errors > 0 ? [counted(warning.errors, 'failed connection')] : [];
      const seen = [countedStatuses(warning.statuses), ...errors].filter((text) => text !== '').join(', ');
      return `${seen === '' ? 'no answer at all' : seen}, ${warning.pairsLeftOut} of ${counted(warning.pairs, 'pair')} left out`;
    }
    case 'open-loop-answers': {
      const errors = warning.errors > 0 ? [counted(warning.errors, 'broken connection')] : [];
      const seen = [countedStatuses(warning.statuses), ...errors].filter((text) => text !== '').join(', ');
      return `${seen}, ${warning.roundsLeftOut} of ${counted(warning.rounds, 'round')} left out`;
    }
    case 'requests-unanswered':
      return fixed(warning.requests, 0);
    case 'pacer-late':
      return duration(warning.p99Micros / 1_000);
    case 'answer-bytes-differ':
      return `${fixed(warning.contestantBytes, 0)} instead of ${counted(warning.referenceBytes, 'byte')}`;
    case 'redis-commands-differ':
      return `${fixed(warning.measured, 2)} instead of ${fixed(warning.declared, 0)}`;
    case 'false-accept':
      return `(${warning.condition}) in ${counted(warning.trials, 'trial')}, up to ${duration(warning.worstBeyondBoundMillis)} beyond`;
    case 'revoke-not-acknowledged':
    case 'trial-incomplete':
      return `(${warning.condition}) ${counted(warning.trials, 'trial')}`;
    case 'unclear-refusals':
      return `(${warning.condition}) ${countedStatuses(warning.statuses)}`;
    case 'probe-spacing-coarse':
      return `(${warning.condition}) ${duration(warning.spacingMillis)}`;
    case 'trial-voided':
      return `(${warning.measure}) ${warning.reason}${warning.times > 1 ? `, ${warning.times} times` : ''}`;
    default:
      return '';
  }
}
