/** Reads a scenario's YAML and says everything that is wrong with it, each fault with its line and column. */

import type { z } from 'zod';
import type { Fault } from '../../src/kernel/errors.ts';
import { nearest } from '../../src/kernel/nearest.ts';
import { parseSettings } from '../../src/kernel/settings-file.ts';
import { parseStrategyName, strategyNames, variantNames } from '../../src/strategies/registry.ts';
import { measureSchemas } from './measures.ts';
import { reference } from './plan.ts';
import {
  mistakesSchema,
  revocationSchema,
  type Scenario,
  type ScenarioFile,
  scenarioFileSchema,
  scenarioSchema,
} from './schema.ts';
import { sweepFault } from './sweep.ts';
import { expectationFaults, withThresholds } from './thresholds.ts';

export type ParsedScenario =
  | { readonly ok: true; readonly value: Scenario }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Parses and checks a scenario, defaults filled in. `fileName` stands in the places of the faults. Needs neither keys
 * nor Redis, so that a mistake costs no run.
 */
export function parseScenario(text: string | Buffer, fileName: string): ParsedScenario {
  const parsed = parseSettings(checkedSchema([...strategyNames(), ...variantNames()]), text, fileName);
  if (!parsed.ok) return parsed;
  return { ok: true, value: withThresholds(parsed.value) };
}

function checkedSchema(known: readonly string[]): z.ZodType<ScenarioFile> {
  return scenarioFileSchema
    .extend({
      strategies: scenarioSchema.shape.strategies.superRefine((names, context) => {
        for (const [index, message] of strategyFaults(names, known)) {
          context.addIssue({ code: 'custom', path: [index], message });
        }
      }),
      revocation: revocationSchema
        .refine((plan) => plan.idleTrials + plan.loadedTrials + plan.redisPausedTrials + plan.untilExpiryTrials > 0, {
          message: 'has no trial at all: raise a number of trials, or leave revocation out',
        })
        .optional(),
      mistakes: mistakesSchema
        .refine((plan) => new Set(plan.tried).size === plan.tried.length, {
          path: ['tried'],
          message: 'names a mistake twice',
        })
        .optional(),
    })
    .refine(measuresSomething, {
      message: `measures nothing: it needs throughput, revocation, tokenSize or mistakes, or ${otherMeasures.join(' or ')} (an empty one, \`throughput: {}\`, will do)`,
      when: isMapping,
    })
    .superRefine((scenario, context) => {
      const fault = sweepFault(scenario);
      if (fault !== null) context.addIssue({ code: 'custom', path: ['sweep'], message: fault });
      for (const [index, message] of expectationFaults(scenario.expect ?? [], scenario)) {
        context.addIssue({ code: 'custom', path: ['expect', index], message });
      }
      const tests = (scenario.hypotheses ?? []).map(({ test }) => test);
      for (const [index, message] of expectationFaults(tests, scenario)) {
        context.addIssue({ code: 'custom', path: ['hypotheses', index, 'test'], message });
      }
    })
    .refine((scenario) => scenario.beatIntervalMillis < scenario.stalenessLimitMillis, {
      path: ['stalenessLimitMillis'],
      message: 'must be greater than beatIntervalMillis, or every node is stale between two beats',
      when: hasBothLimits,
    });
}

const otherMeasures = Object.keys(measureSchemas) as readonly (keyof typeof measureSchemas)[];

function measuresSomething(scenario: ScenarioFile): boolean {
  const { throughput, revocation, tokenSize, mistakes } = scenario;
  const asked = throughput ?? revocation ?? tokenSize ?? mistakes;
  return asked !== undefined || otherMeasures.some((name) => scenario[name] !== undefined);
}

/** Index of a name in the list, and what is wrong with it. */
function* strategyFaults(names: readonly string[], known: readonly string[]): Generator<readonly [number, string]> {
  for (const [index, name] of names.entries()) {
    if (name === reference) {
      yield [index, `must not be ${reference}: the reference is part of every run`];
    } else if (!known.includes(name) && !parseStrategyName(name).ok) {
      const near = nearest(
        name,
        known.filter((candidate) => candidate !== reference),
      );
      const hint = near === null ? `there are ${strategyNames().join(', ')}` : `did you mean ${near}?`;
      yield [index, `is not the name of a strategy; ${hint}`];
    } else if (names.indexOf(name) < index) {
      yield [index, 'stands in the list a second time'];
    }
  }
}

/** Checks across fields run even when other fields are wrong, as long as their own are there: one run, all faults. */
function isMapping(payload: z.core.ParsePayload): boolean {
  return typeof payload.value === 'object' && payload.value !== null;
}

const limitsSchema = scenarioSchema.pick({ beatIntervalMillis: true, stalenessLimitMillis: true }).loose();

function hasBothLimits(payload: z.core.ParsePayload): boolean {
  return limitsSchema.safeParse(payload.value).success;
}
