/** Which authlab, which commit and which libraries a run was made with. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const packageFile = findPackageFile();

/** Where authlab is installed. */
export const packageFolder = dirname(packageFile);

export const packageVersion = readPackage().version;

export interface Provenance {
  readonly authlabVersion: string;
  /** With `+` at its end when files differ from the commit; null outside a checkout. */
  readonly commit: string | null;
  readonly dependencies: Readonly<Record<string, string>>;
}

export function provenance(): Provenance {
  const { version, dependencies } = readPackage();
  const installed = Object.keys(dependencies).map((name) => [name, installedVersion(name)]);
  return { authlabVersion: version, commit: commitOf(packageFolder), dependencies: Object.fromEntries(installed) };
}

function readPackage(): { readonly version: string; readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(packageFile, 'utf8'));
}

function installedVersion(name: string): string {
  const paths = require.resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      const text = readFileSync(join(path, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not in this folder; Node looks in the next one as well.
    }
  }
  return 'unknown';
}

function commitOf(folder: string): string | null {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const commit = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}

/** The package's own, from wherever this file was compiled to. */
function findPackageFile(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    try {
      if ((JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'authlab') return file;
    } catch {
      if (folder === dirname(folder)) throw new Error('authlab runs outside its own package');
    }
  }
}
