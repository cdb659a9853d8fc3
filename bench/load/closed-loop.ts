/** A closed loop by autocannon: every connection sends its next request as soon as it has the answer to the last. */

import autocannon from 'autocannon';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { CredentialPool } from './credential-pool.ts';
import { deferred } from './deferred.ts';
import { createLatencyHistogram, encodeLatencies, recordLatency } from './histogram.ts';
import { Spending } from './spending.ts';
import { Turns } from './turns.ts';

export interface LoadTarget {
  /** `http://host:port`, no slash at the end. */
  readonly baseUrl: string;
  readonly path: string;
  readonly connections: number;
}

/** What a load did between its start and its end, as the generator saw it. */
export interface LoadResult {
  /** Answers received, whatever their status. */
  readonly requests: number;
  /** From the first request to the last answer that was waited for, less the time in which the load was held. */
  readonly durationMillis: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Connection errors and timeouts. */
  readonly errors: number;
  /** Of the generator's process in that time, user and system; with what it took to stay awake. */
  readonly generatorCpuMicros: number;
  /** Of the generator's process in that time, 0 to 1; without what it took to stay awake. */
  readonly generatorEventLoopUtilisation: number;
  /**
   * From sending a request to the end of its answer, in microseconds: HdrHistogram V2, compressed, base64. The first
   * request of each connection is not in it: autocannon's clock runs there while the connection is still being made.
   */
  readonly latencyHistogram: string;
}

export interface RunningLoad {
  /** Resolves when every connection has had an answer, or the load has ended without. Never rejects. */
  readonly flowing: Promise<void>;
  /** Settles when the load has ended: after `stop`, or early because the target cannot be reached. */
  readonly ended: Promise<LoadResult>;
  /** Sends nothing more until `go`; the connections stay. Returns when every request is answered. */
  hold(): Promise<void>;
  go(): void;
  /** How long it has not been held, as `durationMillis` of its result; told while it is held. */
  sendingMillis(): number;
  /** How many have come so far. */
  answers(): number;
  /** Ends the load within a few milliseconds; requests that have no answer by then are cut off and not counted. */
  stop(): Promise<LoadResult>;
}

/** autocannon obeys `stop` only at its next sampling tick; this is how far apart those are. */
const samplingMillis = 5;
/** A load ends when it is told to: autocannon's own duration must only be longer than that. */
const longerThanAnyRunSeconds = 86_400;
const requestTimeoutSeconds = 10;
/** A target that refuses connections is retried without a pause: so many errors in a row of windows end it. */
const bearableErrors = 1_000;

/** autocannon's client asks this method of its own for the bytes of each request; its types do not list it. */
interface RequestSource {
  getRequestBuffer(): Buffer;
}

/** Starts asking. Throws ERR_INPUT_INVALID when autocannon refuses the target. */
export function startClosedLoop(target: LoadTarget, pool: CredentialPool): RunningLoad {
  const histogram = createLatencyHistogram();
  const answers = new Map<number, number>();
  let errors = 0;
  let requests = 0;
  const nextRequest = pool.rotation(target.baseUrl, target.path);
  const turns = new Turns();
  const spent = new Spending();
  let silent = target.connections;
  const flowing = deferred<void>();

  const setupClient = (client: autocannon.Client): void => {
    rotate(client, nextRequest);
    turns.admit(client);
    let connecting = true;
    client.on('response', (statusCode, _bytes, latencyMillis) => {
      requests += 1;
      answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
      if (!connecting) {
        recordLatency(histogram, latencyMillis);
        return;
      }
      connecting = false;
      silent -= 1;
      if (silent === 0) flowing.resolve();
    });
  };

  const { promise, resolve, reject } = deferred<LoadResult>();
  const instance = autocannon({ ...fixedOptions(target), setupClient }, (error) => {
    if (error) {
      reject(new AuthlabError('ERR_INPUT_INVALID', 'the load cannot be sent there', { cause: error }));
      return;
    }
    spent.pause();
    resolve({
      requests,
      durationMillis: spent.durationMillis,
      statuses: Object.fromEntries([...answers].map(([status, count]) => [`${status}`, count])),
      errors,
      generatorCpuMicros: spent.cpuMicros,
      generatorEventLoopUtilisation: spent.eventLoopUtilisation,
      latencyHistogram: encodeLatencies(histogram),
    });
  });
  instance.on('reqError', () => {
    errors += 1;
  });
  void promise.catch(() => undefined).then(() => flowing.resolve());
  return {
    flowing: flowing.promise,
    ended: promise,
    async hold() {
      await turns.hold();
      spent.pause();
    },
    go() {
      spent.resume();
      turns.go();
    },
    sendingMillis: () => spent.durationMillis,
    answers: () => requests,
    stop() {
      instance.stop();
      return promise;
    },
  };
}

/** One window: a load that ends after `durationMillis`, a few milliseconds later, or early when nobody answers. */
export async function runClosedLoopWindow(
  target: LoadTarget,
  pool: CredentialPool,
  durationMillis: number,
): Promise<LoadResult> {
  const load = startClosedLoop(target, pool);
  const timer = setTimeout(() => void load.stop().catch(() => undefined), durationMillis);
  try {
    return await load.ended;
  } finally {
    clearTimeout(timer);
  }
}

function fixedOptions(target: LoadTarget): autocannon.Options {
  return {
    url: `${target.baseUrl}${target.path}`,
    connections: target.connections,
    duration: longerThanAnyRunSeconds,
    sampleInt: samplingMillis,
    timeout: requestTimeoutSeconds,
    bailout: bearableErrors,
    skipAggregateResult: true,
  };
}

function rotate(client: autocannon.Client & Partial<RequestSource>, nextRequest: () => Buffer): void {
  if (client.getRequestBuffer === undefined) {
    throw new AuthlabError('ERR_ENVIRONMENT', 'this version of autocannon gives no way to rotate credentials');
  }
  client.getRequestBuffer = nextRequest;
}
