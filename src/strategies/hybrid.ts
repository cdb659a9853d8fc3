/** `hybrid`: a signed access token, checked against the revocations that this node has followed from the log. */

import { knowsNoUsers } from './by-design.ts';
import type { SignedFamily } from './family.ts';
import { followedStanding } from './followed-standing.ts';
import { createSelfContained } from './self-contained.ts';

export const hybrid: SignedFamily = {
  signed: true,
  traits: {
    family: 'hybrid',
    transport: 'bearer',
    stateLocation: 'token and node memory',
    redisCommandsPerCheck: 0,
    revocation: 'followed',
    bound: 'staleness-limit',
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
