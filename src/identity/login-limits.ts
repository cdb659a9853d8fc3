/**
 * How often a password may be guessed (ASVS 6.3.1, OWASP's authentication cheat sheet). Failures are counted for a user
 * together with the network they come from, and for that network alone; never for the user alone, because then whoever
 * knows a name could lock its owner out.
 */

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { sha256 } from '../kernel/digest.ts';

export interface LoginLimits {
  /** Counts an attempt as failed before the password is looked at. Never throws, never waits longer than the store's deadline. */
  begin(network: string, username: string): Promise<LoginAttempt>;
}

export type LoginAttempt =
  | {
      readonly ok: true;
      /** The password was right: the user's failures from this network are forgotten, and this attempt was none. */
      succeed(): Promise<void>;
      /** The password was wrong, or led nowhere: the attempt stays counted. */
      fail(): void;
      /** Nothing was judged: this attempt was none. */
      withdraw(): Promise<void>;
    }
  | { readonly ok: false; readonly retryAfterSeconds: number };

export interface LoginLimitOptions {
  /** Within 15 minutes. */
  readonly failuresPerUserAndAddress: number;
  /** Within an hour, of whatever users. */
  readonly failuresPerAddress: number;
  /** An ioredis client with a short deadline, which all nodes share; without one, and while it is away, each node counts for itself. */
  readonly store: { readonly client: unknown; readonly keyPrefix: string } | null;
}

export const loginWindowsSeconds = { userAndAddress: 900, address: 3_600 } as const;

type Limiter = RateLimiterMemory | RateLimiterRedis;

export function createLoginLimits(options: LoginLimitOptions): LoginLimits {
  const { store, failuresPerUserAndAddress, failuresPerAddress } = options;
  const pairs = limiter(store, 'user', failuresPerUserAndAddress, loginWindowsSeconds.userAndAddress);
  const networks = limiter(store, 'address', failuresPerAddress, loginWindowsSeconds.address);
  return {
    async begin(network, username) {
      // The network first: one that has used up its attempts leaves no key for each name it makes up.
      const refused = await consume(networks, network);
      if (refused !== null) return refused;
      // A digest, because a name may be of any length here, and may hold anything.
      const pair = sha256(`${network} ${username}`);
      const refusedPair = await consume(pairs, pair);
      if (refusedPair !== null) {
        // The password was not looked at. Neighbours behind the same address do not pay for somebody's persistence.
        await networks.reward(network);
        return refusedPair;
      }
      return {
        ok: true,
        async succeed() {
          await Promise.all([pairs.delete(pair), networks.reward(network)]);
        },
        fail() {},
        async withdraw() {
          await Promise.all([pairs.reward(pair), networks.reward(network)]);
        },
      };
    },
  };
}

const granted: LoginAttempt = { ok: true, async succeed() {}, fail() {}, async withdraw() {} };

/** For the lab, which logs in thousands of users from one address. */
export const noLoginLimits: LoginLimits = { begin: async () => granted };

function limiter(store: LoginLimitOptions['store'], kind: string, points: number, duration: number): Limiter {
  const ownCount = new RateLimiterMemory({ points, duration, keyPrefix: kind });
  if (store === null) return ownCount;
  return new RateLimiterRedis({
    storeClient: store.client,
    keyPrefix: `${store.keyPrefix}:${kind}`,
    points,
    duration,
    rejectIfRedisNotReady: true,
    insuranceLimiter: ownCount,
  });
}

async function consume(limiter: Limiter, key: string): Promise<Extract<LoginAttempt, { ok: false }> | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)) };
  }
}
