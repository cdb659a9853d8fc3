/** The steps before and during load: is it correct, how large is its credential, what does a check cost. */

import { createPrivateKey } from 'node:crypto';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { Traits } from '../../src/strategies/strategy.ts';
import type { LabNode, LabSecrets } from '../environment/environment.ts';
import { readUsage, UsageReader } from '../environment/node.ts';
import { type InterleavedWindows, measureInterleaved, type RedisBackground, type Side } from '../load/interleaved.ts';
import { askForBytes } from '../probes/answer.ts';
import { checkCorrectness } from '../probes/correctness.ts';
import type { ContestantDescribed, PairMeasured } from '../record/run-events.ts';
import { warmUpWindowMillis } from '../scenario/load-estimates.ts';
import { type ThroughputPlan, throughputSchema } from '../scenario/schema.ts';
import { claimsText } from '../scenario/token-size-schema.ts';
import { type BulkLogInOptions, bulkLogIn } from '../workload/bulk-log-in.ts';
import { clientFault } from '../workload/client-life.ts';
import { boundMillisOf, type Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { attemptLogIn, logIn, logInUser } from '../workload/log-in.ts';
import { type Lab, pairParts } from './lab.ts';
import { recordRefusal } from './refused-login.ts';
import type { Pair, Stage } from './stage.ts';

/** Users of the checks: none that a window or a trial uses. */
const firstCheckUser = 900_000;
const fallbackWindow = throughputSchema.parse({});

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
  const { claims } = lab.nodeDefaults;
  if (claims !== undefined && !(await logsInWith(lab, stage, contestant, claimsText(claims)))) return;
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

/** Whether users of these claims can be logged in at all; a contestant that cannot is left out, and the record says why. */
async function logsInWith(lab: Lab, stage: Stage, contestant: Contestant, claims: string): Promise<boolean> {
  const attempt = await attemptLogIn(contestant, firstCheckUser, { signal: lab.signal });
  if (attempt.ok) return true;
  const { name } = contestant;
  recordRefusal(lab, name, claims, attempt.status);
  stage.exclude(name);
  lab.progress.note(`${name} is left out: a login of a user with ${claims} is refused (status ${attempt.status})`);
  return false;
}

/** The registry tells the usual length of an RSA key; a run may have made another. */
function signatureInUse({ signature }: Traits, { rs256PrivateKeyPem }: LabSecrets): ContestantDescribed['signature'] {
  if (signature === undefined || !/^[RP]S/.test(signature.algorithm)) return signature ?? null;
  const keyBits = createPrivateKey(rs256PrivateKeyPem).asymmetricKeyDetails?.modulusLength ?? signature.keyBits;
  return { ...signature, keyBits };
}

/** Above so many credentials most are issued in bulk: by the same code, without a connection for each. */
const loginsOverHttp = 2_000;

/** Logs in as many users as there are credentials in rotation and hands them to the generator. */
export async function prepareCredentials(lab: Lab, stage: Stage, name: string, count: number): Promise<void> {
  const { contestant } = await stage.standing(name);
  const startedAt = performance.now();
  const options = {
    signal: lab.signal,
    onProgress: (done: number) => lab.progress.step(`${name} ${done} of ${count}`),
  };
  const requested = Math.min(count, loginsOverHttp);
  const credentials = [
    ...(await logIn(contestant, requested, options)),
    ...(await inBulk(stage, contestant, count - requested, { ...options, firstUser: requested })),
  ];
  stage.keepCredentials(name, credentials);
  const headers = credentials.map(({ credential }) => credential.headersFor(contestant.protectedPath));
  for (const generator of new Set([lab.generator, lab.pairGenerator])) await generator.keepCredentials(name, headers);
  const durationMillis = performance.now() - startedAt;
  const bulk = count - requested;
  lab.record({ type: 'CredentialsPrepared', contestant: name, count, ...(bulk > 0 && { bulk }), durationMillis });
}

async function inBulk(stage: Stage, contestant: Contestant, count: number, options: BulkLogInOptions) {
  if (count === 0) return [];
  const fill = await stage.fill(contestant.name);
  try {
    return await bulkLogIn(fill, contestant, count, options);
  } finally {
    await fill.stop();
  }
}

const nothingMeasured: RedisBackground = { cpuMicros: 0, commands: 0, networkBytes: 0 };

/**
 * Load on both of a pair, so that what is measured has been compiled. In many short windows, not in one: connections that
 * come and go and counters that are read between requests make the engine throw optimised code away, until it has seen
 * them often enough to keep it.
 */
export async function warmUp(lab: Lab, stage: Stage, name: string, durationMillis: number): Promise<void> {
  const pair = await stage.pair(name);
  const times = { windowMillis: warmUpWindowMillis, rampMillis: 0 };
  const warm = () => interleavedWindows(lab, pair, { asking: 0, redisBackground: nothingMeasured, times });
  for (let left = durationMillis; left > 0; left -= warmUpWindowMillis) await warm();
  if (lab.scenario.throughput?.warmupEveryToken !== true) return;
  // They come in turns: after as many look-ups as there are tokens, each has been looked up.
  let looked = await tokenLookups(pair.node);
  for (let before = -1; looked > before && looked < lab.scenario.credentials; ) {
    lab.signal.throwIfAborted();
    await warm();
    before = looked;
    looked = await tokenLookups(pair.node);
  }
}

/** 0 where no token is looked up. */
async function tokenLookups(node: LabNode): Promise<number> {
  return (await readUsage(node)).tokenLookups ?? 0;
}

export interface PairOrder {
  readonly round: number;
  readonly order: 'contestant-first' | 'reference-first';
  readonly process: number;
}

/** Two adjacent windows, the contestant's and the reference's, over the same bytes. */
export async function measurePair(
  lab: Lab,
  stage: Stage,
  name: string,
  asked: PairOrder,
): Promise<Omit<PairMeasured, 'at'>> {
  const { round, order, process } = asked;
  const pair = await stage.pair(name);
  const { node, reference } = pair;
  const [credential = null] = stage.credentialsOf(name).map((login) => login.credential);
  const contestantAnswer = await answerBytes(pair, node, credential);
  const referenceAnswer = await answerBytes(pair, reference, credential);
  const isFirst = order === 'contestant-first';
  const redisBackground = await stage.redisBackground();
  const [first, second] = await interleavedWindows(lab, pair, { asking: isFirst ? 0 : 1, redisBackground });
  const measured = {
    type: 'PairMeasured' as const,
    contestant: name,
    round,
    order,
    ...(process > 1 && { process }),
    contestantSample: isFirst ? first : second,
    referenceSample: isFirst ? second : first,
    contestantAnswerBytes: contestantAnswer,
    referenceAnswerBytes: referenceAnswer,
  };
  lab.record(measured);
  return measured;
}

interface WindowsAsked extends Pick<InterleavedWindows, 'asking' | 'redisBackground'> {
  readonly times?: Pick<ThroughputPlan, 'windowMillis' | 'rampMillis'>;
}

/** The contestant is the side that asks Redis, and begins when it is the first. */
async function interleavedWindows(lab: Lab, { contestant, node, reference }: Pair, asked: WindowsAsked) {
  const { asking, redisBackground, times } = asked;
  const { connections, sliceMillis, ...planned } = lab.scenario.throughput ?? fallbackWindow;
  const { windowMillis, rampMillis } = times ?? planned;
  const nodes = asking === 0 ? ([node, reference] as const) : ([reference, node] as const);
  const readers = [new UsageReader(nodes[0]), new UsageReader(nodes[1])] as const;
  const side = (index: 0 | 1): Side => ({
    baseUrl: nodes[index].baseUrl,
    path: contestant.protectedPath,
    connections,
    credentialsKey: contestant.name,
    readNodeUsage: () => readers[index].read(),
  });
  const sides = [side(0), side(1)] as const;
  try {
    return await measureInterleaved(pairParts(lab), {
      sides,
      asking,
      redisBackground,
      windowMillis,
      rampMillis,
      sliceMillis,
    });
  } finally {
    for (const reader of readers) reader.close();
  }
}

async function answerBytes({ contestant }: Pair, node: LabNode, credential: Credential | null): Promise<number> {
  return (await askForBytes(node.baseUrl, contestant.protectedPath, credential)).answerBytes;
}
