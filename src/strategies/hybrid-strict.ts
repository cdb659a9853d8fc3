/**
 * `hybrid-strict`: checks as `hybrid` does, and revokes more slowly: a revocation is acknowledged when every node that
 * runs has applied it, or when those that have not can accept nothing any more.
 */

import { knowsNoUsers } from './by-design.ts';
import type { SignedFamily } from './family.ts';
import { followedStanding } from './followed-standing.ts';
import { createSelfContained } from './self-contained.ts';

export const hybridStrict: SignedFamily = {
  signed: true,
  traits: {
    family: 'hybrid-strict',
    transport: 'bearer',
    stateLocation: 'token and node memory',
    redisCommandsPerCheck: 0,
    revocation: 'followed-strict',
    bound: 'zero',
    logoutRefuses: 'its-own',
    rolesChange: 'at-the-next-refresh',
    refresh: true,
    withoutRedis: 'refuses after the staleness limit',
    failsByDesign: knowsNoUsers,
  },
  create(variant, dependencies) {
    return createSelfContained({ ...variant, dependencies, ...followedStanding(dependencies.revocations) });
  },
};
