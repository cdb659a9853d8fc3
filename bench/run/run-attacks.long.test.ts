/** A whole run of attacks on few strategies, to see that every part meets the others and nothing is left. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AttackTried } from '../record/attack-events.ts';
import type { CataloguedResults } from '../report/summarise/attacks.ts';
import { expectNothingLeft, outcomeOf, useLabProcess } from './run-interruptions.contract.ts';

const lab = useLabProcess();

let file: string;
beforeEach(() => {
  file = join(lab().folder, 'attacked.yaml');
  const head = 'name: attacked\nquestion: what if?\nbeatIntervalMillis: 100\nstalenessLimitMillis: 600\n';
  const attacks = 'attacks: {groups: [tokens, keys, refresh], accessTokenLifetimeSeconds: 3}';
  writeFileSync(file, `${head}strategies: [session, jwt-hs256, hybrid-es256]\n${attacks}\n`);
});

describe('a run of attacks', { timeout: 180_000 }, () => {
  test('has an outcome for each on every strategy, as designed, and leaves nothing', async () => {
    const ended = await lab().start('run', file, '--runs', lab().runs, '--json');
    expect([ended, lab().stderr.match(/error|fault:/i)]).toEqual([{ code: 0, signal: null }, null]);
    await expectNothingLeft(lab());
    const attacks: readonly CataloguedResults[] = JSON.parse(lab().stdout).measures.attacks;
    expect(new Set(attacks.map(({ group }) => group))).toEqual(new Set(['tokens', 'keys', 'refresh']));
    const odd = attacks.flatMap(({ attack, broken, strategies }) =>
      [broken, ...strategies].filter((cell) => cell?.fault !== null).map((cell) => [attack, cell]),
    );
    expect(odd).toEqual([]);
    const kindsOf = (name: string) =>
      attacks
        .find(({ attack }) => attack === name)
        ?.strategies.map(({ contestant, outcome }): [string, AttackTried['outcome']['kind']] => [
          contestant,
          outcome.kind,
        ]);
    expect(kindsOf('wrong-type')).toEqual([
      ['session', 'not-applicable'],
      ['jwt-hs256', 'blocked'],
      ['hybrid-es256', 'blocked'],
    ]);
    expect(kindsOf('access-after-theft')?.slice(0, 2)).toEqual([
      ['session', 'not-applicable'],
      ['jwt-hs256', 'open-by-design'],
    ]);
    const report = readFileSync(join(lab().runFolder(), 'report.md'), 'utf8');
    expect(report).not.toMatch(/NaN|undefined|\[object|not reached|untested|unproven:/);
    expect(readFileSync(join(lab().runFolder(), 'events.ndjson'), 'utf8')).not.toMatch(
      /eyJ[A-Za-z0-9_-]{20}|Bearer ey/,
    );
  });

  test('leaves nothing when it is killed in the middle of one', async () => {
    const ended = lab().start('run', file, '--runs', lab().runs);
    await lab().line('attacking');
    await expect
      .poll(() => readFileSync(join(lab().runFolder(), 'events.ndjson'), 'utf8'), { timeout: 60_000 })
      .toContain('AttackTried');
    lab().signal('SIGKILL');
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expectNothingLeft(lab());
    expect(outcomeOf(lab())).toBe('open');
  });
});
