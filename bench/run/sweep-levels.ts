/** The levels of a sweep, one after the other: each a lab of its own, with a realm, secrets and nodes that no other has. */

import { systemRandomBytes } from '../../src/kernel/random.ts';
import { type DelayLink, startDelayLink } from '../environment/delay-link.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { measureRoundTrips } from '../probes/round-trip.ts';
import { scenarioAt } from '../scenario/sweep.ts';
import type { Sweep } from '../scenario/sweep-schema.ts';
import type { Lab } from './lab.ts';

/** Pairs of round trips; from a thousand on there is a 99th percentile. */
const roundTripSamples = 1_000;

export class SweepLevels {
  readonly #lab: Lab;
  readonly #sweep: Sweep;
  #link: DelayLink | null = null;

  constructor(lab: Lab, sweep: Sweep) {
    this.#lab = lab;
    this.#sweep = sweep;
  }

  /** The lab as it is at this level; all that is recorded by it says so. */
  async at(level: number): Promise<Lab> {
    const { factor, levels } = this.#sweep;
    const lab: Lab = {
      ...this.#lab,
      scenario: scenarioAt(this.#lab.scenario, this.#sweep, level),
      realm: `${this.#lab.realm}-${levels.indexOf(level) + 1}`,
      record: (event) => this.#lab.record({ ...event, level }),
    };
    this.#lab.progress.note(`${factor} ${level}`);
    switch (factor) {
      case 'added-rtt-millis':
        return { ...lab, redisUrl: await this.#delayed(lab, level) };
      case 'roles':
        return { ...lab, nodeDefaults: { roles: level } };
      case 'rsa-bits':
        return { ...lab, secrets: await createLabSecrets(systemRandomBytes, level) };
      default:
        return lab;
    }
  }

  async close(): Promise<void> {
    await this.#link?.close();
  }

  /** One link serves all levels; what it adds is measured while nothing else uses it. */
  async #delayed(lab: Lab, addedMillis: number): Promise<string> {
    const { supervisor, redis } = lab.environment;
    const measure = (url: string) =>
      measureRoundTrips({ directUrl: redis.url, linkUrl: url, samples: roundTripSamples, signal: lab.signal });
    if (this.#link === null) {
      this.#link = await startDelayLink({ supervisor, target: redis.url });
      // Its first connections run code that was never run before, and are slow by it.
      await measure(this.#link.url);
    }
    await this.#link.setAddedMillis(addedMillis);
    lab.record({ type: 'LinkMeasured', addedMillisAsked: addedMillis, ...(await measure(this.#link.url)) });
    return this.#link.url;
  }
}
