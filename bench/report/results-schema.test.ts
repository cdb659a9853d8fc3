import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { type ExampleOptions, exampleRecord } from './example-run.ts';
import { toJson } from './json.ts';
import { resultsSchema } from './results-schema.contract.ts';
import { summarise } from './summarise.ts';

const jsonOf = (options: ExampleOptions) =>
  JSON.parse(toJson(summarise(parseRecord(exampleRecord(options), 'events.ndjson'))));

describe('results.schema.json', () => {
  const schema = resultsSchema();
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(schema));

  it('is what the types say (npx vitest run --project unit bench/report/results-schema.test.ts -u writes it anew)', async () => {
    await expect(schema).toMatchFileSnapshot('./results.schema.json');
  });

  it.each([
    {},
    { rounds: 2 },
    { refusing: 'session' },
    { accepting: 'hybrid-hs256' },
    { outcome: null },
    { outcome: 'failed' },
    { generatorSaturated: true },
    { mistakes: {} },
    { attacks: {} },
  ] satisfies ExampleOptions[])('describes the results of %j', (options) => {
    validate(jsonOf(options));
    expect(validate.errors).toBeNull();
  });

  it('refuses what is not told by the types', () => {
    const results = jsonOf({ rounds: 2 });
    expect(validate({ ...results, unheard: 1 })).toBe(false);
    expect(validate({ ...results, warnings: 'none' })).toBe(false);
    expect(validate({ ...results, $schema: 'urn:authlab:results:0' })).toBe(false);
  });
});
