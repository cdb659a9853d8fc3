/** Which programs this machine has, and where authlab's own compiled programs lie. */

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The full path of an executable as a shell would find it: searched in `searchPath` (the value of `PATH`), or taken as
 * it is when it names a folder. Null when there is none.
 */
export async function findProgram(name: string, searchPath = process.env.PATH ?? ''): Promise<string | null> {
  const places = name.includes('/') ? [resolve(name)] : folders(searchPath).map((folder) => join(folder, name));
  for (const place of places) if (await isExecutable(place)) return place;
  return null;
}

/** The path of a compiled file, such as `src/server.js`; from the sources (tests) it is looked for in `dist`. */
export function compiledFile(path: string): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.endsWith('.ts') ? '../../dist/' : '../../';
  return fileURLToPath(new URL(root + path, import.meta.url));
}

/** An empty entry means the current folder to a shell; a program from there is never what was meant. */
function folders(searchPath: string): string[] {
  return searchPath.split(delimiter).filter((folder) => folder !== '');
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
