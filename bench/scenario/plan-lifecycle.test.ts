/** The plan of sessions' lives and role changes. */

import { describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { lifecycleActions, roleChangeActions } from './plan-lifecycle.ts';

describe('lifecycleActions', () => {
  const actions = lifecycleActions({ trials: 10, turns: 4, warmupTrials: 3 }, ['none', 'session'], seededFraction(1));

  it('gives every contestant every trial once, whatever the turns', () => {
    for (const contestant of ['none', 'session']) {
      const own = actions.filter((action) => action.contestant === contestant && action.turn > 0);
      const trials = own.flatMap(({ firstTrial, trials }) => Array.from({ length: trials }, (_, i) => firstTrial + i));
      expect(trials).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  it('warms everybody up first, and has nobody twice in a turn', () => {
    expect(actions.map(({ turn }) => turn)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    for (let turn = 0; turn <= 4; turn += 1) {
      const names = actions.filter((action) => action.turn === turn).map(({ contestant }) => contestant);
      expect(names.sort()).toEqual(['none', 'session']);
    }
  });

  it('leaves the warm-up out where there is none', () => {
    const without = lifecycleActions({ trials: 2, turns: 2, warmupTrials: 0 }, ['none'], seededFraction(1));
    expect(without.map(({ turn }) => turn)).toEqual([1, 2]);
  });
});

describe('roleChangeActions', () => {
  it('takes turns, and ends with those who wait for the end of a credential, all trials at once', () => {
    const actions = roleChangeActions(
      { trials: 25, nodes: 2, credentialLifetimeSeconds: 3 },
      ['jwt-hs256', 'session', 'reference-token'],
      seededFraction(1),
    );
    expect(actions.slice(0, 6).map(({ firstTrial, trials }) => [firstTrial, trials])).toEqual([
      [1, 10],
      [1, 10],
      [11, 10],
      [11, 10],
      [21, 5],
      [21, 5],
    ]);
    expect(actions.slice(6)).toEqual([{ kind: 'role-change', contestant: 'jwt-hs256', firstTrial: 1, trials: 25 }]);
  });
});
