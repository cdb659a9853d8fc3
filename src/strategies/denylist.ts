/** `denylist`: a signed access token, and for every request one look-up in Redis whether its session was ended. */

import { isDenied } from '../projections/inline/denylist.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import type { SignedFamily } from './family.ts';
import { createSelfContained, type Standing } from './self-contained.ts';

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
    failsByDesign: [],
  },
  create(variant, dependencies) {
    const { log } = dependencies.context;
    async function standingOf({ sid }: AccessTokenClaims): Promise<Standing> {
      return (await isDenied(log, sid)) ? 'revoked' : 'live';
    }
    return createSelfContained({ ...variant, dependencies, standingOf });
  },
};
