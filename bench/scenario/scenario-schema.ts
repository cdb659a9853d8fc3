/** The JSON Schema of a scenario file, for completion and checks in editors. `scenarios/scenario.schema.json` is its text. */

import { z } from 'zod';
import { strategyNames, variantNames } from '../../src/strategies/registry.ts';
import { scenarioFileSchema } from './schema.ts';

export const scenarioSchemaFile = 'scenario.schema.json';

/** What an editor shows beside a key; every key of the file has one. */
const descriptions: Readonly<Record<string, string>> = {
  name: 'Lower-case words joined by hyphens; part of the name of the run folder.',
  question: 'The question that the report answers, in one sentence.',
  seed: 'Draws the order of everything; `--seed` repeats that of another run.',
  strategies: 'Who is compared; `authlab strategies` lists them all. `none`, the reference, is always there.',
  credentials: 'Distinct credentials of each strategy, in rotation.',
  partitions: 'Of the event log.',
  beatIntervalMillis: 'How often each node proves its contact with the log.',
  stalenessLimitMillis: 'S: a node without contact for so long answers 503 rather than perhaps wrongly.',
  addedRttMillis: 'Between nodes and Redis, by a link that holds back what passes.',
  throughput: 'Cost of a check and throughput, in windows beside the reference.',
  revocation: 'How long a credential is accepted after a logout: idle, under load, without Redis, until it expires.',
  tokenSize: 'Bytes of the credential by claim profile, against the usual limits.',
  mistakes: 'The classic mistakes, made on purpose, and tried on the strategies.',
  openLoop: 'Latency at a fixed rate of arrivals, from the intended start of each request.',
  lifecycle: 'Cost of login, refresh and logout.',
  roleChange: 'How long a check goes by roles that have been taken away.',
  state: 'What sessions and revocations occupy, in Redis and in a node, and how long a node needs to start.',
  attacks: 'A catalogue of attacks on tokens, cookies, keys, refresh and login, tried on every strategy over HTTP.',
  chaos: 'Random histories: users, administrators and faults as the seed has it, judged afterwards by the invariants.',
  faults: 'What every strategy does when Redis, a node, a link or a clock fails.',
  sweep: 'Throughput or revocation once more at each level of one factor.',
  expect: 'Thresholds, one a line, such as `hybrid-hs256.throughputRatio >= 0.4`; where one fails the exit code is 99.',
  hypotheses: 'What people say, each with the comparison that it comes to.',
};

interface JsonSchema {
  readonly [key: string]: unknown;
}

/** As text, formatted for reading. Throws RangeError where a key of the file has no description. */
export function scenarioSchemaText(): string {
  const { properties = {}, ...rest } = z.toJSONSchema(scenarioFileSchema, { target: 'draft-7', io: 'input' });
  const described = Object.entries(properties).map(([key, schema]): [string, JsonSchema] => {
    const description = descriptions[key];
    if (description === undefined) throw new RangeError(`The key ${key} of a scenario has no description.`);
    return [key, { description, ...(key === 'strategies' ? withNames(schema) : (schema as JsonSchema)) }];
  });
  const schema = { ...rest, title: 'A scenario of authlab', properties: Object.fromEntries(described) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Editors offer the names; parameters after a `+` are no list, so that other texts are told by the lab itself. */
function withNames(schema: unknown): JsonSchema {
  const names = [...new Set([...strategyNames(), ...variantNames()])].sort();
  return { ...(schema as JsonSchema), items: { anyOf: [{ enum: names }, { type: 'string' }] } };
}
