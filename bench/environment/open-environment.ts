/** Opens what a run stands on, and closes all of it again, whether or not it ever stood completely. */

import { type GeneratorWaiting, type Pinning, planPinning, planWaiting } from './cores.ts';
import type { Environment, LabNode, NodeRequest, SessionFill, Supervisor } from './environment.ts';
import { LostParts } from './lost-parts.ts';
import { readMachine } from './machine.ts';
import { startNode } from './node.ts';
import { removeRealm } from './realms.ts';
import { openRedis, type RedisSearch } from './redis.ts';
import { redisAddress } from './redis-client.ts';
import { startSessionFill } from './session-fill.ts';
import { startSupervisor } from './supervisor.ts';

export interface EnvironmentOptions {
  /** The `--redis-url` flag. Absent: `REDIS_URL` of `env`, then whatever this machine has. */
  readonly redisUrl?: string | undefined;
  /** Something the user should know that is no fault: what is being started, what could not be tidied up. */
  readonly onNote: (text: string) => void;
  /** Absent: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Compiled programs, absent: this package's own. */
  readonly watchdogPath?: string;
  readonly serverPath?: string;
}

export interface OpenEnvironment extends Environment {
  /** Nodes, and a Redis that was started here: ERR_PART_CRASHED, ERR_ENVIRONMENT_REDIS. */
  readonly parts: LostParts;
  /** Stops nodes and Redis, takes the run's realms out of a Redis that was given by URL. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the supervisor, finds Redis and plans the cores. When it throws, nothing is left behind.
 * @throws ERR_INPUT_INVALID, ERR_ENVIRONMENT_REDIS as `openRedis`; ERR_PART_CRASHED as `startSupervisor`.
 */
export async function openEnvironment(options: EnvironmentOptions): Promise<OpenEnvironment> {
  const { watchdogPath, env = process.env } = options;
  const supervisor = await startSupervisor({ env, ...(watchdogPath !== undefined && { watchdogPath }) });
  try {
    const pinning = await planPinning();
    const redis = await openRedis({
      supervisor,
      given: givenRedis(options.redisUrl, env),
      searchPath: env.PATH,
      cores: pinning?.redis,
      onNote: options.onNote,
    });
    const generatorWaiting = await planWaiting(pinning);
    return assemble(options, supervisor, { pinning, generatorWaiting }, redis);
  } catch (error) {
    await supervisor.close();
    throw error;
  }
}

function assemble(
  { onNote, serverPath }: EnvironmentOptions,
  supervisor: Supervisor,
  plan: { readonly pinning: Pinning | null; readonly generatorWaiting: GeneratorWaiting },
  redis: Environment['redis'],
): OpenEnvironment {
  const realms = new Set<string>();
  const parts = new LostParts();
  if (redis.child !== null) {
    parts.relyOn(
      redis.child,
      `Redis at ${redisAddress(redis.url)}, which the lab had started,`,
      'ERR_ENVIRONMENT_REDIS',
    );
  }
  let nodes = 0;
  let closed: Promise<void> | null = null;

  const placed = (request: NodeRequest): NodeRequest => {
    realms.add(request.realm);
    const cores = request.cores ?? plan.pinning?.node;
    return { ...request, ...(cores && { cores }) };
  };
  const close = async (): Promise<void> => {
    await supervisor.close();
    if (redis.facts.source !== 'url') return;
    for (const realm of realms) {
      await removeRealm(redis.url, realm).catch(() => onNote(`the keys of realm ${realm} are still in Redis`));
    }
  };
  return {
    supervisor,
    redis,
    parts,
    machine: readMachine(plan),
    async startNode(request: NodeRequest): Promise<LabNode> {
      const place = { supervisor, index: nodes, serverPath };
      nodes += 1;
      const node = await startNode(place, placed(request));
      parts.relyOn(
        node.child,
        `${node.child.name} at ${node.baseUrl} (${node.strategies.join(', ')})`,
        'ERR_PART_CRASHED',
      );
      return node;
    },
    startSessionFill(request: NodeRequest): Promise<SessionFill> {
      return startSessionFill({ supervisor }, placed(request));
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

function givenRedis(flag: string | undefined, env: NodeJS.ProcessEnv): RedisSearch['given'] {
  if (flag !== undefined) return { url: flag, place: 'flag --redis-url' };
  const url = env.REDIS_URL;
  return url === undefined || url === '' ? undefined : { url, place: 'environment REDIS_URL' };
}
