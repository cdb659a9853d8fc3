/** The folds of lifecycle and role change, over invented events. */

import { describe, expect, it } from 'vitest';
import type { LifecycleMeasured, RoleChangeMeasured } from '../../record/lifecycle-events.ts';
import type { RunEvent, TrialVoided } from '../../record/run-events.ts';
import { measuredValue } from './figure.ts';
import { summariseLifecycle } from './lifecycle.ts';
import { summariseRoleChanges } from './role-change.ts';

const at = '2026-01-01T00:00:00.000Z';
const nothing = {
  durationMillis: 10,
  nodeCpuMicros: 0,
  redisCpuMicros: 0,
  redisCommands: 0,
  redisReads: 0,
  redisNetworkBytes: 0,
};

function turnOf(operation: LifecycleMeasured['operation'], turn: number, nodeCpuMicros: number): LifecycleMeasured {
  return {
    type: 'LifecycleMeasured',
    at,
    contestant: 'session',
    operation,
    turn,
    durationsMicros: [1_000, 2_000],
    spent: { ...nothing, nodeCpuMicros, redisCommands: 42, redisReads: 6 },
    resting: { ...nothing, nodeCpuMicros: 100, redisCommands: 2, redisReads: 2 },
  };
}

function lifecycleOf(events: readonly RunEvent[]) {
  return summariseLifecycle([{ contestant: 'session', events, runWarnings: [] }])[0]?.operations;
}

describe('login, refresh and logout', () => {
  it('takes off what the rest spent and divides by the operations', () => {
    const operations = lifecycleOf([turnOf('login', 1, 900), turnOf('login', 2, 1_100), turnOf('logout', 1, 300)]);
    const login = operations && measuredValue(operations.login);
    expect(login).toMatchObject({ operations: 4, turns: 2, latencyMicros: { max: 2_000 } });
    expect(login?.nodeCpuMicros?.estimate).toBeCloseTo(450);
    expect(login?.redisCommands?.estimate).toBeCloseTo(20);
    expect(login?.redisMessages?.estimate).toBeCloseTo(2);
  });

  it('has no interval over a single turn', () => {
    const operations = lifecycleOf([turnOf('logout', 1, 300)]);
    expect(operations && measuredValue(operations.logout)?.nodeCpuMicros).toBeNull();
  });

  it('asks for no refresh where there is none, and for one where nothing was measured', () => {
    expect(lifecycleOf([turnOf('login', 1, 900)])?.refresh).toMatchObject({
      state: 'not-measured',
      reason: 'not-applicable',
    });
    expect(lifecycleOf([])?.refresh).not.toMatchObject({ reason: 'not-applicable' });
  });

  it('says of one that failed its check that it was voided', () => {
    const voided: TrialVoided = { type: 'TrialVoided', at, contestant: 'session', measure: 'throughput', reason: 'x' };
    expect(lifecycleOf([voided])?.login).toMatchObject({ state: 'voided' });
  });
});

type Trial = Partial<RoleChangeMeasured> & { readonly nodes: readonly (readonly [number | null, number | null])[] };

/** `nodes`: when each told the old roles for the last time, and the new ones from then on. */
function trialOf({ nodes, ...rest }: Trial): RoleChangeMeasured {
  return {
    type: 'RoleChangeMeasured',
    at,
    contestant: 'jwt-hs256',
    trial: 1,
    changeStatus: 204,
    acknowledgedMillis: 10,
    renewal: null,
    remainingLifetimeMillis: null,
    observations: nodes.map(([lastOldSentMillis, firstNewSentMillis], node) => ({
      node,
      requests: 100,
      lastOldSentMillis,
      firstRefusedSentMillis: null,
      firstNewSentMillis,
      probeSpacingMillis: 1,
      otherStatuses: {},
    })),
    ...rest,
  };
}

function stalenessOf(...trials: readonly RoleChangeMeasured[]) {
  const [results] = summariseRoleChanges([{ contestant: 'jwt-hs256', events: trials, runWarnings: [] }]);
  return results === undefined ? null : measuredValue(results.staleness);
}

const renewal = { by: 'refresh' as const, answeredMillis: 2_900, status: 200 };

describe('changed roles', () => {
  it('counts from the acknowledgement, and the slowest node decides', () => {
    expect(
      stalenessOf(
        trialOf({
          nodes: [
            [5, 8],
            [30, 35],
          ],
        }),
      ),
    ).toMatchObject({
      trials: 1,
      nodes: 2,
      oldRolesMillis: { max: 20 },
      stalenessMillis: { max: 25 },
      ways: { told: 1 },
    });
  });

  it('is 0, not less, where the new roles are told before the acknowledgement', () => {
    expect(stalenessOf(trialOf({ nodes: [[2, 4]] }))).toMatchObject({
      oldRolesMillis: { max: 0 },
      stalenessMillis: { max: 0 },
    });
  });

  it('tells a refusal from an end that was waited for', () => {
    const nodes = [[10, 20]] as const;
    const refused = trialOf({ nodes, renewal: { ...renewal, sentMillis: 15 }, remainingLifetimeMillis: 3_000 });
    const outlived = trialOf({ nodes, renewal: { ...renewal, sentMillis: 2_500 }, remainingLifetimeMillis: 3_000 });
    const atOnce = trialOf({ nodes, renewal: { ...renewal, sentMillis: 15 }, remainingLifetimeMillis: null });
    expect(stalenessOf(refused, outlived, atOnce)).toMatchObject({
      ways: { told: 0, refused: 2, outlived: 1 },
      renewedBy: 'refresh',
      remainingLifetimeMillis: { min: 3_000, max: 3_000 },
    });
  });

  it('leaves out, and counts, what was not acknowledged or never came', () => {
    const sound = trialOf({ nodes: [[10, 20]] });
    const silent = trialOf({ nodes: [[10, 20]], acknowledgedMillis: null });
    const stale = trialOf({
      nodes: [
        [10, 20],
        [900, null],
      ],
    });
    expect(stalenessOf(sound, silent, stale)).toMatchObject({ trials: 1, trialsLeftOut: 2 });
    expect(stalenessOf(silent)).toBeNull();
  });
});
