/** `authlab scenarios`: the scenarios that come with authlab, each with the question it answers. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from '../run/provenance.ts';

export const scenariosCommand = new Command('scenarios')
  .description('list the scenarios that come with authlab and the question each answers')
  .action(() => {
    const folder = join(packageFolder, 'scenarios');
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.yaml')) continue;
      const [comment = ''] = readFileSync(join(folder, file), 'utf8').split('\n');
      process.stdout.write(`scenarios/${file}\n  ${comment.replace(/^#\s*/, '')}\n`);
    }
  });
