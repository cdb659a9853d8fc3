/** `epoch`: a signed access token that carries its user's counter, and for every request one look-up where that stands. */

import { partitionOf } from '../domain/session-id.ts';
import { readUserEpoch } from '../projections/inline/user-epoch.ts';
import type { AccessTokenClaims } from '../tokens/claims.ts';
import { oneCounterForAll } from './by-design.ts';
import type { SignedFamily } from './family.ts';
import { createSelfContained, type Standing } from './self-contained.ts';

export const epoch: SignedFamily = {
  signed: true,
  traits: {
    family: 'epoch',
    transport: 'bearer',
    stateLocation: 'token and redis',
    redisCommandsPerCheck: 1,
    revocation: 'epoch',
    bound: 'zero',
    logoutRefuses: 'all-of-the-user',
    rolesChange: 'at-once-by-refresh',
    refresh: true,
    withoutRedis: 'refuses',
    failsByDesign: oneCounterForAll,
  },
  create(variant, dependencies) {
    const { log } = dependencies.context;
    /**
     * Equal, not merely high enough: a counter that is lower than the token's, or gone, is one that was lost, and then
     * nobody knows what had been ended. In a log that has come back empty it begins again, and counts to the same numbers.
     */
    async function standingOf({ sub, sid, epoch: issuedUnder, birth }: AccessTokenClaims): Promise<Standing> {
      const current = await readUserEpoch(log, partitionOf(sid), sub);
      return current !== null && current.epoch === issuedUnder && current.birth === birth ? 'live' : 'revoked';
    }
    const standing = { askedOf: (claims: AccessTokenClaims) => claims, standingOf };
    return createSelfContained({ ...variant, dependencies, standing });
  },
};
