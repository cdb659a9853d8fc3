/** `denylist`: a signed access token, and for every request one look-up in Redis whether its session was ended. */

import { isDenied } from '../projections/inline/denylist.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import { knowsNoUsers } from './by-design.ts';
import type { SignedFamily } from './family.ts';
import { createSelfContained, type StandingSource } from './self-contained.ts';

export const denylist: SignedFamily = {
  signed: true,
  traits: {
    family: 'denylist',
    transport: 'bearer',
    stateLocation: 'token and redis',
    redisCommandsPerCheck: 1,
    revocation: 'denylist',
    bound: 'zero',
    logoutRefuses: 'its-own',
    rolesChange: 'at-the-next-refresh',
    refresh: true,
    withoutRedis: 'refuses',
    failsByDesign: knowsNoUsers,
  },
  create(variant, dependencies) {
    const { log } = dependencies.context;
    const standing: StandingSource<AccessTokenClaims> = {
      askedOf: (claims) => claims,
      standingOf: async ({ sid, birth }) => ((await isDenied(log, sid, birth)) ? 'revoked' : 'live'),
    };
    return createSelfContained({ ...variant, dependencies, standing });
  },
};
