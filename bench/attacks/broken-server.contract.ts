/** The broken variants in this process, listening, and everything that attacks on them need. For tests. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { type Contestant, userName } from '../workload/contestant.ts';
import type { AttackResult, AttackTarget, CataloguedAttack } from './attack.ts';
import type { World } from './broken/claims.ts';
import { signerOf } from './broken/keys.ts';
import { createWorld, serverOfVariants } from './broken/lab-world.ts';
import type { Mistake } from './broken/parts.ts';
import { brokenName, elsewhereName, variantContestant } from './broken/variants.ts';
import { attacks } from './catalogue.ts';
import { tryAttack } from './try-attack.ts';

/** Times in tokens are whole seconds: one of a single second may be born dead. */
const accessTokenLifetimeSeconds = 2;

export class BrokenServer {
  readonly baseUrl: string;
  readonly #server: Server;
  readonly #world: World;
  #users = 0;
  #sources = 0;

  private constructor(server: Server, world: World) {
    this.#server = server;
    this.#world = world;
    this.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /**
   * @param mistakeOf replaces what the variants get wrong
   * @param lifetimeSeconds of its access tokens; the mistakes are attacked as if it were the shortest
   */
  static async start(
    mistakeOf?: (name: string) => Mistake,
    lifetimeSeconds = accessTokenLifetimeSeconds,
  ): Promise<BrokenServer> {
    const options = { clock: systemClock, random: systemRandomBytes, accessTokenLifetimeSeconds: lifetimeSeconds };
    const world = await createWorld(options);
    const server = serverOfVariants(world, mistakeOf);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BrokenServer(server, world);
  }

  /** The attack of one name against the server that is broken for it or for another. */
  attack(
    name: string,
    variant: string,
    changes: Partial<Contestant> & Partial<AttackTarget> = {},
    signal?: AbortSignal,
  ): Promise<AttackResult> {
    const { broken } = attackNamed(variant);
    const target: AttackTarget = {
      contestant: { ...variantContestant(brokenName(variant), broken, this.baseUrl), ...changes },
      elsewhere: variantContestant(elsewhereName(variant), broken, this.baseUrl),
      signer: signerOf(this.#world, broken),
      accessTokenLifetimeMillis: 1_000 * this.#world.accessTokenLifetimeSeconds,
      leewayMillis: 0,
      boundMillis: 0,
      keyBoundMillis: 0,
      ...changes,
    };
    return tryAttack(attackNamed(name), target, {
      clock: systemClock,
      nextUser: () => userName(this.#users++),
      nextSource: () => `10.0.${(this.#sources >> 8) & 255}.${this.#sources++ & 255}`,
      ...(signal && { signal }),
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

export function attackNamed(name: string): CataloguedAttack {
  const found = attacks.find((attack) => attack.name === name);
  if (found === undefined) throw new Error(`there is no attack ${name}`);
  return found;
}
