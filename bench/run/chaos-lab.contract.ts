/** For tests of random histories: one history over nodes as they are, or over nodes of which a module was broken. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { NodeRequest } from '../environment/environment.ts';
import { readMachine } from '../environment/machine.ts';
import { startNode } from '../environment/node.ts';
import { compiledFile } from '../environment/programs.ts';
import { randomRealm } from '../environment/realms.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import type { ChaosPerformed } from '../record/chaos-events.ts';
import { type HistoryRequest, historyOf } from './chaos-steps.ts';

/** A compiled module of the server, and what stands in place of some of its text. */
export interface BrokenModule {
  /** Under `dist`. */
  readonly file: string;
  readonly replacements: readonly (readonly [from: string, to: string])[];
}

/** Servers of its own that are gone when it returns or throws. */
export async function performed(
  request: HistoryRequest,
  broken: readonly BrokenModule[] = [],
): Promise<ChaosPerformed> {
  const supervisor = await startSupervisor();
  try {
    const variables = { ...breaking(supervisor.folder, broken), AUTHLAB_CLOCK_SKEW_SECONDS: '1' };
    let index = 0;
    const environment = {
      supervisor,
      machine: readMachine({ pinning: null }),
      startNode: (node: NodeRequest) => startNode({ supervisor, index: index++ }, { ...node, variables }),
    };
    const secrets = await createLabSecrets(systemRandomBytes);
    const history = await historyOf(request, { environment, secrets, realm: randomRealm(systemRandomBytes) });
    return { type: 'ChaosPerformed', at: '', ...history };
  } finally {
    await supervisor.close();
  }
}

/** Loaded before the server: its modules are read with those texts replaced. A text that is not there ends the node. */
function breaking(folder: string, broken: readonly BrokenModule[]): Readonly<Record<string, string>> {
  if (broken.length === 0) return {};
  const modules = broken.map(({ file, replacements }) => [pathToFileURL(compiledFile(file)).href, replacements]);
  const hooks = join(folder, 'broken-hooks.mjs');
  const entry = join(folder, 'broken.mjs');
  writeFileSync(hooks, hooksSource);
  const hooksUrl = JSON.stringify(pathToFileURL(hooks).href);
  writeFileSync(
    entry,
    `import { register } from 'node:module';\nregister(${hooksUrl}, { data: ${JSON.stringify(modules)} });\n`,
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(entry).href}` };
}

const hooksSource = `
import { readFile } from 'node:fs/promises';
let modules = new Map();
export function initialize(data) {
  modules = new Map(data);
}
export async function load(url, context, nextLoad) {
  const replacements = modules.get(url);
  if (replacements === undefined) return nextLoad(url, context);
  let source = await readFile(new URL(url), 'utf8');
  for (const [from, to] of replacements) {
    if (!source.includes(from)) throw new Error(url + ' does not say: ' + from);
    source = source.replace(from, () => to);
  }
  return { format: 'module', source, shortCircuit: true };
}
`;
