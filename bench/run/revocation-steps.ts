/** The steps that revoke: idle, under load, with Redis stopped, and those that can only wait for the expiry. */

import { traitsOf } from '../../src/strategies/registry.ts';
import { measureDelivery } from '../probes/delivery.ts';
import { Prober } from '../probes/prober.ts';
import { runPausedTrial } from '../probes/redis-paused.ts';
import { runRevocationTrial, type TrialOptions, type TrialOutcome } from '../probes/revocation.ts';
import { runUntilExpiryTrials } from '../probes/until-expiry.ts';
import { type RevocationCondition, referenceContestant } from '../record/run-events.ts';
import { boundMillisOf, type Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { logInUser } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import { type Stage, shortLeewaySeconds } from './stage.ts';

export interface RevocationStep {
  readonly contestant: string;
  readonly condition: RevocationCondition;
  readonly firstTrial: number;
  readonly trials: number;
}

/** Users of the trials: none that a window uses. */
const firstVictim = 500_000;
/** A node that still accepts so long after its bound is not watched any longer. */
const marginMillis = 3_000;

export class RevocationSteps {
  readonly #lab: Lab;
  readonly #stage: Stage;
  readonly #probers = new Map<string, Prober>();
  #victims = 0;

  constructor(lab: Lab, stage: Stage) {
    this.#lab = lab;
    this.#stage = stage;
  }

  /** Bare delivery times, beside trials of the same condition. */
  async measureDelivery(condition: 'idle' | 'loaded', samples: number): Promise<void> {
    const { environment, realm, signal } = this.#lab;
    const deliver = () => measureDelivery({ redisUrl: environment.redis.url, realm, samples, signal });
    const deliveryMicros =
      condition === 'loaded' ? await this.#underLoad(referenceContestant, deliver) : await deliver();
    this.#lab.record({ type: 'DeliveryMeasured', condition, deliveryMicros });
  }

  /** Runs a turn of trials and records each. */
  async measure(step: RevocationStep): Promise<void> {
    switch (step.condition) {
      case 'idle':
        return this.#turn(step, (options) => runRevocationTrial(options));
      case 'loaded':
        return this.#underLoad(step.contestant, () => this.#turn(step, (options) => runRevocationTrial(options)));
      case 'redis-paused':
        return this.#pausedTurn(step);
      case 'until-expiry':
        return this.#untilExpiry(step);
    }
  }

  async close(): Promise<void> {
    for (const prober of this.#probers.values()) await prober.close();
    this.#probers.clear();
  }

  async #turn(step: RevocationStep, run: (options: TrialOptions) => Promise<TrialOutcome>): Promise<void> {
    const prober = await this.#prober(step.contestant);
    const stalenessLimitMillis = this.#lab.scenario.stalenessLimitMillis;
    const boundMillis = boundMillisOf(traitsOf(step.contestant), stalenessLimitMillis);
    for (let index = 0; index < step.trials; index += 1) {
      const trial = step.firstTrial + index;
      this.#lab.progress.step(`${step.contestant} trial ${trial}`);
      const outcome = await run({
        prober,
        victim: await this.#victim(prober.contestant),
        random: this.#lab.random,
        revokeAtNode: trial % prober.contestant.nodes.length,
        watchMillis: (boundMillis ?? 0) + marginMillis,
        boundMillis,
        lifetimeMillis: null,
        signal: this.#lab.signal,
      });
      this.#record(step, trial, outcome);
    }
  }

  async #pausedTurn(step: RevocationStep): Promise<void> {
    const redis = this.#lab.environment.redis.child;
    if (redis === null) {
      const reason = 'Redis was not started by the lab, so it is not stopped by it either';
      this.#lab.record({ type: 'TrialVoided', contestant: step.contestant, measure: 'revocation', reason });
      return;
    }
    const witness = await this.#victim((await this.#prober(step.contestant)).contestant);
    await this.#turn(step, (options) =>
      runPausedTrial({
        ...options,
        witness,
        holdMillis: this.#lab.scenario.stalenessLimitMillis + 1_000,
        redis: { pause: () => redis.signal('SIGSTOP'), resume: () => redis.signal('SIGCONT') },
      }),
    );
  }

  async #untilExpiry(step: RevocationStep): Promise<void> {
    const lifetimeSeconds = this.#lab.scenario.revocation?.untilExpiryLifetimeSeconds ?? 1;
    const contestant = await this.#stage.expiring(step.contestant, lifetimeSeconds);
    const outcomes = await runUntilExpiryTrials({
      contestant,
      trials: step.trials,
      lifetimeMillis: (lifetimeSeconds + shortLeewaySeconds) * 1_000,
      logInVictim: () => this.#victim(contestant),
      random: this.#lab.random,
      signal: this.#lab.signal,
    });
    for (const [index, outcome] of outcomes.entries()) this.#record(step, step.firstTrial + index, outcome);
  }

  #record(step: RevocationStep, trial: number, outcome: TrialOutcome): void {
    const { contestant, condition } = step;
    if (outcome.ok) {
      this.#lab.record({ type: 'RevocationMeasured', contestant, condition, trial, ...outcome.trial });
    } else {
      const reason = `${condition}, trial ${trial}: ${outcome.reason}`;
      this.#lab.record({ type: 'TrialVoided', contestant, measure: 'revocation', reason });
    }
  }

  async #underLoad<Value>(credentialsKey: string, work: () => Promise<Value>): Promise<Value> {
    const { generator, scenario } = this.#lab;
    const { protectedPath, nodes } = await this.#stage.revocable(credentialsKey);
    const connections = scenario.revocation?.loadConnections ?? 1;
    await generator.startLoad(nodes.map((baseUrl) => ({ baseUrl, path: protectedPath, connections, credentialsKey })));
    try {
      return await work();
    } finally {
      await generator.stopLoad();
    }
  }

  async #prober(name: string): Promise<Prober> {
    const known = this.#probers.get(name);
    if (known !== undefined) return known;
    const prober = new Prober(await this.#stage.revocable(name));
    this.#probers.set(name, prober);
    return prober;
  }

  async #victim(contestant: Contestant): Promise<Credential> {
    const { credential } = await logInUser(contestant, firstVictim + this.#victims++, { signal: this.#lab.signal });
    return credential;
  }
}
