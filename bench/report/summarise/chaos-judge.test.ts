import { describe, expect, it } from 'vitest';
import type { ChaosExchange, ChaosPerformed } from '../../record/chaos-events.ts';
import { exchange, faultAt, following, gaining, history, lookingUp } from '../example-chaos.ts';
import { judgeHistory } from './chaos-judge.ts';

const broken = (exchanges: readonly ChaosExchange[], changes: Partial<ChaosPerformed> = {}) =>
  judgeHistory(history(exchanges, changes)).map(({ invariant }) => invariant);

const login = gaining(0);
const logout = exchange('logout', 1_000, 204);
const byLookUp = { contestants: [lookingUp] };

describe('the end of a session', () => {
  it('may be unknown to a node for as long as the bound, and no longer (I1)', () => {
    expect(broken([login, logout, exchange('probe', 3_005, 200)])).toEqual([]);
    expect(broken([login, logout, exchange('probe', 3_050, 200)])).toEqual(['I1']);
    expect(broken([login, logout, exchange('probe', 1_050, 200)], byLookUp)).toEqual(['I1']);
  });

  it('counts from the acknowledgement, and not at all without one', () => {
    const late = { ...logout, answeredMillis: 2_000 };
    expect(broken([login, late, exchange('probe', 3_500, 200)])).toEqual([]);
    const unknown = exchange('logout', 1_000, 503);
    const faults = [faultAt(900, 1_200)];
    expect(broken([login, unknown, exchange('probe', 9_000, 200)], { faults })).toEqual([]);
    expect(broken([login, unknown, exchange('probe', 9_000, 401)], { faults })).toEqual([]);
  });

  it('that nobody acknowledged stays, once a node has shown it (I4)', () => {
    const shown = [login, exchange('logout', 1_000, 503), exchange('probe', 2_000, 401)];
    const faults = [faultAt(900, 1_200)];
    expect(broken([...shown, exchange('probe', 3_000, 200, { node: 1 })], { faults })).toEqual([]);
    expect(broken([...shown, exchange('probe', 4_100, 200, { node: 1 })], { faults })).toEqual(['I4']);
  });

  it('is not lost when Redis was hit (I2), and was done when it was said to be (I3)', () => {
    const lost = [login, logout, exchange('last-word', 32_000, 200)];
    expect(broken(lost, { faults: [faultAt(1_500, 2_500)] })).toEqual(['I2']);
    expect(broken(lost)).toEqual(['I3']);
  });

  it('ends the refreshing with it', () => {
    expect(broken([login, logout, gaining(1_100, 1)])).toEqual(['I1']);
  });

  it('is that session alone, or all of the user that had begun (I10)', () => {
    const second = gaining(500, 0, 0, { session: 1 });
    const refused = exchange('probe', 5_000, 401, { session: 1 });
    expect(broken([login, second, logout, refused])).toEqual(['I10']);
    expect(broken([login, second, exchange('logout-all', 1_000, 204), refused])).toEqual([]);
    const later = gaining(1_500, 0, 0, { session: 1 });
    expect(broken([login, later, exchange('logout-all', 1_000, 204), refused])).toEqual(['I10']);
  });

  it('may be unknown to look-ups at a primary that was replaced, but not in the end', () => {
    const faults = [faultAt(900, 4_000, { fault: 'sentinel-failover', deposes: true })];
    const over = { ...byLookUp, topology: 'sentinel', replicas: 1, faults } as const;
    expect(broken([login, logout, exchange('probe', 2_000, 200)], over)).toEqual([]);
    expect(broken([login, logout, exchange('last-word', 32_000, 200)], over)).toEqual(['I2']);
    // Who follows the log notices.
    const followed = { ...over, contestants: [following] };
    expect(broken([login, logout, exchange('probe', 3_500, 200)], followed)).toEqual(['I1']);
  });
});

describe('a good credential', () => {
  it('is never refused (I5), also when Redis was hit (I2)', () => {
    expect(broken([login, exchange('probe', 1_000, 401)])).toEqual(['I5']);
    expect(broken([login, exchange('probe', 1_000, 401)], { ...byLookUp, faults: [faultAt(500, 900)] })).toEqual([
      'I2',
    ]);
    expect(broken([exchange('login', 0, 401)])).toEqual(['I5']);
  });

  it('is refused by nobody because of a rotation that was asked for after its key had signed, but by whoever knows of it', () => {
    const rotation = exchange('rotate', 1_000, 202, { session: -1 });
    const renewed = gaining(12_000, 0, 1, { session: 1 });
    const refused = exchange('probe', 14_000, 401);
    expect(broken([login, rotation, renewed, refused])).toEqual([]);
    expect(broken([login, rotation, renewed, { ...refused, session: 1 }])).toEqual(['I5']);
  });

  it('is that of its own strategy (I9)', () => {
    expect(broken([login, exchange('stray', 1_000, 401)])).toEqual([]);
    expect(broken([login, exchange('stray', 1_000, 200)])).toEqual(['I9']);
  });

  it('ends with its lifetime (I11) and with its key (I16)', () => {
    const short = { accessTokenLifetimeMillis: 1_000 };
    expect(broken([login, exchange('probe', 7_000, 200)], short)).toEqual(['I11']);
    const renewed = gaining(12_000, 0, 1, { session: 1 });
    expect(broken([login, renewed, exchange('probe', 13_900, 200)])).toEqual([]);
    expect(broken([login, renewed, exchange('probe', 14_100, 200)])).toEqual(['I16']);
  });

  it('has no roles that were taken away', () => {
    const first = exchange('roles', 1_000, 204, { roles: 1 });
    const second = exchange('roles', 2_000, 204, { roles: 2 });
    const told = (sentMillis: number, roles: number) => exchange('probe', sentMillis, 200, { roles });
    expect(broken([login, first, second, told(1_500, 1), told(2_005, 1), told(2_500, 2)], byLookUp)).toEqual([]);
    expect(broken([login, first, second, told(2_500, 1)], byLookUp)).toEqual(['I1']);
    expect(broken([login, first, told(1_500, 0)], byLookUp)).toEqual(['I1']);
  });
});

describe('a refresh token', () => {
  it('has one successor (I6)', () => {
    const other = gaining(1_100, 1, 0, { gained: { generation: 1, refreshToken: 9, key: 0 } });
    expect(broken([login, gaining(1_000, 1), gaining(1_200, 1)])).toEqual([]);
    expect(new Set(broken([login, gaining(1_000, 1), other]))).toEqual(new Set(['I6']));
  });

  it('ends its session when it is shown two generations late (I7)', () => {
    const grown = [login, gaining(1_000, 1), gaining(2_000, 2)];
    expect(broken([...grown, exchange('replay', 3_000, 200)])).toEqual(['I7']);
    const reused = [...grown, exchange('replay', 3_000, 401)];
    expect(broken([...reused, exchange('probe', 5_500, 401)])).toEqual([]);
    expect(broken([...reused, exchange('probe', 5_500, 200)])).toEqual(['I7']);
  });

  it('is tried again without harm while nobody knows what came of it (I8)', () => {
    const faults = [faultAt(900, 1_500)];
    const tried = [login, exchange('refresh', 1_000, 503)];
    expect(broken([...tried, exchange('refresh', 2_000, 401)], { faults })).toEqual(['I8']);
    // Out of the grace it may count as reuse.
    expect(broken([...tried, exchange('refresh', 11_500, 401)], { faults })).toEqual([]);
    expect(broken([login, exchange('refresh', 2_000, 401)])).toEqual(['I5']);
  });
});

describe('a node', () => {
  it('knows while no fault acts (I12), and answers in time (I15)', () => {
    expect(broken([login, exchange('probe', 1_000, 503)])).toEqual(['I12']);
    expect(broken([login, exchange('probe', 1_000, 503)], { faults: [faultAt(500, 1_500)] })).toEqual([]);
    expect(broken([login, exchange('probe', 20_000, 503)], { faults: [faultAt(500, 1_500)] })).toEqual(['I12']);
    const elsewhere = { faults: [faultAt(500, 1_500, { node: 1 })] };
    expect(broken([login, exchange('probe', 1_000, 503)], elsewhere)).toEqual(['I12']);
    const slow = exchange('probe', 1_000, 200, { answeredMillis: 10_000 });
    expect(broken([login, slow])).toEqual(['I15']);
    expect(broken([login, slow], { standstills: [{ node: 0, fromMillis: 900, toMillis: 9_900 }] })).toEqual([]);
    // So long the machine was seen to stand still.
    expect(broken([login, slow], { delays: [{ node: 0, fromMillis: 1_100, toMillis: 4_000 }] })).toEqual([]);
    expect(broken([login, slow], { delays: [{ node: 1, fromMillis: 1_100, toMillis: 4_000 }] })).toEqual(['I15']);
    expect(broken([login, exchange('probe', 1_000, 500)], { faults: [faultAt(500, 1_500)] })).toEqual(['I15']);
  });

  it('says in the end what the others say (I14), and says something (I12)', () => {
    const unknown = exchange('logout', 1_000, 503);
    const faults = [faultAt(900, 1_200)];
    const word = (node: number, status: number) => exchange('last-word', 32_000 + node, status, { node });
    expect(broken([login, unknown, word(0, 200), word(1, 200)], { faults })).toEqual([]);
    expect(broken([login, unknown, word(0, 200), word(1, 401)], { faults })).toEqual(['I14']);
    expect(broken([login, word(0, 503), { ...word(0, 200), sentMillis: 32_500 }])).toEqual([]);
    expect(broken([login, word(0, 503)])).toEqual(['I12']);
  });
});
