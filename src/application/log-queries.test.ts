/** What the log answers to an administrator: histories, stories, moments, and how much of them at a time. */

import { describe, expect, it } from 'vitest';
import { answerLimit, type EntriesAnswer, type LogQuery, queryLog, type SessionsAnswer } from './log-queries.ts';
import { minute, openRealm, type Realm, sidOf, started, startedPlain, terminated } from './log-story.contract.ts';

async function entriesOf(realm: Realm, query: LogQuery): Promise<EntriesAnswer> {
  const answer = await queryLog(realm.context, query);
  if (!answer.ok || !('entries' in answer.value)) throw new Error(JSON.stringify(answer));
  return answer.value;
}

async function sessionsOf(realm: Realm, query: LogQuery): Promise<SessionsAnswer> {
  const answer = await queryLog(realm.context, query);
  if (!answer.ok || !('sessions' in answer.value)) throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe('the history of a user', () => {
  it('is theirs alone, oldest first, with times and without digests', async () => {
    const realm = openRealm();
    const at = realm.startMillis;
    await realm.add('ada', started(at));
    await realm.add('bob', started(at, { sub: 'bob', sid: sidOf('b') }));
    await realm.add('ada', terminated(at + minute));
    const { entries, next } = await entriesOf(realm, { user: 'ada' });
    expect(entries.map(({ type, at: when, stream, version }) => [type, when, stream, version])).toEqual([
      ['SessionStarted', '2026-01-01T00:00:00.000Z', 'ada', 1],
      ['SessionTerminated', '2026-01-01T00:01:00.000Z', 'ada', 2],
    ]);
    expect(entries[0]?.facts).toEqual({
      sub: 'ada',
      sid: sidOf('a'),
      strategy: 'followed',
      roles: ['user'],
      revocation: 'followed',
      expiresAt: '2026-01-01T10:00:00.000Z',
      refresh: { expiresAt: '2026-01-01T02:00:00.000Z' },
    });
    expect(JSON.stringify(entries)).not.toContain('digest');
    expect(next).toBeNull();
  });

  it('comes in answers of at most a thousand, each beginning after the one before', async () => {
    const realm = openRealm();
    const count = answerLimit * 2 + 7;
    await realm.add('ada', ...Array.from({ length: count }, (_, index) => started(realm.startMillis + index)));
    const sizes: number[] = [];
    const numbers: number[] = [];
    let after: string | undefined;
    do {
      const { entries, next } = await entriesOf(realm, { user: 'ada', after });
      sizes.push(entries.length);
      numbers.push(...entries.map(({ number }) => number));
      after = next ?? undefined;
    } while (after !== undefined);
    expect(sizes).toEqual([1_000, 1_000, 7]);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('shows what it cannot read by its type, and goes on', async () => {
    const realm = openRealm();
    await realm.add('ada', started(realm.startMillis));
    const entry = { epoch: 'e', predecessor: '0-0', stream: 'ada' };
    const plant = (number: string, event: object) =>
      realm.log.server.plant(0, { ...entry, number, version: number, event: JSON.stringify(event) });
    plant('2', { type: 'SessionTransferred', to: 'secret-of-a-later-version' });
    plant('3', { type: 'AllSessionsTerminated', atMillis: 1, sub: 'ada', reason: 'logout-all', epoch: 1 });
    plant('4', { type: 'SessionTerminated', atMillis: 1e300, sub: 'ada', sid: 'x' });
    plant('5', { type: 'SessionStarted', atMillis: null });
    realm.log.server.plant(0, { ...entry, number: '6', version: '6', event: 'no JSON' });
    const { entries } = await entriesOf(realm, { user: 'ada' });
    expect(entries.slice(1).map(({ type, at, facts }) => [type, at, facts])).toEqual([
      ['SessionTransferred', null, {}],
      ['AllSessionsTerminated', null, {}],
      ['SessionTerminated', null, {}],
      ['SessionStarted', null, {}],
      ['authlab:unreadable', null, {}],
    ]);
    expect((await sessionsOf(realm, { at: '0s' })).sessions).toHaveLength(1);
    expect((await entriesOf(realm, { sid: sidOf('a') })).explanation).toMatchObject({ session: 'live' });
  });
});

describe('the story of a session', () => {
  it('holds its own events and what happened to its user meanwhile', async () => {
    const realm = openRealm();
    const at = realm.startMillis;
    const sub = 'ada';
    await realm.add('ada', { type: 'PasswordChanged', atMillis: at, sub }, started(at + 1));
    await realm.add('ada', started(at + 2, { sid: sidOf('other') }));
    await realm.add('bob', { type: 'UserRolesChanged', atMillis: at + 2, sub: 'bob', roles: [], epoch: 1 });
    await realm.add('ada', { type: 'UserRolesChanged', atMillis: at + 3, sub, roles: ['admin'], epoch: 1 });
    await realm.add('ada', terminated(at + 4, { sid: sidOf('other') }));
    const sessions = [{ sid: sidOf('a'), revocation: 'followed', acceptableUntilMillis: at + minute }] as const;
    await realm.add('ada', {
      type: 'AllSessionsTerminated',
      atMillis: at + 5,
      sub,
      reason: 'logout-all',
      epoch: 2,
      sessions,
    });
    await realm.add('ada', { type: 'UserDisabled', atMillis: at + 6, sub });
    const { entries, explanation } = await entriesOf(realm, { sid: sidOf('a') });
    expect(entries.map(({ type }) => type)).toEqual(['SessionStarted', 'UserRolesChanged', 'AllSessionsTerminated']);
    expect(explanation).toMatchObject({ session: 'ended', reason: 'logout-all', user: 'ada' });
  });

  it('is told from where the last answer ended', async () => {
    const realm = openRealm();
    const at = realm.startMillis;
    const digest = 'd';
    const refreshed = Array.from({ length: answerLimit + 1 }, (_, index) => ({
      type: 'SessionRefreshed' as const,
      atMillis: at + index,
      sub: 'ada',
      sid: sidOf('a'),
      refresh: { digest, expiresAtMillis: at + 120 * minute },
    }));
    await realm.add('ada', started(at), ...refreshed, terminated(at + 2 * minute));
    const first = await entriesOf(realm, { sid: sidOf('a') });
    expect(first.entries).toHaveLength(answerLimit);
    expect(first.explanation).toMatchObject({ session: 'ended' });
    const second = await entriesOf(realm, { sid: sidOf('a'), after: first.next ?? '' });
    expect(second.entries.map(({ type }) => type)).toEqual([
      'SessionRefreshed',
      'SessionRefreshed',
      'SessionTerminated',
    ]);
    expect(second.next).toBeNull();
  });
});

describe('a moment', () => {
  it('has the sessions that had begun and not ended, by whatever way', async () => {
    const realm = openRealm(2);
    const at = realm.startMillis;
    const sub = 'ada';
    const partition = realm.log.partitionOfUser('ada');
    const other = realm.log.partitionOfUser('bob');
    const sid = (name: string) => sidOf(name, partition);
    await realm.add('ada', started(at, { sid: sid('stays') }), started(at, { sid: sid('ends') }));
    await realm.add('ada', started(at, { sid: sid('idle'), refresh: { digest: 'd', expiresAtMillis: at + minute } }));
    await realm.add(
      'ada',
      startedPlain(at, { sid: sid('record'), record: { digest: 'd', expiresAtMillis: at + minute } }),
    );
    await realm.add('ada', started(at, { sid: sid('mass') }), terminated(at + minute, { sid: sid('ends') }));
    const sessions = [{ sid: sid('mass'), revocation: 'followed', acceptableUntilMillis: 1 }] as const;
    await realm.add('ada', {
      type: 'AllSessionsTerminated',
      atMillis: at + 2 * minute,
      sub,
      reason: 'logout-all',
      epoch: 1,
      sessions,
    });
    await realm.add('ada', started(at + 3 * minute, { sid: sid('late') }));
    await realm.add('bob', started(at, { sub: 'bob', sid: sidOf('bob', other) }));
    realm.clock.advance(10 * minute);
    const livingAt = async (millis: number, user?: string) => {
      const { sessions: living } = await sessionsOf(realm, { at: new Date(at + millis).toISOString(), user });
      return living.map((session) => session.sid.split('.')[1]?.replace(/_+$/, ''));
    };
    expect(await livingAt(-1)).toEqual([]);
    expect(await livingAt(0, 'ada')).toEqual(['stays', 'ends', 'idle', 'record', 'mass']);
    expect(await livingAt(minute - 1, 'ada')).toEqual(['stays', 'ends', 'idle', 'record', 'mass']);
    expect(await livingAt(minute, 'ada')).toEqual(['stays', 'mass']);
    expect(await livingAt(2 * minute, 'ada')).toEqual(['stays']);
    expect((await livingAt(3 * minute)).toSorted()).toEqual(['bob', 'late', 'stays']);
    expect(await livingAt(3 * minute, 'bob')).toEqual(['bob']);
    expect(await livingAt(121 * minute, 'ada')).toEqual(['late']);
    const [session] = (await sessionsOf(realm, { at: '10m', user: 'ada' })).sessions;
    expect(session).toEqual({
      sid: sid('stays'),
      user: 'ada',
      strategy: 'followed',
      startedAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T02:00:00.000Z',
    });
  });

  it('lives on by a refresh, and goes by the time in the events, not by their order', async () => {
    const realm = openRealm();
    const at = realm.startMillis;
    const refresh = { digest: 'd', expiresAtMillis: at + 200 * minute };
    await realm.add('ada', started(at));
    await realm.add('ada', {
      type: 'SessionRefreshed',
      atMillis: at + 90 * minute,
      sub: 'ada',
      sid: sidOf('a'),
      refresh,
    });
    await realm.add('bob', started(at + 60 * minute, { sub: 'bob', sid: sidOf('b') }));
    const count = async (millis: number) =>
      (await sessionsOf(realm, { at: new Date(at + millis).toISOString() })).sessions;
    expect(await count(150 * minute)).toHaveLength(2);
    expect((await count(60 * minute)).map(({ user }) => user)).toEqual(['ada', 'bob']);
    expect(await count(59 * minute)).toHaveLength(1);
  });

  it('is told a thousand sessions at a time', async () => {
    const realm = openRealm();
    const at = realm.startMillis;
    const count = answerLimit + 3;
    const sids = Array.from({ length: count }, (_, index) => sidOf(`s${index}`));
    await realm.add('ada', ...sids.map((sid, index) => started(at + index, { sid })));
    realm.clock.advance(minute);
    const first = await sessionsOf(realm, { at: '0s' });
    realm.clock.advance(minute);
    const second = await sessionsOf(realm, { at: first.at, after: first.next ?? '' });
    expect([...first.sessions, ...second.sessions].map(({ sid }) => sid)).toEqual(sids);
    expect(second.next).toBeNull();
    const elsewhere = await queryLog(realm.context, { at: first.at, after: sidOf('unknown') });
    expect(elsewhere).toMatchObject({ ok: false, faults: [{ place: 'after' }] });
  });
});

describe('a question that cannot be answered', () => {
  const realm = openRealm(2);
  const valid = sidOf('a');
  it.each<[string, LogQuery, string[]]>([
    ['asks nothing', {}, ['user']],
    ['asks two things', { sid: valid, user: 'ada' }, ['sid']],
    ['has a blank in the user', { user: 'a b' }, ['user']],
    ['has a control character in the user', { user: 'a\u0000' }, ['user']],
    ['has a long user', { user: 'a'.repeat(129) }, ['user']],
    ['has a sid of another shape', { sid: '*' }, ['sid']],
    ['has a sid of a partition that is not there', { sid: sidOf('a', 2) }, ['sid']],
    ['has a time without an offset', { at: '2026-01-01T00:00:00' }, ['at']],
    ['has a cursor of another kind', { user: 'ada', after: valid }, ['after']],
    ['has a cursor of another kind for a moment', { at: '1m', after: '1-0' }, ['after']],
    ['is wrong twice', { user: '', at: 'yesterday' }, ['user', 'at']],
  ])('%s', async (_, query, places) => {
    const answer = await queryLog(realm.context, query);
    expect(answer.ok ? [] : answer.faults.map(({ place }) => place)).toEqual(places);
  });
});
