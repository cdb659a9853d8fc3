/** The report's section on behaviour under fault: a matrix of faults and strategies for each score. */

import { type Block, escaped, list, type Matrix, type MatrixCell, section, subsection } from './document.ts';
import {
  behaviourCell,
  type FaultCell,
  goneWrongCell,
  logoutCell,
  longestAnswerCell,
  recoveryCell,
} from './fault-cells.ts';
import { duration, listed } from './format.ts';
import type { FaultResults, InflictedFault } from './summarise/faults.ts';
import type { Results } from './summarise/results.ts';

/** Empty where the scenario does not ask for it. */
export function faultsSection({ measures: { faults }, run: { scenario } }: Results): Block[] {
  if (faults === null || scenario.faults === undefined) return [];
  const unreached = [...new Set(scenario.faults.inflicted)].filter(
    (name) => !faults.some(({ fault }) => fault === name),
  );
  const matrix = (title: string, words: string, cell: FaultCell) =>
    faults.length === 0 ? [] : [subsection(title), words, matrixOf(faults, scenario.strategies, cell)];
  return [
    section('Behaviour under fault'),
    `Each fault is inflicted on servers and nodes of its own, and all strategies live through it on the same nodes. Of each, some have logged out before, some do so around its beginning and while it lasts, and some never do; every node is asked about them all the while, and in the end once more about everybody.`,
    ...matrix(
      'What happens',
      'How those are answered who have not logged out (*goes on*, *refuses*), and for how long after an acknowledged logout somebody is still let in. Where a fault befalls one node, *elsewhere* are the others.',
      behaviourCell,
    ),
    ...matrix(
      'What goes wrong',
      'Credentials that were accepted later than the bound after an acknowledged logout / valid ones that were called invalid (401) / acknowledged logouts that did not hold in the end.',
      goneWrongCell,
    ),
    ...matrix(
      'How long it takes to recover',
      'From the end of the fault to the first moment from which everybody was answered right.',
      recoveryCell,
    ),
    ...matrix(
      'The longest answer',
      `Of every request to a node that was not stopped. ${deadlineText(faults)}`,
      longestAnswerCell,
    ),
    ...matrix(
      'What a client saw that logged out meanwhile',
      'Statuses (how often), the longest wait, and unacknowledged logouts that had been done all the same.',
      logoutCell,
    ),
    ...(faults.length === 0 ? [] : [subsection('What was done'), list(faults.map(deedLine))]),
    ...(unreached.length === 0 ? [] : [`Not reached: ${listed(unreached)}.`]),
  ];
}

/** The same under every fault of a run. */
function deadlineText(faults: readonly FaultResults[]): string {
  const deadlines = faults.flatMap(({ inflicted }) => inflicted?.deadlineMillis ?? []);
  return deadlines.length === 0
    ? ''
    : `No node may take longer than ${duration(Math.max(...deadlines))}, and what the machine itself was seen to add, up to 3 s.`;
}

function matrixOf(faults: readonly FaultResults[], strategies: readonly string[], cell: FaultCell): Matrix {
  const rows = faults.map(({ title, inflicted }) => ({
    title,
    note: '',
    cells: strategies.map((name) => cellOf(inflicted, name, cell)),
  }));
  return { kind: 'matrix', corner: 'fault', about: '', columns: [...strategies], rows };
}

function cellOf(inflicted: InflictedFault | null, name: string, cell: FaultCell): MatrixCell {
  if (inflicted === null) return { state: 'none', text: 'not run' };
  const score = inflicted.contestants.find(({ contestant }) => contestant === name);
  return score === undefined ? { state: 'unknown', text: 'void' } : cell(score);
}

function deedLine({ title, deed, source, inflicted, notRun }: FaultResults): string {
  const facts = inflicted === null ? [] : [factsText(inflicted)];
  const reasons = notRun.map((reason) => `Not run: ${reason.replace(/\.$/, '')}.`);
  return `*${title}*: ${escaped([`${deed} (${source}).`, ...facts, ...reasons].join(' '))}`;
}

function factsText({ redis, lastedMillis, spacingMillis, machineMillis, concession, trials }: InflictedFault): string {
  const { topology, replicas, appendfsync } = redis;
  const behind = {
    one: 'One Redis',
    sentinel: 'Three servers behind three Sentinels',
    cluster: 'A Cluster of three masters and three replicas',
  };
  const confirmed = topology === 'one' ? '' : `, replicas: ${replicas}`;
  const { min, max } = lastedMillis;
  const lasted = trials === 1 ? duration(max) : `${duration(min)} to ${duration(max)} in ${trials} trials`;
  return [
    `${behind[topology]}${confirmed}, appendfsync ${appendfsync}; it lasted ${lasted}, a credential was shown to a node every ${duration(spacingMillis)}; a request that asks nobody took up to ${duration(machineMillis)}.`,
    concession ?? 'The configuration promises everything under it.',
  ].join(' ');
}
