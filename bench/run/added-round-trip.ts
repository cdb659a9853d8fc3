/** The distance between nodes and Redis: one link that serves the whole run, and what it adds, as measured. */

import { type DelayLink, startDelayLink } from '../environment/delay-link.ts';
import { measureRoundTrips } from '../probes/round-trip.ts';
import type { Lab } from './lab.ts';

/** Pairs of round trips; from a thousand on there is a 99th percentile. */
const roundTripSamples = 1_000;

export class AddedRoundTrip {
  #link: DelayLink | null = null;

  /** The lab whose nodes reach Redis over the link; what it adds is measured while nothing else uses it. */
  async over(lab: Lab, addedMillis: number): Promise<Lab> {
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
    return { ...lab, redisUrl: this.#link.url };
  }

  async close(): Promise<void> {
    await this.#link?.close();
  }
}
