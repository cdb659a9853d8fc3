/** `session` and `session+unsigned`: a cookie whose record in Redis is read on every request. */

import type { PlainFamily, StrategyDependencies } from './family.ts';
import { cookieSignature } from './koa-session.ts';
import { createServerSession } from './server-session.ts';
import type { Strategy, Traits } from './strategy.ts';

const unsignedTraits: Traits = {
  family: 'session',
  transport: 'cookie',
  stateLocation: 'redis',
  redisCommandsPerCheck: 1,
  revocation: 'record',
  bound: 'zero',
  logoutRefuses: 'its-own',
  rolesChange: 'at-once',
  refresh: false,
  withoutRedis: 'refuses',
  failsByDesign: [],
};

const signedTraits: Traits = { ...unsignedTraits, signature: cookieSignature };

function build(name: string, traits: Traits, dependencies: StrategyDependencies): Strategy {
  const { log } = dependencies.context;
  return createServerSession({ name, traits, dependencies, read: (...record) => log.readRecord(...record) });
}

export const session: PlainFamily = {
  signed: false,
  traits: signedTraits,
  create: (name, dependencies) => build(name, signedTraits, dependencies),
};

/** Nobody guesses a handle of 256 random bits: the signature protects nothing that the look-up does not, and costs more. */
export const unsignedSession: PlainFamily = {
  signed: false,
  name: 'session+unsigned',
  traits: unsignedTraits,
  create: (name, dependencies) => build(name, unsignedTraits, dependencies),
};
