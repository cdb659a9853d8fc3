/** Every classic mistake as a server that makes it, and that alone: the name of a mistake and what it does to the parts. */

import type { MistakeName } from '../../record/attack-events.ts';
import { type Contestant, contestantOf } from '../../workload/contestant.ts';
import { algorithmConfusion } from './algorithm-confusion.ts';
import { algorithmListTooWide } from './algorithm-list-too-wide.ts';
import { noExpiry } from './no-expiry.ts';
import { noRevocation } from './no-revocation.ts';
import { noRotation } from './no-rotation.ts';
import type { Algorithm, Mistake } from './parts.ts';
import { sensitivePayload } from './sensitive-payload.ts';

export interface BrokenVariant {
  readonly algorithm: Algorithm;
  readonly mistake: Mistake;
}

export const brokenVariants: Readonly<Record<MistakeName, BrokenVariant>> = {
  'no-expiry': { algorithm: 'HS256', mistake: noExpiry },
  'algorithm-confusion': { algorithm: 'RS256', mistake: algorithmConfusion },
  'algorithm-list-too-wide': { algorithm: 'HS256', mistake: algorithmListTooWide },
  'sensitive-payload': { algorithm: 'HS256', mistake: sensitivePayload },
  'no-revocation': { algorithm: 'HS256', mistake: noRevocation },
  'no-rotation': { algorithm: 'HS256', mistake: noRotation },
};

export const mistakeNames = Object.keys(brokenVariants) as readonly MistakeName[];

/** Under which a variant is mounted, and by which the report calls it. */
export function brokenName(mistake: MistakeName): string {
  return `broken-${mistake}`;
}

/** A variant as a contestant, with the traits it claims: those of a careful server that ends sessions at once. */
export function brokenContestant(mistake: MistakeName, baseUrl: string): Contestant {
  const { algorithm } = brokenVariants[mistake];
  return contestantOf(brokenName(mistake), [baseUrl], {
    family: 'broken',
    transport: 'bearer',
    stateLocation: 'token and node memory',
    redisCommandsPerCheck: 0,
    revocation: 'followed',
    bound: 'zero',
    logoutRefuses: 'its-own',
    rolesChange: 'at-the-next-refresh',
    refresh: true,
    withoutRedis: 'unaffected',
    failsByDesign: [],
    signature: {
      algorithm,
      keyBits: algorithm === 'HS256' ? 256 : rsaModulusBits,
      library: 'jsonwebtoken',
      libraryVersion: '',
    },
  });
}

/** As little as RFC 7518 3.3 allows: quick to make, and not what is attacked here. */
export const rsaModulusBits = 2_048;
