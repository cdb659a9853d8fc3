/** `jwt`: a signed access token and nothing else. Nobody is asked, so nobody can say no before it expires. */

import { asksForNoKeys, knowsNoUsers, tokenOutlivesItsSession } from './by-design.ts';
import type { SignedFamily } from './family.ts';
import { createSelfContained } from './self-contained.ts';

export const jwt: SignedFamily = {
  signed: true,
  traits: {
    family: 'jwt',
    transport: 'bearer',
    stateLocation: 'token',
    redisCommandsPerCheck: 0,
    revocation: 'none',
    bound: 'remaining-lifetime',
    logoutRefuses: 'none',
    rolesChange: 'at-the-next-refresh',
    refresh: true,
    withoutRedis: 'unaffected',
    failsByDesign: [...tokenOutlivesItsSession, ...knowsNoUsers, ...asksForNoKeys],
  },
  create: (variant, dependencies) => createSelfContained({ ...variant, dependencies }),
};
