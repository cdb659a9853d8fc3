import { describe, expect, it } from 'vitest';
import { isAuthlabError } from '../../src/kernel/errors.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { SessionFill } from '../environment/environment.ts';
import { bulkLogIn, bulkLogOut } from './bulk-log-in.ts';
import { contestantOf, userName } from './contestant.ts';

/** Remembers what it was asked, and answers as the program does: every `kept`-th of one call. */
function fakeFill(body = '{"access_token":"abc"}') {
  const calls: string[] = [];
  const fill: SessionFill = {
    async begin(first, count, kept) {
      calls.push(`begin ${first} ${count}`);
      const users = Array.from({ length: count }, (_, index) => index).filter(
        (index) => kept > 0 && index % kept === 0,
      );
      return users.map((index) => ({ user: userName(first + index), setCookies: ['a=b; Path=/'], body }));
    },
    async end(first, count) {
      calls.push(`end ${first} ${count}`);
    },
    async stop() {},
  };
  return { fill, calls };
}

const contestant = contestantOf('hybrid-hs256', [], traitsOf('hybrid-hs256'), '');

describe('logging in in bulk', () => {
  it('goes in calls of some thousand, and tells after each', async () => {
    const { fill, calls } = fakeFill();
    const told: number[] = [];
    const found = await bulkLogIn(fill, contestant, 12_000, { firstUser: 100, onProgress: (done) => told.push(done) });
    expect(calls).toEqual(['begin 100 5000', 'begin 5100 5000', 'begin 10100 2000']);
    expect(told).toEqual([5_000, 10_000, 12_000]);
    expect(found).toHaveLength(12_000);
    expect(found[11_999]?.credential.user).toBe(userName(12_099));
    expect(found[0]?.credential.headersFor('/profile')).toEqual({ authorization: 'Bearer abc', cookie: 'a=b' });
  });

  it('keeps every so many-th, as far apart across two calls', async () => {
    const { fill } = fakeFill();
    const found = await bulkLogIn(fill, contestant, 20_000, { kept: 3_000 });
    expect(found.map(({ credential }) => credential.user)).toEqual(
      [0, 3_000, 6_000, 9_000, 12_000, 15_000, 18_000].map(userName),
    );
    expect(await bulkLogIn(fill, contestant, 10, { kept: 0 })).toEqual([]);
  });

  it('ends what was begun, user by user', async () => {
    const { fill, calls } = fakeFill();
    await bulkLogOut(fill, 7_000, { firstUser: 10 });
    expect(calls).toEqual(['end 10 5000', 'end 5010 2000']);
  });

  it('stops between two calls when it is interrupted', async () => {
    const { fill, calls } = fakeFill();
    const abort = new AbortController();
    const begun = bulkLogIn(fill, contestant, 20_000, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(begun).rejects.toSatisfy((error) => isAuthlabError(error, 'ERR_INTERRUPTED'));
    expect(calls).toHaveLength(1);
  });

  it('refuses an answer that no client could use', async () => {
    const { fill } = fakeFill('{}');
    await expect(bulkLogIn(fill, contestant, 1)).rejects.toThrow('a session of hybrid-hs256 came with no bearer token');
  });
});
