/** Everything the broken variants stand on, made afresh: keys that no other server has, and a server that mounts them. */

import { createSecretKey, generateKeyPair } from 'node:crypto';
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { RandomBytes } from '../../../src/kernel/random.ts';
import type { MistakeName } from '../../record/attack-events.ts';
import { carefulParts, keyId, type Mistake, type Parts, type World } from './parts.ts';
import { createBrokenServer } from './server.ts';
import { brokenName, brokenVariants, mistakeNames, rsaModulusBits } from './variants.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly accessTokenLifetimeSeconds: number;
}

export async function createWorld({ clock, random, accessTokenLifetimeSeconds }: WorldOptions): Promise<World> {
  const keys = await promisify(generateKeyPair)('rsa', { modulusLength: rsaModulusBits });
  return { clock, random, accessTokenLifetimeSeconds, hmacSecret: createSecretKey(random(32)), ...keys };
}

/**
 * A server of all variants, not listening yet.
 * @param mistakeOf what a variant gets wrong; tests mend one to see that the lab notices
 */
export function serverOfVariants(
  world: World,
  mistakeOf: (name: MistakeName) => Mistake = (name) => brokenVariants[name].mistake,
): Server {
  const jwk = { ...world.publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' };
  const mounts = mistakeNames.map((name) => [brokenName(name), partsOf(world, name, mistakeOf(name))] as const);
  const { accessTokenLifetimeSeconds } = world;
  return createBrokenServer({ mounts: new Map(mounts), accessTokenLifetimeSeconds, keySet: { keys: [jwk] } });
}

function partsOf(world: World, name: MistakeName, mistake: Mistake): Parts {
  const careful = carefulParts(world, brokenVariants[name].algorithm);
  return { ...careful, ...mistake(careful, world) };
}
