/** Every classic mistake as a server that makes it, and that alone; and what any broken variant is to those who attack it. */

import type { MistakeName } from '../../record/attack-events.ts';
import { type Contestant, contestantOf } from '../../workload/contestant.ts';
import { algorithmConfusion } from './algorithm-confusion.ts';
import { algorithmListTooWide } from './algorithm-list-too-wide.ts';
import { rsaModulusBits } from './keys.ts';
import { noExpiry } from './no-expiry.ts';
import { noRevocation } from './no-revocation.ts';
import { noRotation } from './no-rotation.ts';
import type { BrokenVariant } from './parts.ts';
import { sensitivePayload } from './sensitive-payload.ts';

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
export function brokenName(attack: string): string {
  return `broken-${attack}`;
}

/** The same in another realm, without its mistake. */
export function elsewhereName(attack: string): string {
  return `elsewhere-${attack}`;
}

/** A variant as a contestant, with the traits it claims: those of a careful server that ends sessions at once. */
export function brokenContestant(mistake: MistakeName, baseUrl: string): Contestant {
  return variantContestant(brokenName(mistake), brokenVariants[mistake], baseUrl);
}

export function variantContestant(name: string, variant: BrokenVariant, baseUrl: string): Contestant {
  const { algorithm, transport = 'bearer' } = variant;
  const contestant = contestantOf(name, [baseUrl], {
    family: 'broken',
    transport,
    stateLocation: transport === 'cookie' ? 'cookie' : 'token and node memory',
    redisCommandsPerCheck: 0,
    revocation: 'followed',
    bound: 'zero',
    logoutRefuses: 'its-own',
    rolesChange: 'at-the-next-refresh',
    refresh: transport === 'bearer',
    withoutRedis: 'unaffected',
    failsByDesign: [],
    signature: {
      algorithm: transport === 'cookie' ? 'HMAC-SHA256' : algorithm,
      keyBits: transport === 'cookie' || algorithm !== 'RS256' ? 256 : rsaModulusBits,
      library: 'jsonwebtoken',
      libraryVersion: '',
    },
  });
  return { ...contestant, keySetPath: `/${name}/jwks.json` };
}
