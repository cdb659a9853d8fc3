/** Why a session is accepted or refused: the same events mean other things under other traits. */

import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../domain/events.ts';
import type { Explanation } from './log-explanation.ts';
import { explain } from './log-stories.ts';
import { minute, openRealm, sidOf, started, startedPlain, terminated } from './log-story.contract.ts';

const begin = openRealm().startMillis;
const textOf = (millis: number) => new Date(begin + millis).toISOString();

/** The explanation of session `a` after these events, so long after the beginning. */
async function explained(events: readonly LogEvent[], atMillis: number): Promise<Explanation> {
  const realm = openRealm();
  for (const event of events) await realm.add('ada', event);
  realm.clock.advance(atMillis);
  return explain(realm.context, sidOf('a'));
}

describe('a session that lives', () => {
  it('is accepted, until it is not refreshed any more', async () => {
    const alive = await explained([started(begin)], minute);
    expect(alive).toMatchObject({ session: 'live', credentials: 'accepted', user: 'ada', strategy: 'followed' });
    expect(alive).toMatchObject({ since: textOf(0), acceptableUntil: textOf(120 * minute), channel: 'followed' });
    const idle = await explained([started(begin)], 120 * minute);
    expect(idle).toMatchObject({ session: 'expired', credentials: 'refused', since: textOf(120 * minute) });
  });

  it('needs a refresh once its token has expired', async () => {
    const token = 15 * minute + 5_000;
    expect((await explained([started(begin)], token - 1)).credentials).toBe('accepted');
    expect((await explained([started(begin)], token)).credentials).toBe('refused-until-refreshed');
    const refresh = { digest: 'd', expiresAtMillis: begin + 134 * minute };
    const refreshed = {
      type: 'SessionRefreshed',
      atMillis: begin + 14 * minute,
      sub: 'ada',
      sid: sidOf('a'),
      refresh,
    } as const;
    const after = await explained([started(begin), refreshed], token);
    expect(after).toMatchObject({ credentials: 'accepted', acceptableUntil: textOf(134 * minute) });
    expect(after.sentences.join(' ')).toContain('refreshed once');
  });

  it('needs a refresh after the counter that guards it went up, and no other kind does', async () => {
    const other = terminated(begin + minute, { sid: sidOf('other'), revocation: 'epoch', epoch: 1 });
    const counted = started(begin, { strategy: 'counted', revocation: 'epoch' });
    expect((await explained([counted, other], 2 * minute)).credentials).toBe('refused-until-refreshed');
    expect((await explained([started(begin), other], 2 * minute)).credentials).toBe('accepted');
    const refresh = { digest: 'd', expiresAtMillis: begin + 120 * minute };
    const refreshed = {
      type: 'SessionRefreshed',
      atMillis: begin + 2 * minute,
      sub: 'ada',
      sid: sidOf('a'),
      refresh,
    } as const;
    expect((await explained([counted, other, refreshed], 3 * minute)).credentials).toBe('accepted');
  });

  it('says what a change of roles means for it', async () => {
    const changed = {
      type: 'UserRolesChanged',
      atMillis: begin + minute,
      sub: 'ada',
      roles: ['admin'],
      epoch: 1,
    } as const;
    const said = await explained([started(begin), changed], 2 * minute);
    expect(said.sentences.join(' ')).toContain('keeps the old ones until it is refreshed');
    const plain = startedPlain(begin, { strategy: 'lookup', revocation: 'record' });
    expect((await explained([plain, changed], 2 * minute)).sentences.join(' ')).toContain('counts for it already');
  });
});

describe('a session that was ended', () => {
  const endedBy = (strategy: string, atMillis: number, given: Parameters<typeof terminated>[1] = {}) =>
    explained([started(begin, { strategy }), terminated(begin + minute, given)], atMillis);

  it('is refused from then on where it is looked up', async () => {
    expect(await endedBy('lookup', minute, { revocation: 'record' })).toMatchObject({
      session: 'ended',
      credentials: 'refused',
      reason: 'logout',
      since: textOf(minute),
      acceptableUntil: null,
      channel: 'record',
    });
  });

  it('is refused within the staleness limit where nodes follow', async () => {
    const soon = await endedBy('followed', minute + 1_999);
    expect(soon).toMatchObject({ credentials: 'within-the-bound', acceptableUntil: textOf(minute + 2_000) });
    expect((await endedBy('followed', minute + 2_000)).credentials).toBe('refused');
  });

  it('is accepted until its token expires where nothing is asked, and says so', async () => {
    const still = await endedBy('token', 16 * minute - 1, { revocation: 'none' });
    expect(still).toMatchObject({ credentials: 'accepted', acceptableUntil: textOf(16 * minute), channel: 'none' });
    expect(still.sentences.join(' ')).toContain('token cannot refuse it');
    expect((await endedBy('token', 16 * minute, { revocation: 'none' })).credentials).toBe('refused');
    // Where the event does not say, the lifetimes of this server do.
    const unsaid = await endedBy('token', 2 * minute, { revocation: 'none', acceptableUntilMillis: 0 });
    expect(unsaid.acceptableUntil).toBe(textOf(15 * minute + 10_000));
  });

  it('is accepted as long as its cookie lives where the cookie is the session', async () => {
    const plain = startedPlain(begin, { strategy: 'cookie', revocation: 'none' });
    const ended = terminated(begin + minute, { revocation: 'none' });
    const still = await explained([plain, ended], 119 * minute);
    expect(still).toMatchObject({ credentials: 'accepted', acceptableUntil: textOf(120 * minute) });
    expect((await explained([plain, ended], 120 * minute)).credentials).toBe('refused');
  });

  it('says nothing for strategies that check nothing or are not known', async () => {
    expect((await endedBy('open', 2 * minute)).credentials).toBe('not-checked');
    expect((await endedBy('from-a-later-version', 2 * minute)).credentials).toBe('not-known');
  });

  it('has a reason also when it was one among many, or was found out', async () => {
    const sessions = [{ sid: sidOf('a'), revocation: 'followed', acceptableUntilMillis: begin + 20 * minute }] as const;
    const all = {
      type: 'AllSessionsTerminated',
      atMillis: begin + minute,
      sub: 'ada',
      reason: 'user-disabled',
      epoch: 1,
      sessions,
    } as const;
    expect(await explained([started(begin), all], 5 * minute)).toMatchObject({
      reason: 'user-disabled',
      session: 'ended',
    });
    const reuse = { type: 'RefreshTokenReuseDetected', atMillis: begin + minute, sub: 'ada', sid: sidOf('a') } as const;
    const caught = await explained(
      [started(begin), reuse, terminated(begin + minute, { reason: 'refresh-token-reuse' })],
      5 * minute,
    );
    expect(caught.sentences.join(' ')).toContain('somebody holds a copy');
  });

  it('is known by its end alone where the log has forgotten its beginning', async () => {
    const end = await explained([terminated(begin + minute)], 5 * minute);
    expect(end).toMatchObject({ session: 'ended', user: 'ada', strategy: null, credentials: 'not-known' });
    expect(await explained([], minute)).toMatchObject({ session: 'unknown', credentials: 'not-known', user: null });
  });
});
