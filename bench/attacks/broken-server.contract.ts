/** The broken variants in this process, listening, and everything that attacks on them need. For tests. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { MistakeName } from '../record/attack-events.ts';
import { type Contestant, userName } from '../workload/contestant.ts';
import type { AttackResult, AttackTarget } from './attack.ts';
import { createWorld, serverOfVariants } from './broken/lab-world.ts';
import type { Mistake } from './broken/parts.ts';
import { brokenContestant } from './broken/variants.ts';
import { attacksOnMistakes } from './catalogue.ts';
import { tryAttack } from './try-attack.ts';

/** Times in tokens are whole seconds: one of a single second may be born dead. */
const accessTokenLifetimeSeconds = 2;

export class BrokenServer {
  readonly baseUrl: string;
  readonly #server: Server;
  #users = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param mistakeOf replaces what the variants get wrong */
  static async start(mistakeOf?: (name: MistakeName) => Mistake): Promise<BrokenServer> {
    const world = await createWorld({ clock: systemClock, random: systemRandomBytes, accessTokenLifetimeSeconds });
    const server = serverOfVariants(world, mistakeOf);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BrokenServer(server);
  }

  /** The attack on one mistake against the server of that one or of another. */
  attack(
    mistake: MistakeName,
    variant: MistakeName,
    changes: Partial<Contestant> & Partial<AttackTarget> = {},
    signal?: AbortSignal,
  ): Promise<AttackResult> {
    const target: AttackTarget = {
      contestant: { ...brokenContestant(variant, this.baseUrl), ...changes },
      accessTokenLifetimeMillis: 1_000 * accessTokenLifetimeSeconds,
      leewayMillis: 0,
      boundMillis: 0,
      ...changes,
    };
    return tryAttack(attacksOnMistakes[mistake], target, {
      clock: systemClock,
      nextUser: () => userName(this.#users++),
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
