/** A run from its first event to its last: whatever happens in between, what was measured is kept and nothing is left. */

import { rmSync } from 'node:fs';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { seededFraction, systemRandomBytes } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import { type OpenEnvironment, openEnvironment } from '../environment/open-environment.ts';
import { randomRealm } from '../environment/realms.ts';
import { connectRedis, redisAddress } from '../environment/redis-client.ts';
import { usageOfRedis } from '../environment/redis-usage.ts';
import { demandWrites } from '../environment/redis-writes.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { deferred } from '../load/deferred.ts';
import { startGenerator } from '../load/generator-client.ts';
import { openRecorder, type Recorder } from '../record/recorder.ts';
import { recordVersion } from '../record/run-events.ts';
import type { Scenario } from '../scenario/schema.ts';
import { planScenario } from '../scenario/sweep.ts';
import { type Lab, recordTo } from './lab.ts';
import { perform } from './perform.ts';
import type { Progress } from './progress.ts';
import { provenance } from './provenance.ts';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly runsFolder: string;
  readonly redisUrl?: string | undefined;
  readonly progress: Progress;
  /** Its reason is what the run ends with. */
  readonly signal: AbortSignal;
  /** What is done with the lab; absent: the steps that the scenario asks for. */
  readonly work?: (lab: Lab) => Promise<void>;
  /** The compiled program of every node; absent: authlab's own server. */
  readonly serverPath?: string;
}

export interface FinishedRun {
  readonly folder: string;
  /** What ended the run early; null when it is complete. */
  readonly fault: unknown;
}

/**
 * Runs a scenario and returns when its record is complete and every process it started is gone. Throws, leaving nothing,
 * what prevents the start: ERR_OUTPUT, ERR_ENVIRONMENT_REDIS, ERR_INPUT_INVALID.
 */
export async function runScenario(options: RunOptions): Promise<FinishedRun> {
  const { scenario, runsFolder, progress, signal } = options;
  const startedAtMillis = Date.now();
  const recorder = openRecorder({ runsFolder, scenarioName: scenario.name, startedAtMillis });
  let environment: OpenEnvironment | null = null;
  let fault: unknown = null;
  const end = new AbortController();
  try {
    const { redisUrl, serverPath } = options;
    const opening = openEnvironment({ redisUrl, onNote: progress.note, ...(serverPath && { serverPath }) });
    environment = await interruptible(opening, signal, (late) => late.close());
    recordStart(recorder, scenario, environment, startedAtMillis);
    const work = measure({ ...options, signal: AbortSignal.any([signal, end.signal]) }, environment, recorder);
    // After an interruption nobody waits for it any more; its processes are stopped under its feet.
    work.catch(() => undefined);
    await interruptible(Promise.race([work, environment.parts.lost]), signal);
  } catch (error) {
    if (environment === null) {
      recorder.close();
      rmSync(recorder.folder, { recursive: true, force: true });
      throw error;
    }
    fault = await causeOf(error, environment);
    end.abort(fault);
  } finally {
    // Stopping comes first: a second signal may end this process at any moment.
    await environment?.close();
  }
  recordEnd(recorder, fault, Date.now() - startedAtMillis);
  recorder.close();
  return { folder: recorder.folder, fault };
}

async function measure(options: RunOptions, environment: OpenEnvironment, recorder: Recorder): Promise<void> {
  const { scenario, progress, signal, work = performScenario } = options;
  const { url } = environment.redis;
  const client = await connectRedis(url);
  const demandRedis = () => demandWrites(client, redisAddress(url));
  try {
    const generators = await startGenerators(environment);
    try {
      await work({
        scenario,
        environment,
        ...generators,
        readRedisUsage: () => usageOfRedis(client),
        demandRedis,
        redisUrl: url,
        nodeDefaults: {},
        realm: randomRealm(systemRandomBytes),
        secrets: await createLabSecrets(systemRandomBytes),
        random: seededFraction(scenario.seed),
        progress,
        signal,
        record: recordTo(recorder, signal),
      });
    } catch (error) {
      // A node without its Redis fails in many ways; the user can mend only the one.
      if (!signal.aborted && !isAuthlabError(error, 'ERR_OUTPUT')) await demandRedis();
      throw error;
    } finally {
      await generators.pairGenerator.close();
      await generators.generator.close();
    }
  } finally {
    client.disconnect();
  }
}

/** One for all; or two, where the one that stays awake has its core only while nobody else wants it. */
async function startGenerators({ supervisor, machine }: OpenEnvironment) {
  const { pinning, generatorWaiting: waiting } = machine;
  const place = { supervisor, ...(pinning && { cores: pinning.generator }) };
  const pairGenerator = await startGenerator({ ...place, ...(waiting && { waiting }) });
  const generator = waiting === 'awake-giving-way' ? await startGenerator(place) : pairGenerator;
  return { generator, pairGenerator };
}

function performScenario(lab: Lab): Promise<void> {
  return perform(
    lab,
    planScenario(lab.scenario, (strategy) => traitsOf(strategy).bound),
  );
}

/** How much later than its consequences the end of a part is heard of. */
const lossMillis = 300;

/** A part that was lost explains whatever failed with it, but not that the disk is full or that the user has ended the run. */
async function causeOf(error: unknown, { parts }: OpenEnvironment): Promise<unknown> {
  if (isAuthlabError(error, 'ERR_OUTPUT', 'ERR_INTERRUPTED')) return error;
  return (await parts.within(lossMillis)) ?? error;
}

function recordStart(recorder: Recorder, scenario: Scenario, environment: OpenEnvironment, startedAtMillis: number) {
  recorder.append({
    type: 'RunStarted',
    at: new Date(startedAtMillis).toISOString(),
    recordVersion,
    runId: recorder.runId,
    scenario,
    seed: scenario.seed,
    machine: environment.machine,
    redis: environment.redis.facts,
    ...provenance(),
  });
}

function recordEnd(recorder: Recorder, fault: unknown, durationMillis: number): void {
  const at = new Date().toISOString();
  if (fault === null) {
    recorder.append({ type: 'RunEnded', at, outcome: 'completed', durationMillis });
    return;
  }
  const outcome = isAuthlabError(fault, 'ERR_INTERRUPTED') ? 'aborted' : 'failed';
  const code = isAuthlabError(fault) ? fault.code : 'ERR_PART_CRASHED';
  const message = fault instanceof Error ? fault.message : String(fault);
  recorder.append({ type: 'RunEnded', at, outcome, durationMillis, fault: { code, message } });
}

/** The promise, or the signal's reason when it fires first; what comes too late is handed to `tidy`. */
async function interruptible<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  tidy?: (late: Value) => Promise<void>,
): Promise<Value> {
  const { promise: interrupted, reject } = deferred<never>();
  const interrupt = () => reject(signal.reason ?? new AuthlabError('ERR_INTERRUPTED', 'interrupted'));
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    return await Promise.race([promise, interrupted]);
  } catch (error) {
    if (signal.aborted && tidy !== undefined) await promise.then(tidy, () => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
    interrupted.catch(() => undefined);
  }
}
