import { describe, expect, it } from 'vitest';
import { chaosSchedule } from './chaos-schedule.ts';
import { chaosFaultsOn, chaosSchema } from './chaos-schema.ts';

const options = {
  seed: 3,
  contestants: 4,
  nodes: 2,
  durationMillis: 30_000,
  stalenessLimitMillis: 2_000,
  faults: chaosFaultsOn.one,
};

describe('the schedule of a random history', () => {
  it('is a function of the seed alone', () => {
    expect(chaosSchedule(options)).toEqual(chaosSchedule(options));
    expect(chaosSchedule({ ...options, seed: 4 })).not.toEqual(chaosSchedule(options));
  });

  it('begins every session before it is about it, and looks at every node after its end', () => {
    const { operations } = chaosSchedule(options);
    const begun = new Map(operations.filter(({ kind }) => kind === 'login').map((one) => [one.session, one.atMillis]));
    for (const { kind, session, atMillis } of operations) {
      if (kind !== 'rotate') expect(begun.get(session)).toBeLessThanOrEqual(atMillis + 50);
    }
    const logout = operations.find(({ kind }) => kind === 'logout');
    const looks = operations.filter(
      ({ kind, session, atMillis }) =>
        kind === 'probe' && session === logout?.session && atMillis > (logout?.atMillis ?? 0) + 2_000,
    );
    expect(new Set(looks.map(({ node }) => node))).toEqual(new Set([0, 1]));
  });

  it('inflicts one fault after the other, and each of them before any a second time', () => {
    const { faults } = chaosSchedule({ ...options, durationMillis: 120_000 });
    expect(new Set(faults.slice(0, options.faults.length).map(({ fault }) => fault))).toEqual(new Set(options.faults));
    for (const [index, { fromMillis }] of faults.entries()) {
      const before = faults[index - 1];
      if (before !== undefined) expect(fromMillis).toBeGreaterThan(before.fromMillis + before.lastsMillis);
    }
  });

  it('knows everything that is asked for', () => {
    const kinds = new Set(chaosSchedule(options).operations.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(
      ['login', 'logout', 'logout-all', 'probe', 'refresh', 'replay', 'revoke', 'roles', 'rotate', 'stray'].toSorted(),
    );
  });
});

describe('what a scenario asks of chaos', () => {
  it('must be possible on its topology', () => {
    expect(chaosSchema.parse({})).toEqual({ topology: 'one', seeds: 1, durationMillis: 30_000, nodes: 2 });
    const { error } = chaosSchema.safeParse({ topology: 'sentinel', faults: ['redis-killed'] });
    expect(error?.issues[0]?.message).toMatch(/cannot be inflicted on topology sentinel: there are sentinel-failover/);
  });
});
