/** Puts a server together from its configuration: the only file that knows every concrete part. */

import type { RequestListener } from 'node:http';
import type { Acknowledgement } from './application/acknowledgement.ts';
import type { CommandContext } from './application/context.ts';
import { changedPasswordsOf, createAccounts, createAdministration } from './compose/accounts.ts';
import { createAcknowledgement } from './compose/acknowledgement.ts';
import { followerFor, knowsNothing, reasonsOf } from './compose/followed-log.ts';
import { openKeys } from './compose/keys.ts';
import { connectLoginLimits } from './compose/login-limits.ts';
import { nearCacheFor } from './compose/near-cache.ts';
import { type Observation, observe, type SecurityNotice } from './compose/observation.ts';
import type { SigningKeysDiagnostic } from './compose/signing-keys.ts';
import { policyOf } from './config/policy.ts';
import type { Config } from './config.ts';
import { checkRedis, type RedisCheck } from './eventlog/check-redis.ts';
import type { EventLog } from './eventlog/port.ts';
import { connectRedisEventLog } from './eventlog/redis-event-log.ts';
import { type RedisDiagnostic, RedisWatch } from './eventlog/redis-watch.ts';
import type { Accounts, Administration } from './http/accounts.ts';
import { dispatcher } from './http/dispatch.ts';
import { type HttpServer, listen } from './http/http-server.ts';
import { createServerApplication, serverSegments } from './http/server-application.ts';
import { createStrategyApplication } from './http/strategy-application.ts';
import type { ChangedPasswords } from './identity/changed-passwords.ts';
import { createDemoUsers, type DemoUsers } from './identity/demo-users.ts';
import type { IdentityProvider } from './identity/identity-provider.ts';
import { createLabUsers } from './identity/lab-users.ts';
import type { LoginLimits } from './identity/login-limits.ts';
import { createPasswordUsers } from './identity/password-users.ts';
import { systemClock } from './kernel/clock.ts';
import { systemRandomBytes } from './kernel/random.ts';
import { jwkSet } from './keys/jwks.ts';
import type { FollowerDiagnostic } from './projections/followed/follower-status.ts';
import type { RevocationView } from './projections/followed/revocation-view.ts';
import { StrictFence } from './projections/followed/strict-fence.ts';
import { createStrategy, parseStrategyName, traitsOf } from './strategies/registry.ts';
import type { Strategy, Traits } from './strategies/strategy.ts';

/** Where a server tells its operator what happens. */
export interface OperatorLog {
  /** A fault that nobody expected; it holds no credential unless a library put one there. */
  fault(error: unknown): void;
  /** Something about the contact to the log, about its Redis, or about the signing keys, began or ended. */
  diagnostic(diagnostic: FollowerDiagnostic | RedisDiagnostic | SigningKeysDiagnostic): void;
  /** An attack, or somebody with power over others' sessions at work. */
  security(notice: SecurityNotice): void;
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
 * @throws ERR_ENVIRONMENT_REDIS, ERR_LOG_*, ERR_INPUT_INVALID for a secret that does not open the realm's keys, all before
 * anything listens; ERR_ENVIRONMENT_PORT. Nothing is left behind.
 */
export async function compose(config: Config, operator: OperatorLog): Promise<RunningServer> {
  const { redisUrl: url, realm, partitions, replicas, persistence, stalenessLimitMillis } = config;
  const redis = await checkRedis(url, { replicas, persistence });
  const observation = observe(config, systemClock, operator, () => follower?.status() ?? null);
  const log = observation.watchedLog(
    connectRedisEventLog({ url, realm, partitions, replicas, commandTimeoutMillis: config.redisTimeoutMillis }),
  );
  const fence = new StrictFence({ log, clock: systemClock, stalenessLimitMillis });
  const isStrict = config.strategies.some((name) => traitsOf(name).revocation === 'followed-strict');
  const acknowledgement = createAcknowledgement({ log, fence, follower: () => follower, replicas, isStrict });
  const context = contextOf(config, log, acknowledgement);
  const { ring, signing } = await openKeys(config, context, (diagnostic) => operator.diagnostic(diagnostic));
  const follower = followerFor(config, log, signing?.held ?? null, (diagnostic) => {
    if (diagnostic.type === 'rebuilt') fence.saw(diagnostic.partition, diagnostic.position.epoch);
    observation.diagnostic(diagnostic);
  });
  const recheck = () => checkRedis(url, { replicas, persistence });
  const watch = new RedisWatch(recheck, (diagnostic) => operator.diagnostic(diagnostic));
  const revocations: RevocationView = follower ?? knowsNothing;
  const records = nearCacheFor(config, log);
  const { issuer, identity } = config;
  const labRoles = identity.kind === 'lab' ? { labRoles: identity.roles } : {};
  const dependencies = { context, keys: ring, issuer, revocations, records, ...labRoles };
  const strategies = config.strategies.map((name) => createStrategy(name, dependencies));
  const loginLimits = connectLoginLimits(config);

  let stopping: Promise<void> | null = null;
  const notReadyReasons = () => [
    ...(stopping === null ? [] : ['stopping']),
    ...watch.reasons(),
    ...(follower === null ? [] : reasonsOf(follower)),
  ];
  const letGo = async () => {
    watch.stop();
    await signing?.stop();
    await follower?.stop();
    loginLimits.close();
    await log.close();
  };

  let server: HttpServer;
  let demoCredentials: DemoUsers['credentials'];
  try {
    const users = await usersOf(config, changedPasswordsOf(context));
    demoCredentials = users.demoCredentials;
    const handler = handlerFor(config, {
      strategies,
      identity: users.provider,
      limits: observation.watchedLimits(loginLimits.limits, loginLimits.audit),
      accounts: createAccounts(context),
      administration: createAdministration(context, signing, { stalenessLimitMillis, factsOf }),
      jwks: () => jwkSet(ring),
      notReadyReasons,
      metrics: observation.metrics,
      operator,
    });
    server = await listen(handler, config.host, config.port);
  } catch (error) {
    await letGo();
    throw error;
  }
  watch.start();
  follower?.start().catch(() => undefined);
  signing?.start(config.beatIntervalMillis);

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

function contextOf(config: Config, log: EventLog, acknowledgement: Acknowledgement): CommandContext {
  const deadlineMillis = config.redisTimeoutMillis;
  return {
    log,
    clock: systemClock,
    random: systemRandomBytes,
    policy: policyOf(config),
    deadlineMillis,
    acknowledgement,
  };
}

interface Parts {
  readonly strategies: readonly Strategy[];
  readonly identity: IdentityProvider;
  readonly limits: LoginLimits;
  readonly accounts: Accounts;
  readonly administration: Administration;
  readonly jwks: () => object;
  readonly notReadyReasons: () => readonly string[];
  readonly metrics: Observation['metrics'];
  readonly operator: OperatorLog;
}

function handlerFor(config: Config, parts: Parts): RequestListener {
  const { strategies, identity, limits, accounts, administration, jwks, notReadyReasons, metrics, operator } = parts;
  const report = (error: unknown) => operator.fault(error);
  const { trustProxy, plainHttp } = config;
  const mounted = new Map(
    strategies.map((strategy): [string, RequestListener] => {
      const allowPlainHttp = plainHttp !== 'refuse';
      const account = { identity, limits, accounts, administration };
      const options = {
        strategy,
        ...account,
        allowPlainHttp,
        trustProxy,
        report,
        observe: metrics?.observe(strategy.name),
      };
      return [strategy.name, createStrategyApplication(options).callback()];
    }),
  );
  const defaultStrategy = mounted.get(config.strategy);
  if (defaultStrategy === undefined) throw new TypeError('the configuration mounts its default strategy');
  const server = createServerApplication({
    strategies,
    defaultStrategy: config.strategy,
    jwks,
    notReadyReasons,
    lab: config.lab,
    metrics: metrics ?? undefined,
    report,
  });
  return dispatcher({ strategies: mounted, defaultStrategy, server: server.callback(), serverSegments });
}

interface Users {
  readonly provider: IdentityProvider;
  readonly demoCredentials: DemoUsers['credentials'];
}

async function usersOf({ identity }: Config, changed: ChangedPasswords): Promise<Users> {
  switch (identity.kind) {
    case 'lab':
      return { provider: createLabUsers(identity.roles, changed), demoCredentials: [] };
    case 'users':
      return { provider: createPasswordUsers(identity.users, changed), demoCredentials: [] };
    case 'demo': {
      const { provider, credentials } = await createDemoUsers(systemRandomBytes, changed);
      return { provider, demoCredentials: credentials };
    }
  }
}

function factsOf(strategy: string): Traits | null {
  const parsed = parseStrategyName(strategy);
  return parsed.ok ? parsed.value.traits : null;
}
