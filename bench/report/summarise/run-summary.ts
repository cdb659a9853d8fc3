/** How the run as a whole went: its end, and what is to be said against all of its figures. */

import type { RunRecord } from '../../record/reader.ts';
import type { RunEnded } from '../../record/run-events.ts';
import { type Finding, limits, type Measure, type Warning, warningOf } from '../../statistics/warnings.ts';
import type { NoiseFloor, RunSummary } from './results.ts';
import { excludes } from './verdicts.ts';

export function summariseRun({ events, started, torn }: RunRecord): RunSummary {
  const ended = events.findLast((event): event is RunEnded => event.type === 'RunEnded');
  const prepared = events.flatMap((event) => (event.type === 'CredentialsPrepared' ? [event.bulk ?? 0] : []));
  return {
    runId: started.runId,
    startedAt: started.at,
    endedAt: ended?.at ?? null,
    durationMillis: ended?.durationMillis ?? null,
    outcome: ended?.outcome ?? 'aborted',
    fault: ended?.fault ?? null,
    recordTorn: torn,
    bulkCredentials: Math.max(0, ...prepared),
    authlabVersion: started.authlabVersion,
    commit: started.commit,
    seed: started.seed,
    scenario: started.scenario,
  };
}

/** Of the run and its machine; `noiseFloor` is what the reference against itself gave. They bear on what the run measured alone. */
export function runWarnings(record: RunRecord, run: RunSummary, noiseFloor: NoiseFloor): Warning[] {
  const asked = measuresIn(run.scenario);
  const among = (measures: readonly Measure[]) => measures.filter((measure) => asked.has(measure));
  return runFindings(record, run, noiseFloor)
    .map((finding) => warningOf(null, finding))
    .map((warning) => ({ ...warning, voids: among(warning.voids), weakens: among(warning.weakens) }));
}

function measuresIn(scenario: RunSummary['scenario']): ReadonlySet<Measure> {
  const { throughput, revocation, tokenSize, lifecycle, roleChange, openLoop, state, faults, chaos } = scenario;
  const blocks: Readonly<Record<Measure, unknown>> = {
    cost: throughput,
    throughput,
    latency: throughput,
    revocation,
    size: tokenSize,
    lifecycle,
    'role-change': roleChange,
    'open-loop': openLoop,
    state,
    faults,
    chaos,
  };
  const measures = Object.keys(blocks) as Measure[];
  return new Set(measures.filter((measure) => blocks[measure] !== undefined));
}

function runFindings(record: RunRecord, run: RunSummary, noiseFloor: NoiseFloor): Finding[] {
  const { machine, scenario } = record.started;
  const findings: Finding[] = [];
  if (run.outcome !== 'completed') findings.push({ kind: 'run-incomplete', outcome: run.outcome });
  if (run.recordTorn) findings.push({ kind: 'record-torn' });
  if (excludes(noiseFloor.nodeCpuMicros, 0)) findings.push({ kind: 'reference-differs-from-itself', measure: 'cost' });
  if (excludes(noiseFloor.throughputRatio, 1)) {
    findings.push({ kind: 'reference-differs-from-itself', measure: 'throughput' });
  }
  if ((scenario.throughput ?? scenario.openLoop) !== undefined && machine.pinning === null)
    findings.push({ kind: 'not-pinned' });
  const { throughput, openLoop, revocation, lifecycle, roleChange } = scenario;
  const isTimed = (throughput ?? openLoop ?? revocation ?? lifecycle ?? roleChange) !== undefined;
  if (isTimed && machine.loadAverage > limits.loadAveragePerCore * machine.cores) {
    findings.push({ kind: 'machine-busy', loadAverage: machine.loadAverage, cores: machine.cores });
  }
  return findings;
}
