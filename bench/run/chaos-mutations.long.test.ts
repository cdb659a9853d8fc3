/** The proof of the judge: each of four faults that only real processes and links show turns it red within ten seeds. */

import { describe, expect, test } from 'vitest';
import { isAuthlabError } from '../../src/kernel/errors.ts';
import type { Invariant } from '../record/chaos-events.ts';
import { judgeHistory } from '../report/summarise/chaos-judge.ts';
import type { ChaosPlan } from '../scenario/chaos-schema.ts';
import { type BrokenModule, performed } from './chaos-lab.contract.ts';
import type { HistoryRequest } from './chaos-steps.ts';

const seeds = 10;
const limits: HistoryRequest['scenario'] = { partitions: 1, beatIntervalMillis: 100, stalenessLimitMillis: 600 };

interface Mutation {
  readonly names: readonly string[];
  readonly plan: Pick<ChaosPlan, 'topology' | 'faults'> & { readonly durationMillis?: number };
  readonly broken: readonly BrokenModule[];
  readonly stalenessLimitMillis?: number;
}

const families = ['session', 'reference-token', 'denylist-hs256', 'hybrid-hs256', 'hybrid-strict-hs256'];

/** Which invariants are broken in the first seed that breaks any; nothing where no seed does. */
async function brokenBy({ names, plan, broken, stalenessLimitMillis = 600 }: Mutation): Promise<readonly Invariant[]> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { durationMillis = 12_000 } = plan;
    const scenario = { ...limits, stalenessLimitMillis };
    const history = await performed(
      { scenario, plan: { nodes: 2, ...plan, durationMillis }, seed, names },
      broken,
    ).catch((error: unknown) => {
      // Servers that do not come up on a busy machine prove nothing either.
      if (isAuthlabError(error, 'ERR_ENVIRONMENT_REDIS', 'ERR_PART_CRASHED')) return null;
      throw error;
    });
    if (history === null) continue;
    // What a busy machine makes late proves nothing.
    const found = judgeHistory(history).filter(({ invariant }) => invariant !== 'I12' && invariant !== 'I15');
    if (found.length > 0) return [...new Set(found.map(({ invariant }) => invariant))].toSorted();
  }
  return [];
}

describe('a server that is broken', { timeout: 600_000 }, () => {
  test('whose log is trimmed by length, while nodes take the next event that is left for the next', async () => {
    const found = await brokenBy({
      names: families,
      plan: { topology: 'one', faults: ['node-paused'] },
      broken: [
        {
          file: 'src/eventlog/append-script.js',
          replacements: [["'XADD', KEYS[1], '*',", "'XADD', KEYS[1], 'MAXLEN', 1, '*',"]],
        },
        {
          file: 'src/projections/followed/followed-partition.js',
          replacements: [["return 'gap';", ';']],
        },
      ],
    });
    expect(found.some((invariant) => invariant === 'I1' || invariant === 'I2' || invariant === 'I3')).toBe(true);
  });

  test('that does not look at what WAIT has returned', async () => {
    const found = await brokenBy({
      names: families,
      plan: { topology: 'sentinel', faults: ['replication-stalled'] },
      // What is written is acknowledged when WAIT has given up, after most of a second: the link must stand still for longer.
      stalenessLimitMillis: 2_000,
      broken: [
        {
          file: 'src/eventlog/replication.js',
          replacements: [['if (confirmed >= wanted)', 'if (confirmed >= 0)']],
        },
      ],
    });
    expect(found).toContain('I2');
  });

  test('that remembers tokens whose key was retired', async () => {
    const found = await brokenBy({
      names: ['jwt-hs256+cache', 'hybrid-hs256+cache', 'denylist-hs256'],
      plan: { topology: 'one', faults: ['redis-slow'] },
      broken: [
        {
          file: 'src/tokens/verified-tokens.js',
          replacements: [['if (!isAccepted(remembered.key))', 'if (false)']],
        },
      ],
    });
    expect(found).toContain('I16');
  });

  test('that answers what waits in its sockets after a pause before it has looked at the clock', async () => {
    const found = await brokenBy({
      names: ['hybrid-hs256', 'hybrid-strict-hs256', 'hybrid-hs256+cache'],
      // Only what is ended in the middle of a pause that outlasts the limit can show it; in pauses that are longer still, the
      // clients run out of connections that stand, and what comes over a new one is read after the clock.
      stalenessLimitMillis: 1_200,
      plan: { topology: 'one', faults: ['node-paused'], durationMillis: 30_000 },
      broken: [
        {
          file: 'src/projections/followed/freshness.js',
          replacements: [
            [
              'isFresh(monotonicMillis, wallMillis) {',
              `isFresh(monotonicMillis, wallMillis) {
        if (this.timer === undefined) {
            const look = () => { this.told = this.isFreshNow(performance.now(), Date.now()); };
            this.timer = setInterval(() => setImmediate(look), 50);
            this.timer.unref();
            look();
        }
        return this.told;
    }
    isFreshNow(monotonicMillis, wallMillis) {`,
            ],
          ],
        },
      ],
    });
    expect(found).toContain('I1');
  });
});
