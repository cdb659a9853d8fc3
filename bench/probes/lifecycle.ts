/** Sessions of many users, step by step: what each step takes the client, and what node and Redis spend on it. */

import type { NodeUsage } from '../environment/environment.ts';
import { type RedisUsage, redisUsageBetween } from '../environment/redis-usage.ts';
import type { LifecycleMeasured, LifecycleOperation, Spending } from '../record/lifecycle-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { ExchangeConnection } from '../workload/exchange.ts';
import { SessionClient, type SessionStep } from '../workload/session-client.ts';
import { interruptibleDelay } from './interruptible-delay.ts';

export interface LifecycleParts {
  readonly contestant: Contestant;
  readonly readNodeUsage: () => Promise<NodeUsage>;
  readonly readRedisUsage: () => Promise<RedisUsage>;
  readonly signal: AbortSignal;
}

/** As much of the recorded event as one turn knows. */
export type LifecycleTurn = Pick<LifecycleMeasured, 'operation' | 'durationsMicros' | 'spent' | 'resting'>;

/** Not ok: a step was not answered as it must be, and the sentence says which; nothing of the turn is worth anything. */
export type LifecycleOutcome =
  | { readonly ok: true; readonly operations: readonly LifecycleTurn[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Logs in every user at the contestant's first node, then refreshes every session (where there is a refresh), then logs
 * every one out, one request after the other over one kept connection. Throws ERR_INTERRUPTED when `signal` fires.
 */
export async function runLifecycles(parts: LifecycleParts, users: readonly string[]): Promise<LifecycleOutcome> {
  const { contestant } = parts;
  const { refreshPath } = contestant;
  const connection = new ExchangeConnection(contestant.nodes[0] ?? '');
  const client = new SessionClient(contestant, connection);
  try {
    const login = await measure(parts, 'login', users, (user) => client.logIn(user));
    if (!login.ok) return login;
    const refresh =
      refreshPath === null
        ? null
        : await measure(parts, 'refresh', login.credentials, (held) => client.refresh(held, refreshPath));
    if (refresh !== null && !refresh.ok) return refresh;
    const { credentials } = refresh ?? login;
    const logout = await measure(parts, 'logout', credentials, (held) => client.logOut(held));
    if (!logout.ok) return logout;
    return { ok: true, operations: [login.turn, ...(refresh === null ? [] : [refresh.turn]), logout.turn] };
  } finally {
    await connection.close();
  }
}

type Measured =
  | { readonly ok: true; readonly turn: LifecycleTurn; readonly credentials: readonly Credential[] }
  | { readonly ok: false; readonly reason: string };

/**
 * One operation on every item. What the readings cost, and what goes on anyway (beats of nodes, timers of Redis), is in
 * the stretch that follows as well, which is as long and in which nothing is asked.
 */
async function measure<Item>(
  parts: LifecycleParts,
  operation: LifecycleOperation,
  items: readonly Item[],
  work: (item: Item) => Promise<SessionStep>,
): Promise<Measured> {
  const credentials: Credential[] = [];
  const durationsMicros: number[] = [];
  const before = await read(parts);
  const startedAt = performance.now();
  for (const item of items) {
    parts.signal.throwIfAborted();
    const { exchanged, credential } = await work(item);
    if (credential === null) return { ok: false, reason: `a ${operation} was answered with ${exchanged.status}` };
    credentials.push(credential);
    durationsMicros.push(Math.round((exchanged.receivedAt - exchanged.sentAt) * 1_000));
  }
  const tookMillis = performance.now() - startedAt;
  const between = await read(parts);
  await interruptibleDelay(tookMillis, parts.signal);
  const spent = spendingOf(before, between);
  const resting = spendingOf(between, await read(parts));
  return { ok: true, turn: { operation, durationsMicros, spent, resting }, credentials };
}

type Reading = readonly [RedisUsage, NodeUsage];

function read({ readRedisUsage, readNodeUsage }: LifecycleParts): Promise<Reading> {
  return Promise.all([readRedisUsage(), readNodeUsage()]);
}

function spendingOf([redisBefore, nodeBefore]: Reading, [redisAfter, nodeAfter]: Reading): Spending {
  const redis = redisUsageBetween(redisBefore, redisAfter);
  return {
    durationMillis: nodeAfter.atMillis - nodeBefore.atMillis,
    nodeCpuMicros: nodeAfter.cpuMicros - nodeBefore.cpuMicros,
    redisCpuMicros: redis.cpuMicros,
    redisCommands: redis.commands,
    redisReads: redis.reads,
    redisNetworkBytes: redis.networkBytes,
  };
}
