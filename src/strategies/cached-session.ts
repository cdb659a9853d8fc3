/**
 * `cached-session`: as `session`, but a record that was read stays in the node's memory until Redis says that it has
 * changed. While Redis may have said so unheard, for longer than the staleness limit, every request asks Redis again.
 */

import type { PlainFamily } from './family.ts';
import { cookieSignature } from './koa-session.ts';
import { createServerSession } from './server-session.ts';
import type { Traits } from './strategy.ts';

const traits: Traits = {
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
  signature: cookieSignature,
};

export const cachedSession: PlainFamily = {
  signed: false,
  traits,
  create(name, dependencies) {
    const { records } = dependencies;
    return createServerSession({ name, traits, dependencies, read: (...record) => records.read(...record) });
  },
};
