/** The comparison with wrk, in small: that each part meets the others, not what it says. Needs `dist`. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strategyNames, traitsOf } from '../../src/strategies/registry.ts';
import { planPinning, planWaiting } from '../environment/cores.ts';
import { compiledFile, findProgram } from '../environment/programs.ts';

const isThere = (await findProgram('wrk')) !== null;
const staysAwake = (await planWaiting(await planPinning())) !== 'asleep';
const families = new Set(strategyNames().map((name) => traitsOf(name).family));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authlab-cross-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], searchPath = process.env.PATH) {
  const program = compiledFile('bench/self-test/wrk-cross-check.js');
  const env = { ...process.env, PATH: searchPath, REDIS_URL: '' };
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ status: error?.code ?? 0, stdout, stderr });
    });
  });
}

describe('the comparison with wrk', () => {
  it.skipIf(!isThere)(
    '(skipped without wrk: apt-get install -y wrk) has a row for one strategy of each family',
    async () => {
      const { status, stdout, stderr } = await run([
        ...['--rounds', '2', '--credentials', '20', '--window', '100', '--ramp', '50', '--warmup', '150'],
        ...['--connections', '4', '--runs', folder],
      ]);
      expect(status, stderr).toBe(0);
      const [ratios = '', costs = ''] = stdout.split('CPU of the node');
      for (const table of [ratios, costs]) expect(table.match(/^\| [a-z]\S* \|/gm)).toHaveLength(families.size + 1);
      expect(stdout).not.toMatch(/NaN|undefined|Nothing sound/);
      expect(readdirSync(join(folder, `${readdirSync(folder)[0]}`))).toEqual(['cross-check.json', 'events.ndjson']);
      expect(stderr).toContain('round 2 of 2');
      if (staysAwake) expect(stdout).toMatch(/Under a wrk that sleeps, .+ costs the server [+-]\d/);
    },
  );

  it('says how to install wrk where it is missing, and starts nothing', async () => {
    const { status, stderr } = await run([], folder);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringContaining('apt-get install -y wrk'),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses what it does not know', async () => {
    expect(await run(['--round', '3'])).toMatchObject({ status: 2, stderr: expect.stringContaining('flag --round') });
  });
});
