/**
 * A developers' program: `npm run flood` (`node dist/bench/self-test/flood.js`) sends every family logins, logouts, wrong
 * passwords and credentials that are none, at a fixed rate for ten minutes, each on a node of its own, and prints whether
 * the memory of any node grows, how late its event loop comes, and how long somebody waited. It ends 1 where something is
 * wrong. Tokens live for seconds, so that what must be remembered of revocations stops growing within the warm-up. The
 * looks, by node, are kept as the run's `flood.json`.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { seededFraction } from '../../src/kernel/random.ts';
import { strategyNames, traitsOf } from '../../src/strategies/registry.ts';
import type { LabNode } from '../environment/environment.ts';
import { httpGet } from '../environment/http-get.ts';
import { deadlineMillis } from '../run/fault-steps.ts';
import type { Lab } from '../run/lab.ts';
import { runScenario } from '../run/run-scenario.ts';
import { scenarioSchema } from '../scenario/schema.ts';
import { contestantOf } from '../workload/contestant.ts';
import { FloodLoad } from '../workload/flood-load.ts';
import { type FloodRow, type FloodSample, floodText, verdictOf } from './flood-table.ts';
import { type NumbersOf, type ProgramHands, runProgram } from './program.ts';

const flags = {
  seconds: { usually: 600, least: 30 },
  /** Requests per second to each node: so many that two cores, which all nodes share, are not saturated by it. */
  rate: { usually: 10, least: 1 },
  /** From one look at a node to the next. */
  look: { usually: 5, least: 1 },
  seed: { usually: 1, least: 0 },
} as const;

/** A revocation is remembered until its token is refused anyway: this, the leeway and the skew. */
const accessTokenLifetimeSeconds = 20;
const sessionLifetimeSeconds = 60;
const readingDeadlineMillis = 15_000;

process.exitCode = await runProgram({ flags, main });

async function main(numbers: NumbersOf<typeof flags>, hands: ProgramHands): Promise<string> {
  const scenario = scenarioSchema.parse({
    name: 'flood',
    question: 'Does the memory of a node stay bounded under a flood?',
    seed: numbers.seed,
    strategies: oneOfEachFamily(),
    lifecycle: {},
  });
  let rows: readonly FloodRow[] = [];
  const { folder, fault } = await runScenario({
    scenario,
    ...hands,
    work: async (lab) => {
      rows = await flood(lab, numbers);
    },
  });
  if (fault !== null) throw fault;
  const counted = rows.map((row) => ({ ...row, counts: Object.fromEntries(row.counts) }));
  writeFileSync(join(folder, 'flood.json'), `${JSON.stringify(counted)}\n`);
  const deadline = deadlineMillis(scenario.stalenessLimitMillis);
  const verdicts = rows.map((row) =>
    verdictOf(row, { deadlineMillis: deadline, checks: traitsOf(row.name).bound !== 'unbounded' }),
  );
  if (verdicts.some(({ faults }) => faults.length > 0)) process.once('exit', () => (process.exitCode = 1));
  return floodText(rows, verdicts, deadline);
}

/** And those that remember what they have looked up, which strangers choose. */
function oneOfEachFamily(): readonly string[] {
  const families = new Map(
    strategyNames()
      .map((name) => [traitsOf(name).family, name] as const)
      .reverse(),
  );
  const remembering = strategyNames().filter((name) => /^(cached-session\+unsigned|jwt-hs256.*\+cache)$/.test(name));
  return [...new Set([...families.values(), ...remembering])];
}

interface Flooded {
  readonly node: LabNode;
  readonly load: FloodLoad;
  readonly samples: FloodSample[];
}

async function flood(lab: Lab, { seconds, rate, look, seed }: NumbersOf<typeof flags>): Promise<readonly FloodRow[]> {
  const { strategies } = lab.scenario;
  lab.progress.phase('starting a node for each strategy', (seconds + 5) * 1_000);
  const all: Flooded[] = [];
  // One after the other: each makes its keys first, and all of them at once take longer than a node may.
  for (const [index, name] of strategies.entries()) all.push(await open(lab, name, seededFraction(seed + index)));
  lab.progress.phase(`flooding ${strategies.length} nodes`, seconds * 1_000);
  const startedAt = performance.now();
  for (const { load } of all) load.start(rate);
  try {
    // Looks at nodes that are too busy take their time: the flood is over all the same.
    const isOver = () => performance.now() >= startedAt + seconds * 1_000;
    for (let next = look; next <= seconds && !isOver(); next += look) {
      const left = startedAt + next * 1_000 - performance.now();
      await pause(Math.max(0, left), undefined, { signal: lab.signal }).catch(() => lab.signal.throwIfAborted());
      // One after the other: a collection of garbage stops a node, and the machine's caches with it.
      for (const each of all) each.samples.push(await sampleOf(each.node, performance.now() - startedAt));
    }
  } finally {
    await Promise.all(all.map(({ load }) => load.stop()));
  }
  return all.map(({ load, samples }, index) => ({
    name: strategies[index] ?? '',
    samples,
    counts: load.counts,
    heldBack: load.heldBack,
  }));
}

async function open(lab: Lab, name: string, random: () => number): Promise<Flooded> {
  const { scenario, environment, realm, secrets, redisUrl } = lab;
  const { partitions, beatIntervalMillis, stalenessLimitMillis, strategies } = scenario;
  const node = await environment.startNode({
    strategies: [name],
    redisUrl,
    realm: `${realm}-${strategies.indexOf(name) + 1}`,
    partitions,
    beatIntervalMillis,
    stalenessLimitMillis,
    accessTokenLifetimeSeconds,
    sessionLifetimeSeconds,
    secrets,
    variables: { AUTHLAB_METRICS: 'true' },
  });
  return { node, load: new FloodLoad(contestantOf(name, [node.baseUrl], traitsOf(name), ''), random), samples: [] };
}

async function sampleOf(node: LabNode, atMillis: number): Promise<FloodSample> {
  const loopP99Millis = await readLoopDelay(node);
  const { rssBytes } = JSON.parse(await read(node, '/lab/usage'));
  const { liveBytes } = JSON.parse(await read(node, '/lab/heap'));
  // It is counted from one reading to the next: what this collection has stopped is no doing of the flood.
  await readLoopDelay(node);
  return { atMillis, liveBytes, rssBytes, loopP99Millis };
}

async function readLoopDelay(node: LabNode): Promise<number> {
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(await read(node, '/metrics'))?.[1];
  if (seconds === undefined) throw new AuthlabError('ERR_PART_CRASHED', `${node.child.name} tells no event-loop delay`);
  return Number(seconds) * 1_000;
}

/** A node that is flooded may take its time. */
async function read(node: LabNode, path: string): Promise<string> {
  const answer = await httpGet(node.baseUrl + path, readingDeadlineMillis).catch(() => null);
  if (answer?.status === 200) return answer.body;
  throw new AuthlabError(
    'ERR_PART_CRASHED',
    `${node.child.name} did not answer ${path}: ${answer?.status ?? 'no answer'}`,
  );
}
