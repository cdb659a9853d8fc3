/** The JSON Schema of `results.json`, made from the types and their comments; that of the scenario from its own schema. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BaseType,
  type CompletedConfig,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  type Definition,
  SchemaGenerator,
  type SubNodeParser,
  type SubTypeFormatter,
} from 'ts-json-schema-generator';
import { z } from 'zod';
import { scenarioSchema } from '../scenario/schema.ts';
import { sweepFactors } from '../scenario/sweep-schema.ts';
import { resultsSchemaId } from './json.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** As text, formatted for reading. */
export function resultsSchema(): string {
  const config: CompletedConfig & { readonly path: string; readonly tsconfig: string } = {
    ...DEFAULT_CONFIG,
    path: join(here, 'summarise', 'results.ts'),
    tsconfig: join(here, '..', '..', 'tsconfig.json'),
    skipTypeCheck: true,
    topRef: false,
    jsDoc: 'basic',
    additionalProperties: false,
  };
  const program = createProgram(config);
  const generator = new SchemaGenerator(
    program,
    createParser(program, config, (chain) => chain.addNodeParser(validatedTypes)),
    createFormatter(config, (chain) => chain.addTypeFormatter(validatedFormatter)),
    config,
  );
  const { definitions, $schema: draft, properties, required, ...results } = generator.createSchema('Results');
  const schema = {
    $schema: draft,
    $id: resultsSchemaId,
    title: 'Results of a run of authlab',
    ...results,
    properties: { $schema: { const: resultsSchemaId }, ...properties },
    required: ['$schema', ...(required ?? [])],
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A type that is derived from a schema at run time: what a reader of types cannot follow. */
class ValidatedType extends BaseType {
  readonly name: keyof typeof validated;

  constructor(name: keyof typeof validated) {
    super();
    this.name = name;
  }

  getId(): string {
    return `validated-${this.name}`;
  }
}

const test = { type: 'object', description: 'A comparison of figures, as parsed from its line.' } as const;

const validated = {
  Scenario: (): Definition => {
    const { $schema: _draft, ...scenario } = z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'output' });
    const properties = {
      ...scenario.properties,
      expect: { type: 'array', items: test },
      hypotheses: {
        type: 'array',
        items: {
          type: 'object',
          properties: { claim: { type: 'string' }, row: { type: 'string' }, because: { type: 'string' }, test },
          required: ['claim', 'test'],
        },
      },
    };
    return { ...scenario, description: 'As validated, defaults filled in.', properties } as Definition;
  },
  SweepFactor: (): Definition => ({ type: 'string', enum: Object.keys(sweepFactors) }),
};

const validatedTypes: SubNodeParser = {
  supportsNode: (node) => nameOf(node) !== null,
  createType: (node) => {
    const name = nameOf(node);
    if (name === null) throw new RangeError('Only asked about what is supported.');
    return new ValidatedType(name);
  },
};

/** Interfaces and aliases have a name; other nodes may have one of another kind. */
function nameOf(node: object): keyof typeof validated | null {
  const { name } = node as { readonly name?: { readonly text?: unknown } };
  const text = name?.text;
  return 'typeParameters' in node && (text === 'Scenario' || text === 'SweepFactor') ? text : null;
}

const validatedFormatter: SubTypeFormatter = {
  supportsType: (type) => type instanceof ValidatedType,
  getDefinition: (type) => validated[(type as ValidatedType).name](),
  getChildren: () => [],
};
