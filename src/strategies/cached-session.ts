/**
 * `cached-session` and `cached-session+unsigned`: as `session`, but a record that was read stays in the node's memory
 * until Redis says that it has changed. While Redis may have said so unheard, for longer than the staleness limit, every
 * request asks Redis again.
 */

import type { PlainFamily, StrategyDependencies } from './family.ts';
import { cookieSignature } from './koa-session.ts';
import { createServerSession } from './server-session.ts';
import type { Strategy, Traits } from './strategy.ts';

const unsignedTraits: Traits = {
  family: 'cached-session',
  transport: 'cookie',
  stateLocation: 'redis and node memory',
  redisCommandsPerCheck: 0,
  revocation: 'record',
  bound: 'staleness-limit',
  logoutRefuses: 'its-own',
  rolesChange: 'within-the-staleness-limit',
  refresh: false,
  withoutRedis: 'refuses after the staleness limit',
  failsByDesign: [],
};

const signedTraits: Traits = { ...unsignedTraits, signature: cookieSignature };

function build(name: string, traits: Traits, dependencies: StrategyDependencies): Strategy {
  const { records } = dependencies;
  return createServerSession({ name, traits, dependencies, read: (...record) => records.read(...record) });
}

export const cachedSession: PlainFamily = {
  signed: false,
  traits: signedTraits,
  create: (name, dependencies) => build(name, signedTraits, dependencies),
};

/** Nobody guesses a handle of 256 random bits, whether it is looked up in Redis or in memory. */
export const unsignedCachedSession: PlainFamily = {
  signed: false,
  name: 'cached-session+unsigned',
  traits: unsignedTraits,
  create: (name, dependencies) => build(name, unsignedTraits, dependencies),
};
