/** What every step of a run works with, and how it says what it found. */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { LabSecrets, NodeRequest } from '../environment/environment.ts';
import type { OpenEnvironment } from '../environment/open-environment.ts';
import type { RedisUsage } from '../environment/redis-usage.ts';
import type { LoadGenerator } from '../load/generator-client.ts';
import type { InterleavedParts } from '../load/interleaved.ts';
import type { Recorder } from '../record/recorder.ts';
import type { RunEvent } from '../record/run-events.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Progress } from './progress.ts';

export interface Lab {
  readonly scenario: Scenario;
  readonly environment: OpenEnvironment;
  readonly generator: LoadGenerator;
  /** For sides that take turns: it may stay awake between answers. Perhaps the same one. */
  readonly pairGenerator: LoadGenerator;
  readonly readRedisUsage: () => Promise<RedisUsage>;
  /** Throws ERR_ENVIRONMENT_REDIS, with the remedy, when the run's Redis takes no writes any more. */
  readonly demandRedis: () => Promise<void>;
  /** How nodes reach Redis: its own address, or that of a link in between. */
  readonly redisUrl: string;
  /** Settings of every node, unless a step asks for others. */
  readonly nodeDefaults: Pick<NodeRequest, 'claims'>;
  /** Nodes of this realm share log, secrets and sessions. */
  readonly realm: string;
  readonly secrets: LabSecrets;
  /** Chooses moments, not secrets. */
  readonly random: RandomFraction;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly record: (event: Undated<RunEvent>) => void;
}

/** Who sends by turns, and who reads what Redis did meanwhile. */
export function pairParts({ pairGenerator, readRedisUsage }: Lab): InterleavedParts {
  return { generator: pairGenerator, readRedisUsage };
}

/** An event before it is stamped with the time at which it was recorded. */
export type Undated<Event> = Event extends RunEvent ? Omit<Event, 'at'> : never;

/** Once the signal has fired nothing is recorded any more: what steps still find then, they find among what is being stopped. */
export function recordTo(recorder: Recorder, signal: AbortSignal): Lab['record'] {
  return (event) => {
    signal.throwIfAborted();
    recorder.append({ ...event, at: new Date().toISOString() });
  };
}
