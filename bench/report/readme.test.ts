/** The README shows one real run, which lies in `scenarios/example`: every figure there is that run's. `-u` writes its files anew. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../record/reader.ts';
import { differenceWithInterval, duration, fixed } from './format.ts';
import { toMarkdown } from './markdown.ts';
import { measuredValue } from './summarise/figure.ts';
import type { ContestantResults } from './summarise/results.ts';
import { summarise } from './summarise.ts';
import { toSvg } from './svg.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'scenarios/example');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const results = summarise(readRun(folder));

/** The cells of a strategy's row, after its name. */
function cellsOf({ cost, throughput, revocation, tokenSize, description }: ContestantResults): string {
  const costs = measuredValue(cost);
  const load = measuredValue(throughput);
  const idle = measuredValue(revocation.idle)?.revocationLatencyMedianMillis;
  const logout =
    description?.bound === 'remaining-lifetime' ? 'not before expiry' : idle ? duration(idle.estimate) : '–';
  const [size] = measuredValue(tokenSize) ?? [];
  return [
    costs === null ? 'void' : differenceWithInterval(costs.nodeCpuMicros, 1),
    costs === null ? 'void' : fixed(costs.redisCommands.estimate, 0),
    load === null ? 'void' : fixed(load.ratioToReference.estimate, 2),
    logout,
    size === undefined ? '–' : fixed(size.requestHeaderBytes, 0),
  ].join(' | ');
}

describe('the run that the README shows', () => {
  it.each(results.contestants.map((own) => [own.contestant, own] as const))('has the row of %s', (name, own) => {
    const row = readme.split('\n').find((line) => new RegExp(`^\\| \\**\`${name}\`\\**[ :]`).test(line)) ?? '';
    expect(row.replaceAll('**', '')).toContain(`| ${cellsOf(own)} |`);
  });

  it('is there as a report and as a picture', async () => {
    await expect(toMarkdown(results)).toMatchFileSnapshot(join(folder, 'report.md'));
    await expect(toSvg(results)).toMatchFileSnapshot(join(folder, 'trade-off.svg'));
    expect(readme).toContain('(scenarios/example/trade-off.svg)');
    expect(readme).toContain('(scenarios/example/report.md)');
  });

  it('says what it was measured on', () => {
    const { machine, redis } = results;
    for (const fact of [machine.cpuModel, `${machine.cores} cores`, `Redis ${redis.version}`])
      expect(readme).toContain(fact);
  });
});

describe('the look-ups that the README shows', () => {
  const { sweep } = summarise(readRun(join(folder, 'look-ups')));
  const levels = sweep?.levels ?? [];

  it('are those of a run at these numbers of connections', () => {
    expect(sweep?.factor).toBe('connections');
    expect(readme).toContain(`| connections | ${levels.map(({ level }) => level).join(' | ')} |`);
  });

  it.each(['reference-token', 'session', 'jwt-hs256', 'hybrid-hs256+cache'])('have the costs of %s', (name) => {
    const cells = levels.map(({ contestants }) => {
      const own = contestants.find(({ contestant }) => contestant === name);
      const cost = own === undefined ? null : measuredValue(own.cost);
      return cost === null ? 'void' : differenceWithInterval(cost.nodeCpuMicros, 0);
    });
    expect(readme).toContain(`| \`${name}\` | ${cells.join(' | ')} |`);
  });
});
