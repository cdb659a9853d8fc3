/** The steps that revoke: idle, under load, with Redis stopped, and those that can only wait for the expiry. */

import { traitsOf } from '../../src/strategies/registry.ts';
import { measureDelivery } from '../probes/delivery.ts';
import { Prober } from '../probes/prober.ts';
import { runPausedTrials } from '../probes/redis-paused.ts';
import { runRevocationTrial, type TrialOptions, type TrialOutcome } from '../probes/revocation.ts';
import { runUntilExpiryTrials } from '../probes/until-expiry.ts';
import { type RevocationCondition, referenceContestant } from '../record/run-events.ts';
import { boundMillisOf, type Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { logInUser } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import { shortLeewaySeconds } from './lifetimes.ts';
import type { Stage } from './stage.ts';

export interface RevocationStep {
  readonly contestant: string;
  readonly condition: RevocationCondition;
  readonly firstTrial: number;
  readonly trials: number;
}

/** Users of the trials: none that a window uses. */
const firstVictim = 500_000;
/** Between an answer and the next probe: the nodes of the idle trials must not be kept busy by being asked. */
const probePauseMillis = 1;
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
    const { redisUrl, realm, signal } = this.#lab;
    const deliver = () => measureDelivery({ redisUrl, realm, samples, signal });
    const deliveryMicros =
      condition === 'loaded' ? await this.#underLoad(referenceContestant, deliver) : await deliver();
    this.#lab.record({ type: 'DeliveryMeasured', condition, deliveryMicros });
  }

  /** Runs a turn of trials and records each. */
  async measure(step: RevocationStep): Promise<void> {
    switch (step.condition) {
      case 'idle':
        return this.#turn(step);
      case 'loaded':
        return this.#underLoad(step.contestant, () => this.#turn(step));
      case 'redis-paused':
        return this.measurePaused([step]);
      case 'until-expiry':
        return this.#untilExpiry(step);
    }
  }

  async close(): Promise<void> {
    for (const prober of this.#probers.values()) await prober.close();
    this.#probers.clear();
  }

  async #turn({ contestant, condition, firstTrial, trials }: RevocationStep): Promise<void> {
    for (let trial = firstTrial; trial < firstTrial + trials; trial += 1) {
      this.#lab.progress.step(`${contestant} trial ${trial}`);
      const outcome = await runRevocationTrial(await this.#trial(contestant, trial));
      this.#record({ contestant, condition }, trial, outcome);
    }
  }

  /** Steps of the same trial number, one of each contestant, around one stop of Redis. */
  async measurePaused(steps: readonly RevocationStep[]): Promise<void> {
    const redis = this.#lab.environment.redis.child;
    const { scenario, signal } = this.#lab;
    if (redis === null) {
      const reason = 'Redis was not started by the lab, so it is not stopped by it either';
      for (const { contestant } of steps) {
        this.#lab.record({ type: 'TrialVoided', contestant, measure: 'revocation', reason });
      }
      return;
    }
    const trials = [];
    for (const step of steps) {
      const options = await this.#trial(step.contestant, step.firstTrial);
      trials.push({ ...options, witness: await this.#victim(options.prober.contestant) });
    }
    const outcomes = await runPausedTrials(trials, {
      pause: () => redis.signal('SIGSTOP'),
      resume: () => redis.signal('SIGCONT'),
      holdMillis: scenario.stalenessLimitMillis + 1_000,
      signal,
    });
    for (const [index, step] of steps.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#record(step, step.firstTrial, outcome);
    }
  }

  async #trial(name: string, trial: number): Promise<TrialOptions> {
    const prober = await this.#prober(name);
    const boundMillis = boundMillisOf(traitsOf(name), this.#lab.scenario.stalenessLimitMillis);
    return {
      prober,
      victim: await this.#victim(prober.contestant),
      random: this.#lab.random,
      revokeAtNode: trial % prober.contestant.nodes.length,
      watchMillis: (boundMillis ?? 0) + marginMillis,
      boundMillis,
      lifetimeMillis: null,
      signal: this.#lab.signal,
    };
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

  #record(step: Pick<RevocationStep, 'contestant' | 'condition'>, trial: number, outcome: TrialOutcome): void {
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
    const prober = new Prober(await this.#stage.revocable(name), { pauseMillis: probePauseMillis });
    this.#probers.set(name, prober);
    return prober;
  }

  async #victim(contestant: Contestant): Promise<Credential> {
    const { credential } = await logInUser(contestant, firstVictim + this.#victims++, { signal: this.#lab.signal });
    return credential;
  }
}
