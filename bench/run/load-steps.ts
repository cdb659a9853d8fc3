/** The steps before and during load: is it correct, how large is its credential, what does a check cost. */

import { createPrivateKey } from 'node:crypto';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { Traits } from '../../src/strategies/strategy.ts';
import type { LabNode, LabSecrets } from '../environment/environment.ts';
import { readUsage, UsageReader } from '../environment/node.ts';
import { measureInterleaved, type Side } from '../load/interleaved.ts';
import { measureWindow } from '../load/window.ts';
import { askForBytes } from '../probes/answer.ts';
import { checkCorrectness } from '../probes/correctness.ts';
import { type ContestantDescribed, referenceContestant, type WindowSample } from '../record/run-events.ts';
import { clientFault } from '../workload/client-life.ts';
import { boundMillisOf } from '../workload/contestant.ts';
import { logIn, logInUser } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import type { Stage, Standing } from './stage.ts';

/** Users of the checks: none that a window or a trial uses. */
const firstCheckUser = 900_000;
const fallbackWindow = { windowMillis: 500, rampMillis: 100, sliceMillis: 25, connections: 16 };

/** Describes a contestant and asks whether it works; one that does not is excluded, and the record says why. */
export async function checkContestant(lab: Lab, stage: Stage, name: string): Promise<void> {
  const { contestant } = await stage.standing(name);
  const traits = traitsOf(name);
  lab.record({
    type: 'ContestantDescribed',
    contestant: name,
    family: traits.family,
    transport: traits.transport,
    stateLocation: traits.stateLocation,
    revocation: traits.revocation,
    bound: traits.bound,
    redisCommandsPerCheck: traits.redisCommandsPerCheck,
    signature: signatureInUse(traits, lab.secrets),
  });
  const { credential } = await logInUser(contestant, firstCheckUser, { signal: lab.signal });
  const { credential: victim } = await logInUser(contestant, firstCheckUser + 1, { signal: lab.signal });
  const boundMillis = boundMillisOf(traits, lab.scenario.stalenessLimitMillis);
  const faults = [...(await checkCorrectness({ contestant, credential, victim, boundMillis }))];
  const clientMet = await clientFault(contestant, firstCheckUser + 2);
  if (clientMet !== null) faults.push({ place: name, message: clientMet });
  if (faults.length === 0) return;
  stage.exclude(name);
  const reason = faults.map((fault) => `${fault.place} ${fault.message}`).join('; ');
  for (const measure of ['throughput', 'revocation'] as const) {
    lab.record({ type: 'TrialVoided', contestant: name, measure, reason });
  }
  lab.progress.note(`${name} is left out: ${reason}`);
}

/** The registry tells the usual length of an RSA key; a run may have made another. */
function signatureInUse({ signature }: Traits, { rs256PrivateKeyPem }: LabSecrets): ContestantDescribed['signature'] {
  if (signature === undefined || !/^[RP]S/.test(signature.algorithm)) return signature ?? null;
  const keyBits = createPrivateKey(rs256PrivateKeyPem).asymmetricKeyDetails?.modulusLength ?? signature.keyBits;
  return { ...signature, keyBits };
}

/** Logs in as many users as there are credentials in rotation and hands them to the generator. */
export async function prepareCredentials(lab: Lab, stage: Stage, name: string, count: number): Promise<void> {
  const standing = await stage.standing(name);
  const startedAt = performance.now();
  standing.credentials = await logIn(standing.contestant, count, {
    signal: lab.signal,
    onProgress: (done) => lab.progress.step(`${name} ${done} of ${count}`),
  });
  const path = standing.contestant.protectedPath;
  await lab.generator.keepCredentials(
    name,
    standing.credentials.map(({ credential }) => credential.headersFor(path)),
  );
  const durationMillis = performance.now() - startedAt;
  lab.record({ type: 'CredentialsPrepared', contestant: name, count, durationMillis });
}

/** One slice of the warm-up. */
const sliceMillis = 150;

/**
 * Load on the contestant, so that what is measured has been compiled; the reference is warmed once, with its own. In many
 * short windows, not in one: connections that come and go and counters that are read between requests make the engine
 * throw optimised code away, until it has seen them often enough to keep it.
 */
export async function warmUp(lab: Lab, stage: Stage, name: string, durationMillis: number): Promise<void> {
  const standing = await stage.standing(name);
  const nodes = name === referenceContestant ? [standing.node, await stage.reference()] : [standing.node];
  for (const node of nodes) {
    for (let left = durationMillis; left > 0; left -= sliceMillis) await runWindow(lab, standing, node, sliceMillis, 0);
  }
}

export interface PairOrder {
  readonly round: number;
  readonly order: 'contestant-first' | 'reference-first';
}

/** Two adjacent windows, the contestant's and the reference's, over the same bytes. */
export async function measurePair(lab: Lab, stage: Stage, name: string, { round, order }: PairOrder): Promise<void> {
  const standing = await stage.standing(name);
  const reference = await stage.reference();
  const contestantAnswer = await answerOf(standing, standing.node);
  const referenceAnswer = await answerOf(standing, reference);
  const isFirst = order === 'contestant-first';
  const nodes = isFirst ? ([standing.node, reference] as const) : ([reference, standing.node] as const);
  const [first, second] = await interleavedWindows(lab, standing, nodes);
  lab.record({
    type: 'PairMeasured',
    contestant: name,
    round,
    order,
    contestantSample: isFirst ? first : second,
    referenceSample: isFirst ? second : first,
    contestantAnswerBytes: contestantAnswer,
    referenceAnswerBytes: referenceAnswer,
  });
}

async function interleavedWindows(lab: Lab, standing: Standing, nodes: readonly [LabNode, LabNode]) {
  const { connections, rampMillis, windowMillis, sliceMillis } = lab.scenario.throughput ?? fallbackWindow;
  const readers = [new UsageReader(nodes[0]), new UsageReader(nodes[1])] as const;
  const { protectedPath: path, name: credentialsKey } = standing.contestant;
  const side = (index: 0 | 1): Side => ({
    baseUrl: nodes[index].baseUrl,
    path,
    connections,
    credentialsKey,
    readNodeUsage: () => readers[index].read(),
  });
  try {
    return await measureInterleaved(lab, { sides: [side(0), side(1)], windowMillis, rampMillis, sliceMillis });
  } finally {
    for (const reader of readers) reader.close();
  }
}

async function answerOf(standing: Standing, node: LabNode): Promise<number> {
  const path = standing.contestant.protectedPath;
  const answer = await askForBytes(node.baseUrl, path, standing.credentials[0]?.credential ?? null);
  return answer.answerBytes;
}

function runWindow(
  lab: Lab,
  standing: Standing,
  node: LabNode,
  durationMillis: number,
  ramp?: number,
): Promise<WindowSample> {
  const { connections, rampMillis } = lab.scenario.throughput ?? fallbackWindow;
  return measureWindow(
    {
      generator: lab.generator,
      readNodeUsage: () => readUsage(node),
      readRedisUsage: lab.readRedisUsage,
    },
    {
      baseUrl: node.baseUrl,
      path: standing.contestant.protectedPath,
      connections,
      rampMillis: ramp ?? rampMillis,
      credentialsKey: standing.contestant.name,
      durationMillis,
    },
  );
}
