/**
 * Sessions of lab users by the thousand, begun and ended by the product's own code without a connection for each: what is
 * in Redis afterwards is what as many logins and logouts over HTTP leave.
 */

import { terminateSession } from '../application/terminate-session.ts';
import { policyOf } from '../config/policy.ts';
import type { Config } from '../config.ts';
import type { LogEvent } from '../domain/events.ts';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { grantBody } from '../http/routes/grant-body.ts';
import { unconnected } from '../http/unconnected.ts';
import { labUser } from '../identity/lab-users.ts';
import { systemClock } from '../kernel/clock.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import { createStrategy } from '../strategies/registry.ts';
import { knowsNothing } from './followed-log.ts';
import { openKeys } from './keys.ts';
import { watchLog } from './watched-log.ts';

/** What a login over HTTP would have answered. */
export interface BulkLogin {
  readonly user: string;
  readonly setCookies: readonly string[];
  readonly body: string;
}

export interface BulkSessions {
  /**
   * One session for each of `count` lab users from number `first` on. Returns the answers of every `kept`-th of them,
   * the first included; of none for 0. Throws as the strategy's login does.
   */
  begin(first: number, count: number, kept: number): Promise<readonly BulkLogin[]>;
  /** Ends what was begun here for these users, as logout does. Throws as `terminateSession`. */
  end(first: number, count: number): Promise<void>;
  close(): Promise<void>;
}

/** Nobody waits for an answer, and a Redis that rewrites its file while it is filled may take its time. */
const patienceMillis = 10_000;

/** So many are under way at the same time: enough to keep one Redis busy. */
const concurrency = 64;

/**
 * Of the configuration's default strategy. It waits for no other node: where a strategy's logout does, whoever fills a realm
 * must not ask its nodes meanwhile. Throws ERR_INPUT_INVALID outside of the lab; as `openKeys`.
 */
export async function openBulkSessions(config: Config): Promise<BulkSessions> {
  const { identity, strategy: name, redisUrl: url, realm, partitions, replicas, issuer } = config;
  if (!config.lab || identity.kind !== 'lab') {
    throw new AuthlabError('ERR_INPUT_INVALID', 'Only a realm of the lab is filled with sessions.');
  }
  const { roles } = identity;
  const sids = new Map<string, string>();
  const log = watchLog(
    connectRedisEventLog({ url, realm, partitions, replicas, commandTimeoutMillis: patienceMillis }),
    { appended: (events) => remember(sids, events) },
  );
  const policy = policyOf(config);
  const context = { log, clock: systemClock, random: systemRandomBytes, policy, deadlineMillis: patienceMillis };
  const { ring, signing } = await openKeys(config, context, () => undefined);
  const records = { read: log.readRecord };
  const strategy = createStrategy(name, { context, keys: ring, issuer, revocations: knowsNothing, records });
  const exchange = unconnected(strategy);

  async function login(user: string): Promise<BulkLogin> {
    const { value: result, setCookies } = await exchange((one) => strategy.login(one, { sub: user, roles }));
    if (!result.ok) throw new AuthlabError('ERR_INPUT_INVALID', `The strategy refused a session: ${result.refusal}.`);
    return { user, setCookies, body: JSON.stringify(grantBody(result.grant)) };
  }

  return {
    async begin(first, count, kept) {
      const answers: BulkLogin[] = [];
      await each(count, async (index) => {
        const answer = await login(labUser(first + index));
        if (kept > 0 && index % kept === 0) answers[index / kept] = answer;
      });
      return answers;
    },
    async end(first, count) {
      const { revocation } = strategy.traits;
      await each(count, async (index) => {
        const sub = labUser(first + index);
        const sid = sids.get(sub);
        if (sid === undefined) return;
        await terminateSession(context, { sub, sid, reason: 'logout', revocation });
        sids.delete(sub);
      });
    },
    async close() {
      await signing?.stop();
      await log.close();
    },
  };
}

/** The last session of each user. */
function remember(sids: Map<string, string>, events: readonly LogEvent[]): void {
  for (const event of events) if (event.type === 'SessionStarted') sids.set(event.sub, event.sid);
}

/** The first fault ends it, once what is under way has come to an end. */
async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    try {
      while (next < count) await work(next++);
    } catch (error) {
      next = count;
      throw error;
    }
  };
  const workers = Array.from({ length: Math.min(count, concurrency) }, worker);
  await Promise.allSettled(workers);
  await Promise.all(workers);
}
