/** `authlab init`: writes a scenario to start from. */

import { writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { packageFolder } from '../run/provenance.ts';
import { scenarioSchemaFile } from '../scenario/scenario-schema.ts';

export const initCommand = new Command('init')
  .description('write a scenario to start from')
  .argument('[file]', 'where; it must not be there yet', 'my-scenario.yaml')
  .action((file: string) => {
    writeScenario(file);
    process.stdout.write(`${file}\n`);
    process.stderr.write(`Run it: authlab run ${file}\n`);
  });

/** Throws ERR_OUTPUT when the file is there already, or cannot be written. */
export function writeScenario(file: string): void {
  const schema = relative(dirname(resolve(file)), join(packageFolder, 'scenarios', scenarioSchemaFile));
  try {
    writeFileSync(file, scenarioText(nameOf(file), schema), { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    const why = code === 'EEXIST' ? 'it is there already; give another name' : code;
    throw new AuthlabError('ERR_OUTPUT', `Cannot write ${file}: ${why}.`, { cause });
  }
}

/** A scenario's name is lower-case words joined by hyphens. */
function nameOf(file: string): string {
  const words = basename(file)
    .replace(/\.ya?ml$/i, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words === null ? 'my-scenario' : words.join('-');
}

/** The schema by its path from the file. */
export function scenarioText(name: string, schema: string): string {
  return `# What does a login check cost here, and how soon does a logout take effect? About a minute and a half.
# Every key is explained where your editor knows YAML schemas; \`authlab strategies\` lists who can be compared.
# yaml-language-server: $schema=${schema}
name: ${name}
question: What does a login check cost here, and how soon does a logout take effect?
strategies:
  - session
  - jwt-hs256
  - hybrid-hs256
# Cost of a check and throughput: pairs of windows beside a server that checks nothing. Fewer than 8 rounds say little.
throughput:
  rounds: 8
  windowMillis: 300
# How long a credential is still accepted after its logout.
revocation:
  nodes: 2
  idleTrials: 20
  loadedTrials: 10
  untilExpiryTrials: 5
# Bytes of the credential in every request, with one role and with twenty.
tokenSize:
  roles: [1, 20]
# The run ends with exit code 99 when one of these fails. \`surely\` demands it of the whole interval.
expect:
  - hybrid-hs256.falseAccepts.idle == 0
  - hybrid-hs256.revocationLatencyMillis.idle.max < 2s
`;
}
