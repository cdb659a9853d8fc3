/** What weakens the report, in a few words a line: for its top. The warnings say it in full. */

import type { Measure, Warning, WarningKind } from '../statistics/warnings.ts';
import { counted, duration, listed } from './format.ts';
import { measureNames } from './warning-words.ts';

export interface Weakness {
  readonly voids: boolean;
  readonly text: string;
}

/** One line for each reason, what voids before what weakens. Empty when nothing does. */
export function weaknessesOf(warnings: readonly Warning[]): Weakness[] {
  const bearing = warnings.filter(({ voids, weakens }) => voids.length + weakens.length > 0);
  const groups = new Map<string, Warning[]>();
  for (const warning of bearing) {
    const key = `${warning.kind} ${warning.voids.length > 0}`;
    groups.set(key, [...(groups.get(key) ?? []), warning]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [weaknessOf(first, group)];
    })
    .toSorted((left, right) => Number(right.voids) - Number(left.voids));
}

function weaknessOf(first: Warning, group: readonly Warning[]): Weakness {
  const voids = first.voids.length > 0;
  const measures = [...new Set(group.flatMap((warning) => (voids ? warning.voids : warning.weakens)))];
  const names = [...new Set(group.flatMap(({ contestant }) => contestant ?? []))];
  const whose = names.length === 0 ? '' : ` of ${names.length > 3 ? `${names.length} strategies` : listed(names)}`;
  return { voids, text: `${voids ? 'Void' : 'Weaker'}: ${measuresText(measures)}${whose}. ${reasonOf(first, group)}` };
}

/** What no clock had to do with. */
const untimed: readonly Measure[] = ['size', 'state', 'faults', 'chaos'];

/** More than a few are everything. */
function measuresText(measures: readonly Measure[]): string {
  const all = measures.some((measure) => untimed.includes(measure)) ? 'everything' : 'all that was timed';
  return measures.length > 4 ? all : listed(measures.map((measure) => measureNames[measure]));
}

function reasonOf(warning: Warning, group: readonly Warning[]): string {
  if (warning.kind === 'too-few-rounds') return `Only ${counted(warning.rounds, 'round')}.`;
  if (warning.kind === 'probe-spacing-coarse') return spacingReason(group);
  return reasons[warning.kind];
}

/** As far apart as they were at best and at worst: so coarse are the figures. */
function spacingReason(group: readonly Warning[]): string {
  const spacings = group.flatMap((warning) => (warning.kind === 'probe-spacing-coarse' ? [warning.spacingMillis] : []));
  const [least, most] = [duration(Math.min(...spacings)), duration(Math.max(...spacings))];
  return `The probes were ${least === most ? least : `${least} to ${most}`} apart: latency and exposure are no finer than that.`;
}

const reasons: Readonly<Record<Exclude<WarningKind, 'too-few-rounds' | 'probe-spacing-coarse'>, string>> = {
  'generator-saturated': 'The load generator set the pace, not the server.',
  'server-not-saturated': 'The server had time left. What a check costs stands.',
  'unexpected-answers': 'Requests were not answered with 200.',
  'answer-bytes-differ': 'The answers were not as long as those of the reference.',
  'redis-commands-differ': 'Redis was asked otherwise than declared.',
  'reference-differs-from-itself': 'none differs from none.',
  'false-accept': 'A revoked credential was accepted beyond the published bound.',
  'revoke-not-acknowledged': 'Some logouts were not acknowledged.',
  'trial-incomplete': 'Some nodes were not seen to refuse in the end.',
  'unclear-refusals': 'Nodes answered neither 200 nor 401.',
  'trial-voided': 'Trials were given up.',
  'open-loop-answers': 'Requests were not answered with 200 at a fixed rate.',
  'requests-unanswered': 'Requests stayed unanswered at a fixed rate.',
  'pacer-late': 'The pacer sent late.',
  'not-pinned': 'Nothing was pinned to cores.',
  'machine-busy': 'The machine was busy.',
  'run-incomplete': 'The run ended early.',
  'record-torn': "The record's last line was cut off.",
};
