/** Everything the broken variants stand on: keys that no other server has, and a server that mounts them. */

import type { Server } from 'node:http';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { RandomBytes } from '../../../src/kernel/random.ts';
import { attacks } from '../catalogue.ts';
import type { World, WorldKeys } from './claims.ts';
import { createWorldKeys } from './keys.ts';
import { type BrokenVariant, carefulParts, type Mistake, type Parts } from './parts.ts';
import { createBrokenServer } from './server.ts';
import { brokenName, elsewhereName } from './variants.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly accessTokenLifetimeSeconds: number;
  /** Made afresh unless given. */
  readonly keys?: WorldKeys;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { clock, random, accessTokenLifetimeSeconds } = options;
  const [keys, otherKeys] = await Promise.all([options.keys ?? createWorldKeys(random), createWorldKeys(random)]);
  const common = { clock, random, accessTokenLifetimeSeconds };
  return { ...common, ...keys, elsewhere: { ...common, ...otherKeys } };
}

/**
 * A server of all variants, not listening yet, and of each a careful twin in another realm.
 * @param mistakeOf what a variant gets wrong; tests mend one to see that the lab notices
 */
export function serverOfVariants(world: World, mistakeOf?: (name: string) => Mistake): Server {
  const { elsewhere = world, accessTokenLifetimeSeconds } = world;
  const mounts = attacks.flatMap(({ name, broken }): [string, Parts][] => [
    [brokenName(name), partsOf(world, broken, mistakeOf?.(name) ?? broken.mistake)],
    [elsewhereName(name), carefulParts(elsewhere, broken)],
  ]);
  return createBrokenServer({ mounts: new Map(mounts), accessTokenLifetimeSeconds });
}

function partsOf(world: World, variant: BrokenVariant, mistake: Mistake): Parts {
  const careful = carefulParts(world, variant);
  return { ...careful, ...mistake(careful, world) };
}
