import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioText } from '../commands/init.ts';
import { parseScenario } from './load.ts';
import { scenarioSchemaFile, scenarioSchemaText } from './scenario-schema.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

describe(scenarioSchemaFile, () => {
  const text = scenarioSchemaText();
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(text));

  it('is what the lab accepts (npx vitest run --project unit bench/scenario/scenario-schema.test.ts -u writes it anew)', async () => {
    await expect(text).toMatchFileSnapshot(join(folder, scenarioSchemaFile));
  });

  it.each(files)('describes %s, which says so to editors', (file) => {
    const scenario = readFileSync(join(folder, file), 'utf8');
    validate(parse(scenario));
    expect(validate.errors).toBeNull();
    expect(scenario).toMatch(/^# yaml-language-server: \$schema=scenario\.schema\.json$/m);
  });

  it('refuses an unknown key, a missing one and another type', () => {
    const scenario = parse(readFileSync(join(folder, 'smoke.yaml'), 'utf8'));
    const { question: _question, ...without } = scenario;
    expect(validate({ ...scenario, thruput: {} })).toBe(false);
    expect(validate(without)).toBe(false);
    expect(validate({ ...scenario, credentials: 'many' })).toBe(false);
  });
});

describe('the scenario of authlab init', () => {
  it('is one that the lab and the schema accept, and that fails no line for want of a figure', () => {
    const text = scenarioText('mine', 'scenario.schema.json');
    const parsed = parseScenario(text, 'mine.yaml');
    expect(parsed.ok ? [] : parsed.faults).toEqual([]);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(scenarioSchemaText()));
    expect(validate(parse(text))).toBe(true);
  });
});
