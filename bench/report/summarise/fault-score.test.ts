import { describe, expect, it } from 'vitest';
import type { CredentialUnderFault, FaultInflicted, FaultObserved } from '../../record/fault-events.ts';
import { inflicted, observed, revoked, type Streak, valid } from '../example-faults.ts';
import { scoreOf } from './fault-score.ts';

const calm: readonly Streak[] = [
  [200, -500, -100],
  [200, 0, 3_900],
  [200, 4_000, 6_000],
];
const gone: readonly Streak[] = [
  [401, -500, -100],
  [401, 0, 3_900],
  [401, 4_000, 6_000],
];
const score = (
  credentials: readonly CredentialUnderFault[],
  changes: { readonly times?: Partial<FaultInflicted>; readonly seen?: Partial<FaultObserved> } = {},
) => scoreOf('one', [{ times: inflicted(changes.times), seen: observed('one', credentials, changes.seen) }]);

describe('a contestant that nothing befalls', () => {
  it('goes on, and breaks nothing', () => {
    expect(score([valid([calm, calm]), revoked('revoked-before', [204, -900], [gone, gone])])).toEqual({
      contestant: 'one',
      boundMillis: 2_000,
      failure: 'goes-on',
      befallen: { statuses: { 200: 80 }, disturbedFromMillis: null, disturbedMillis: null, stoppedMillis: null },
      others: null,
      acceptedRevoked: {
        longestMillis: 0,
        uncertainMillis: 0,
        falseAccepts: { requests: 0, credentials: 0, longestMillis: 0 },
      },
      falseRejections: { requests: 0, credentials: 0 },
      longestAnswerMillis: 12,
      recovery: { millis: 0, disturbedMillis: 0, newcomerMillis: 100, newcomerLogins: 1 },
      acknowledged: 1,
      lost: 0,
      logouts: { statuses: {}, longestMillis: 0, unacknowledged: 0, doneAllTheSame: 0 },
      brokenPromises: [],
    });
  });
});

describe('a contestant that refuses', () => {
  const refusing: readonly Streak[] = [
    [200, -500, -100],
    [200, 0, 1_900],
    [503, 2_000, 3_900],
    [503, 4_000, 4_300],
    [200, 4_400, 6_000],
  ];

  it('fails closed, from when, and recovers after the fault', () => {
    const { failure, befallen, recovery } = score([valid([refusing, calm])]);
    expect([failure, befallen.disturbedFromMillis]).toEqual(['closed', 2_000]);
    expect(befallen.statuses).toEqual({ 200: 60, 503: 20 });
    expect(recovery).toEqual({ millis: 400, disturbedMillis: 2_400, newcomerMillis: 100, newcomerLogins: 1 });
  });

  it('for a while only, says for how long', () => {
    const passing: readonly Streak[] = [
      [200, 0, 900],
      [503, 1_000, 1_100],
      [200, 1_200, 1_200],
      [503, 1_300, 1_300],
      [200, 1_400, 3_900],
    ];
    const { befallen } = score([valid([passing, calm])]);
    expect([befallen.disturbedFromMillis, befallen.disturbedMillis]).toEqual([1_000, 400]);
    expect(score([valid([passing, refusing])]).befallen.disturbedMillis).toBeNull();
  });

  it('is looked at apart where the fault befell one node', () => {
    const { befallen, others } = score([valid([refusing, calm])], { times: { befalls: 'first-node' } });
    expect(befallen.disturbedFromMillis).toBe(2_000);
    expect(others).toEqual({
      statuses: { 200: 40 },
      disturbedFromMillis: null,
      disturbedMillis: null,
      stoppedMillis: null,
    });
  });

  it('and never recovers has no recovery, except for newcomers', () => {
    const forever: readonly Streak[] = [
      [200, -500, -100],
      [401, 100, 6_000],
    ];
    const { recovery, falseRejections, brokenPromises } = score([valid([forever, calm], [401, 200])]);
    expect(recovery).toEqual({ millis: null, disturbedMillis: null, newcomerMillis: 100, newcomerLogins: 1 });
    expect(falseRejections).toEqual({ requests: 61, credentials: 1 });
    expect(brokenPromises).toEqual(['keeps-valid']);
    const seen = { promises: { refusesRevoked: true, losesNothing: true, keepsValid: false } };
    expect(score([valid([forever, calm], [401, 200])], { seen }).brokenPromises).toEqual([]);
  });
});

describe('a logout that was acknowledged', () => {
  const member = (streaks: readonly Streak[], final?: readonly number[]) =>
    revoked('revoked-during', [204, 1_000], [gone, streaks], final);

  it('may be unknown to a node within the bound', () => {
    const late = member([
      [200, 950, 990],
      [200, 1_050, 2_950],
      [401, 3_050, 3_950],
    ]);
    const { acceptedRevoked, failure } = score([valid([calm, calm]), late]);
    expect(acceptedRevoked).toEqual({
      longestMillis: 1_950,
      uncertainMillis: 100,
      falseAccepts: { requests: 0, credentials: 0, longestMillis: 0 },
    });
    expect(failure).toBe('goes-on');
  });

  it('is a false accept beyond it, once, and again after a refusal', () => {
    const late = member([
      [200, 1_050, 2_950],
      [200, 3_050, 3_250],
      [401, 3_350, 3_950],
      [200, 4_050, 4_050],
      [401, 4_150, 6_000],
    ]);
    const { acceptedRevoked, failure, brokenPromises, recovery } = score([valid([calm, calm]), late]);
    expect(acceptedRevoked.falseAccepts).toEqual({ requests: 4, credentials: 1, longestMillis: 1_050 });
    expect(acceptedRevoked.longestMillis).toBe(3_050);
    expect([failure, brokenPromises]).toEqual(['open', ['refuses-revoked']]);
    expect(recovery).toMatchObject({ millis: 150, disturbedMillis: 1_100 });
  });

  it('is none where the configuration concedes it: it is scored all the same', () => {
    const late = member([[200, 3_050, 6_000]]);
    const seen = { promises: { refusesRevoked: false, losesNothing: true, keepsValid: true } };
    const { failure, acceptedRevoked, brokenPromises } = score([valid([calm, calm]), late], { seen });
    expect([failure, brokenPromises]).toEqual(['open', []]);
    expect(acceptedRevoked).toMatchObject({ longestMillis: 5_000, uncertainMillis: null });
  });

  it('binds nobody who says that only the expiry ends a credential', () => {
    const late = member([[200, 1_050, 6_000]], [200, 200]);
    const { failure, acceptedRevoked, lost } = score([valid([calm, calm]), late], { seen: { boundMillis: null } });
    expect([failure, lost]).toEqual(['by-design', 0]);
    expect(acceptedRevoked.falseAccepts.requests).toBe(0);
  });

  it('is lost where the last word lets it in, or a refresh does', () => {
    const lostBy = (final: readonly number[], refreshStatus: number | null, boundMillis: number | null = 2_000) =>
      score([revoked('revoked-before', [204, -900], [], final, refreshStatus)], { seen: { boundMillis } });
    expect(lostBy([401, 200], 401)).toMatchObject({ acknowledged: 1, lost: 1, brokenPromises: ['loses-nothing'] });
    expect(lostBy([401, 401], 200)).toMatchObject({ lost: 1 });
    expect(lostBy([200, 200], 200, null)).toMatchObject({ lost: 1 });
    expect(lostBy([503, 401], null)).toMatchObject({ lost: 0 });
  });
});

describe('a logout that was not acknowledged', () => {
  it('binds nobody, and is told with how long it took and what became of it', () => {
    const undone = revoked('revoked-during', [503, 1_000], [calm, calm], [200, 200], 200);
    const done = revoked('revoked-during', [0, 3_000], [calm, calm], [401, 401]);
    const { acknowledged, lost, logouts, acceptedRevoked } = score([undone, done]);
    expect([acknowledged, lost, acceptedRevoked.longestMillis]).toEqual([0, 0, 0]);
    expect(logouts).toEqual({ statuses: { 0: 1, 503: 1 }, longestMillis: 5, unacknowledged: 2, doneAllTheSame: 1 });
  });
});

describe('several trials', () => {
  it('are added up, and the worst of each tells how long', () => {
    const late = (untilMillis: number) =>
      revoked(
        'revoked-during',
        [204, 1_000],
        [
          gone,
          [
            [200, 1_050, untilMillis],
            [401, untilMillis + 100, 6_000],
          ],
        ],
      );
    const trial = (number: number, member: CredentialUnderFault) => ({
      times: inflicted({ trial: number }),
      seen: observed('one', [valid([calm, calm]), member], { trial: number }),
    });
    const { acceptedRevoked, acknowledged, befallen } = scoreOf('one', [trial(1, late(1_450)), trial(2, late(1_250))]);
    expect([acceptedRevoked.longestMillis, acknowledged, befallen.statuses]).toEqual([450, 2, { 200: 160 }]);
  });

  it('in which one never recovered have not recovered', () => {
    const forever: readonly Streak[] = [[503, 0, 6_000]];
    const seen = observed('one', [valid([forever, calm])]);
    const { recovery } = scoreOf('one', [
      { times: inflicted(), seen: observed('one', [valid([calm, calm])]) },
      { times: inflicted({ trial: 2 }), seen: { ...seen, trial: 2 } },
    ]);
    expect(recovery.millis).toBeNull();
  });
});

describe('an answer that does not come', () => {
  it('is a promise broken, whatever is conceded', () => {
    const brokenBy = (longestMillis: number, machineMillis: number) => {
      const hanging = valid([calm, calm]);
      const answers = hanging.answers.map((each) => ({ ...each, longestMillis }));
      return score([{ ...hanging, answers }], { times: { machineMillis } }).brokenPromises;
    };
    const { deadlineMillis } = inflicted();
    expect(brokenBy(deadlineMillis + 100, 20)).toEqual(['answers-in-time']);
    // What the machine took from a request that asks nobody, it may have taken from this one too: once, and not for ever.
    expect(brokenBy(deadlineMillis + 1_200, 1_200)).toEqual([]);
    expect(brokenBy(deadlineMillis + 1_300, 1_200)).toEqual(['answers-in-time']);
    expect(brokenBy(deadlineMillis + 3_100, 60_000)).toEqual(['answers-in-time']);
  });
});
