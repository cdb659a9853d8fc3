/** The gate that shows that tier 1 sees: a copy of the code with a bug in it must go red, and say what is broken. */

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Change, mutations } from './mutations.contract.ts';

const root = resolve(import.meta.dirname, '../..');
const deadlineSeconds = 60;

const config = `export default {
  cacheDir: './cache',
  test: { include: ['src/randomized/randomized.test.ts'] },
};
`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authlab-mutations-'));
  await cp(join(root, 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'vitest.config.mjs'), config);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Played {
  readonly isRed: boolean;
  readonly output: string;
  readonly tookMillis: number;
}

/** Plays tier 1 in the copy, for so many seconds at most. */
function playTierOne(seconds: number): Promise<Played> {
  const started = performance.now();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...outer } = process.env;
  const child = spawn(process.execPath, [vitest, 'run', '--testNamePattern', 'every answer'], {
    cwd: folder,
    env: { ...outer, NO_COLOR: '1', AUTHLAB_SECONDS: String(seconds), AUTHLAB_SEED: '2026' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: (seconds + 60) * 1_000,
  });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      const output = Buffer.concat(parts).toString();
      done({ isRed: code !== 0, output, tookMillis: performance.now() - started });
    });
  });
}

/** Returns what the file held before. */
async function apply({ file, from, to }: Change): Promise<string> {
  const path = join(folder, 'src', file);
  const text = await readFile(path, 'utf8');
  expect(text.split(from), `${file} holds exactly once: ${from}`).toHaveLength(2);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  return text;
}

describe('tier 1, with a bug injected', () => {
  test('goes green without one', async () => {
    const { isRed, output } = await playTierOne(20);
    expect(isRed, output).toBe(false);
  });

  test.each(mutations)('$bug: is found within a minute, and named', async ({ bug, changes, breaks }) => {
    const before: { readonly path: string; readonly text: string }[] = [];
    try {
      for (const change of changes) {
        const text = await apply(change);
        before.push({ path: join(folder, 'src', change.file), text });
      }
      const { isRed, output, tookMillis } = await playTierOne(deadlineSeconds);
      const named = /Error: (I\d+): .*/.exec(output);
      const run = /in run (\d+) of seed/.exec(output)?.[1];
      console.info(`${bug}: run ${run}, ${Math.round(tookMillis / 100) / 10} s: ${named?.[0]}`);
      expect(isRed, `nobody noticed: ${bug}`).toBe(true);
      expect(breaks, output).toContain(named?.[1]);
    } finally {
      for (const { path, text } of before.reverse()) await writeFile(path, text);
    }
  });
});
