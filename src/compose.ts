/** Puts a server together from its configuration: the only file that knows every concrete part. */

import { createSecretKey, type KeyObject } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { CommandContext } from './application/context.ts';
import { someNeedPrivateKey } from './config/choose-strategies.ts';
import type { Config } from './config.ts';
import type { LifetimePolicy } from './domain/policy.ts';
import { checkRedis, type RedisCheck } from './eventlog/check-redis.ts';
import { connectRedisEventLog } from './eventlog/redis-event-log.ts';
import { RedisWatch } from './eventlog/redis-watch.ts';
import { dispatcher } from './http/dispatch.ts';
import { type HttpServer, listen } from './http/http-server.ts';
import { createServerApplication, serverSegments } from './http/server-application.ts';
import { createStrategyApplication } from './http/strategy-application.ts';
import { createDemoUsers, type DemoUsers } from './identity/demo-users.ts';
import type { IdentityProvider } from './identity/identity-provider.ts';
import { createLabUsers } from './identity/lab-users.ts';
import { createPasswordUsers } from './identity/password-users.ts';
import { systemClock } from './kernel/clock.ts';
import { systemRandomBytes } from './kernel/random.ts';
import { algorithms } from './keys/algorithms.ts';
import { jwkSet } from './keys/jwks.ts';
import { KeyRing } from './keys/key-ring.ts';
import { RevocationFollower, type RevocationView } from './projections/followed/follower.ts';
import type { FollowerDiagnostic } from './projections/followed/follower-status.ts';
import { createStrategy, traitsOf } from './strategies/registry.ts';
import type { Strategy } from './strategies/strategy.ts';

/** Where a server tells its operator what happens. */
export interface OperatorLog {
  /** A fault that nobody expected; it holds no credential unless a library put one there. */
  fault(error: unknown): void;
  /** Something about the contact to the log began or ended. */
  diagnostic(diagnostic: FollowerDiagnostic): void;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly redis: RedisCheck;
  /** Of the users made for this start; to be shown to whoever started it, and to nobody else. */
  readonly demoCredentials: DemoUsers['credentials'];
  /** Answers what was asked, for at most `graceMillis`, then lets go of everything. Safe to call twice. */
  stop(graceMillis?: number): Promise<void>;
}

const defaultGraceMillis = 3_000;

/**
 * Checks Redis, then listens. The server is ready (`/health/ready`) once it has caught up with the log, which may take
 * a moment more.
 * @throws ERR_ENVIRONMENT_REDIS, ERR_LOG_REFUSED before anything listens; ERR_ENVIRONMENT_PORT. Nothing is left behind.
 */
export async function compose(config: Config, operator: OperatorLog): Promise<RunningServer> {
  const redis = await checkRedis(config.redisUrl);
  const keys = new KeyRing(keysOf(config));
  const { provider, demoCredentials } = await usersOf(config);
  const { redisUrl: url, realm, partitions, redisTimeoutMillis } = config;
  const log = connectRedisEventLog({ url, realm, partitions, commandTimeoutMillis: redisTimeoutMillis });
  const follower = followerFor(config, log, operator);
  const watch = new RedisWatch(() => checkRedis(url));
  const context: CommandContext = {
    log,
    clock: systemClock,
    random: systemRandomBytes,
    policy: policyOf(config),
    deadlineMillis: redisTimeoutMillis,
  };
  const revocations: RevocationView = follower ?? knowsNothing;
  const strategies = config.strategies.map((name) =>
    createStrategy(name, { context, keys, issuer: config.issuer, revocations }),
  );

  let stopping: Promise<void> | null = null;
  const notReadyReasons = () => [
    ...(stopping === null ? [] : ['stopping']),
    ...watch.reasons(),
    ...(follower === null ? [] : reasonsOf(follower)),
  ];
  const letGo = async () => {
    watch.stop();
    await follower?.stop();
    await log.close();
  };

  let server: HttpServer;
  try {
    const handler = handlerFor(config, { strategies, provider, jwks: jwkSet(keys), notReadyReasons, operator });
    server = await listen(handler, config.host, config.port);
  } catch (error) {
    await letGo();
    throw error;
  }
  watch.start();
  follower?.start().catch(() => undefined);

  const stop = async (graceMillis: number) => {
    await server.stop(graceMillis);
    await letGo();
  };
  return {
    host: server.host,
    port: server.port,
    redis,
    demoCredentials,
    stop(graceMillis = defaultGraceMillis) {
      stopping ??= stop(graceMillis);
      return stopping;
    },
  };
}

interface Parts {
  readonly strategies: readonly Strategy[];
  readonly provider: IdentityProvider;
  readonly jwks: object;
  readonly notReadyReasons: () => readonly string[];
  readonly operator: OperatorLog;
}

function handlerFor(config: Config, { strategies, provider, jwks, notReadyReasons, operator }: Parts): RequestListener {
  const report = (error: unknown) => operator.fault(error);
  const { trustProxy, plainHttp } = config;
  const mounted = new Map(
    strategies.map((strategy): [string, RequestListener] => {
      const allowPlainHttp = plainHttp !== 'refuse';
      const options = { strategy, identity: provider, allowPlainHttp, trustProxy, report };
      return [strategy.name, createStrategyApplication(options).callback()];
    }),
  );
  const defaultStrategy = mounted.get(config.strategy);
  if (defaultStrategy === undefined) throw new TypeError('the configuration mounts its default strategy');
  const server = createServerApplication({
    strategies,
    defaultStrategy: config.strategy,
    jwks: () => jwks,
    notReadyReasons,
    lab: config.lab,
    report,
  });
  return dispatcher({ strategies: mounted, defaultStrategy, server: server.callback(), serverSegments });
}

function keysOf(config: Config): { secret: Buffer; rs256PrivateKey?: KeyObject } {
  const secret = config.secret ?? createSecretKey(systemRandomBytes(32));
  const { key } = algorithms.rs256;
  const invented = key.kind === 'pair' && someNeedPrivateKey(config.strategies) ? key.generate() : null;
  const rs256PrivateKey = config.rs256PrivateKey ?? invented;
  return { secret: secret.export(), ...(rs256PrivateKey === null ? {} : { rs256PrivateKey }) };
}

interface Users {
  readonly provider: IdentityProvider;
  readonly demoCredentials: DemoUsers['credentials'];
}

async function usersOf({ identity }: Config): Promise<Users> {
  switch (identity.kind) {
    case 'lab':
      return { provider: createLabUsers(identity.roles), demoCredentials: [] };
    case 'users':
      return { provider: createPasswordUsers(identity.users), demoCredentials: [] };
    case 'demo': {
      const { provider, credentials } = await createDemoUsers(systemRandomBytes);
      return { provider, demoCredentials: credentials };
    }
  }
}

/** A follower only where some strategy asks it: elsewhere it would cost beats that nobody needs. */
function followerFor(config: Config, log: CommandContext['log'], operator: OperatorLog): RevocationFollower | null {
  if (!config.strategies.some((name) => traitsOf(name).revocation === 'followed')) return null;
  const { beatIntervalMillis, stalenessLimitMillis } = config;
  const onEvent = (diagnostic: FollowerDiagnostic) => operator.diagnostic(diagnostic);
  return new RevocationFollower({ log, clock: systemClock, beatIntervalMillis, stalenessLimitMillis, onEvent });
}

/** Stands where no strategy asks; one that asked all the same would answer 503. */
const knowsNothing: RevocationView = { isRevoked: () => false, isFresh: () => false };

function reasonsOf(follower: RevocationFollower): readonly string[] {
  if (!follower.ready) return ['revocations-catching-up'];
  const stale = follower.status().partitions.some(({ fresh }) => !fresh);
  return stale ? ['revocations-stale'] : [];
}

function policyOf(config: Config): LifetimePolicy {
  return {
    accessTokenMillis: config.accessTokenLifetimeSeconds * 1_000,
    inactivityMillis: config.inactivityTimeoutSeconds * 1_000,
    absoluteMillis: config.absoluteLifetimeSeconds * 1_000,
    leewayMillis: config.leewaySeconds * 1_000,
    skewMillis: config.clockSkewSeconds * 1_000,
    refreshGraceMillis: config.refreshGraceSeconds * 1_000,
  };
}
