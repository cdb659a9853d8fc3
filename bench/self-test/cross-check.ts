/**
 * The rounds of a comparison with wrk: the same pairs of nodes under the same requests, by wrk and by the lab's own load.
 * Both wait for answers in the same way, for a server pays for waking a load generator that sleeps.
 */

import type { GeneratorWaiting } from '../environment/cores.ts';
import type { LabNode } from '../environment/environment.ts';
import { type PairMeasured, referenceContestant } from '../record/run-events.ts';
import { IdleWatch, type Periods, recordIdle } from '../run/idle-watch.ts';
import type { Lab } from '../run/lab.ts';
import { measurePair, type PairOrder, prepareCredentials, warmUp } from '../run/load-steps.ts';
import { Stage } from '../run/stage.ts';
import { balancedOrders, shuffled } from '../scenario/orders.ts';
import { Wrk, type WrkWindow } from './wrk.ts';

/** One contestant in one round: its two windows by wrk, one right after the other, and its two by the lab. */
export interface CheckedRound {
  readonly contestant: string;
  readonly round: number;
  readonly byWrk: { readonly contestant: WrkWindow; readonly reference: WrkWindow };
  readonly byLab: Pick<PairMeasured, 'contestantSample' | 'referenceSample'>;
  /** The reference under a wrk that sleeps between answers; only where the others did not, and once a round. */
  readonly byWrkAsleep: WrkWindow | null;
  /** What both nodes did since their last round, in which nobody asked them; null before the first. */
  readonly idle: Periods | null;
}

export interface CrossCheckPlan {
  readonly contestants: readonly string[];
  readonly rounds: number;
  /** Of each window by wrk. */
  readonly windowSeconds: number;
  /** Load on both nodes of a pair before the first round. */
  readonly warmupMillis: number;
}

/** A node, and the file of the requests that wrk sends there. */
interface WrkTarget {
  readonly node: LabNode;
  readonly requestsFile: string;
}

/** The lab's scenario says by how many connections, with how many credentials, and in what windows of the lab's own. */
export async function crossCheck(lab: Lab, plan: CrossCheckPlan): Promise<CheckedRound[]> {
  const { contestants, rounds } = plan;
  const stage = new Stage(lab);
  const { environment, scenario, progress, random, signal } = lab;
  const wrk = await Wrk.open({
    supervisor: environment.supervisor,
    cores: environment.machine.pinning?.generator,
    connections: scenario.throughput?.connections ?? 1,
    windowSeconds: plan.windowSeconds,
  });
  const targets = await prepare(lab, stage, wrk, plan);
  const orders = new Map(contestants.map((name) => [name, balancedOrders(rounds, random)]));
  const waiting = environment.machine.generatorWaiting ?? 'asleep';
  const idle = new IdleWatch(scenario.beatIntervalMillis);
  const checked: CheckedRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of shuffled(contestants, random)) {
      signal.throwIfAborted();
      const order = orders.get(contestant)?.[round - 1] ?? 'contestant-first';
      const asked: PairOrder = { round, order, process: 1 };
      const pair = await stage.pair(contestant);
      const periods = await recordIdle(lab, idle, pair, asked);
      const byLab = () => measurePair(lab, stage, contestant, asked);
      const [own, reference] = targetsOf(targets, contestant);
      const byWrk = () => wrkPair(wrk, [own, reference], order, waiting);
      // Neither always comes after the other.
      const isWrkFirst = random() < 0.5;
      const labFirst = isWrkFirst ? null : await byLab();
      const measured = { byWrk: await byWrk(), byLab: labFirst ?? (await byLab()) };
      const sleeps = contestant === referenceContestant && waiting !== 'asleep';
      const byWrkAsleep = sleeps ? await wrk.run(reference.node, reference.requestsFile, 'asleep') : null;
      checked.push({ contestant, round, ...measured, byWrkAsleep, idle: periods });
      await idle.begin(contestant, pair);
    }
    progress.note(`round ${round} of ${rounds}`);
  }
  return checked;
}

type Targets = readonly [contestant: WrkTarget, reference: WrkTarget];

function targetsOf(targets: ReadonlyMap<string, Targets>, contestant: string): Targets {
  const found = targets.get(contestant);
  if (found === undefined) throw new RangeError(`nothing was prepared for ${contestant}`);
  return found;
}

async function prepare(lab: Lab, stage: Stage, wrk: Wrk, { contestants, warmupMillis }: CrossCheckPlan) {
  const targets = new Map<string, Targets>();
  for (const name of contestants) {
    await prepareCredentials(lab, stage, name, lab.scenario.credentials);
    const { contestant, node, reference } = await stage.pair(name);
    const path = contestant.protectedPath;
    const headers = stage.credentialsOf(name).map(({ credential }) => credential.headersFor(path));
    const targetAt = async (at: LabNode) => ({
      node: at,
      requestsFile: await wrk.keepRequests(at.baseUrl, path, headers),
    });
    targets.set(name, [await targetAt(node), await targetAt(reference)]);
  }
  await stage.stop('alone');
  lab.progress.note('logged in');
  for (const name of contestants) await warmUp(lab, stage, name, warmupMillis);
  lab.progress.note('warmed up');
  return targets;
}

async function wrkPair(
  wrk: Wrk,
  [own, other]: Targets,
  order: PairOrder['order'],
  waiting: GeneratorWaiting,
): Promise<CheckedRound['byWrk']> {
  const window = ({ node, requestsFile }: WrkTarget) => wrk.run(node, requestsFile, waiting);
  if (order === 'contestant-first') return { contestant: await window(own), reference: await window(other) };
  const reference = await window(other);
  return { contestant: await window(own), reference };
}
