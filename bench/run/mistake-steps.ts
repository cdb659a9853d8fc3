/** The steps that make the classic mistakes: each attack on the server that is broken for it, and on every strategy. */

import { systemClock } from '../../src/kernel/clock.ts';
import type { AttackTarget } from '../attacks/attack.ts';
import { type BrokenVariants, startBrokenVariants } from '../attacks/broken/start.ts';
import { brokenContestant } from '../attacks/broken/variants.ts';
import { attacksOnMistakes } from '../attacks/catalogue.ts';
import { tryAttack } from '../attacks/try-attack.ts';
import type { MistakeName, MistakeTried } from '../record/attack-events.ts';
import { boundMillisOf, type Contestant, userName } from '../workload/contestant.ts';
import type { Lab } from './lab.ts';
import { shortLeewaySeconds } from './lifetimes.ts';
import type { Stage } from './stage.ts';

/** Users under attack: none that another step uses. */
const firstAttackedUser = 700_000;
const fallbackLifetimeSeconds = 3;

export class MistakeSteps {
  readonly #lab: Lab;
  readonly #stage: Stage;
  #broken: Promise<BrokenVariants> | null = null;
  #users = 0;

  constructor(lab: Lab, stage: Stage) {
    this.#lab = lab;
    this.#stage = stage;
  }

  /**
   * Tries one mistake and records what came of it, the broken variant first. All targets are attacked at the same time.
   * A strategy that failed its check is attacked like the others: the record then says that this proves nothing.
   */
  async try(mistake: MistakeName): Promise<void> {
    const { scenario, progress } = this.#lab;
    progress.step(mistake);
    const { baseUrl } = await this.#brokenVariants();
    const strategies = await Promise.all(
      scenario.strategies.map((name) =>
        this.#stage.underAttack(name, 'attack', { accessTokenLifetimeSeconds: this.#lifetimeSeconds() }),
      ),
    );
    const attack = attacksOnMistakes[mistake];
    const right = strategies.filter(({ traits }) => attack.inapplicable(traits) === null);
    const tried = await Promise.all([
      this.#attack(mistake, 'broken', brokenContestant(mistake, baseUrl)),
      ...right.map((contestant) => this.#attack(mistake, 'right', contestant)),
    ]);
    for (const event of tried) this.#lab.record({ type: 'MistakeTried', ...event });
  }

  /** Ends the broken variants: what idles beside a measurement disturbs it. Safe when there are none. */
  async close(): Promise<void> {
    const broken = await this.#broken;
    await broken?.child.stop();
  }

  async #attack(
    mistake: MistakeName,
    variant: MistakeTried['variant'],
    contestant: Contestant,
  ): Promise<Omit<MistakeTried, 'type' | 'at'>> {
    const attack = attacksOnMistakes[mistake];
    const { deed, question, source } = attack;
    const result = await tryAttack(attack, this.#target(contestant), {
      clock: systemClock,
      nextUser: () => userName(firstAttackedUser + this.#users++),
      nextSource: () => '127.0.0.1',
      signal: this.#lab.signal,
    });
    return { mistake, deed, question, source, variant, contestant: contestant.name, ...result };
  }

  #target(contestant: Contestant): AttackTarget {
    return {
      contestant,
      elsewhere: null,
      signer: null,
      keyBoundMillis: this.#lab.scenario.stalenessLimitMillis,
      accessTokenLifetimeMillis: 1_000 * this.#lifetimeSeconds(),
      leewayMillis: 1_000 * shortLeewaySeconds,
      boundMillis: boundMillisOf(contestant.traits, this.#lab.scenario.stalenessLimitMillis),
    };
  }

  #lifetimeSeconds(): number {
    return this.#lab.scenario.mistakes?.accessTokenLifetimeSeconds ?? fallbackLifetimeSeconds;
  }

  #brokenVariants(): Promise<BrokenVariants> {
    const { supervisor } = this.#lab.environment;
    this.#broken ??= startBrokenVariants(supervisor, this.#lifetimeSeconds());
    return this.#broken;
  }
}
