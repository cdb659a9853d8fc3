/** A log that is too long for one answer: what a server says then, and what the command line reads all the same. */

import { describe, expect, it } from 'vitest';
import type { EventLog, LogEntry } from '../eventlog/port.ts';
import { type EntriesAnswer, queryLog } from './log-queries.ts';
import { explain, userHistory } from './log-stories.ts';
import { openRealm, sidOf, started } from './log-story.contract.ts';

const scanLimit = 3_000;
const length = scanLimit + 1;

/** As many sessions of bob's; made when they are read, because so many are not worth keeping. */
const realm = openRealm();
const log: EventLog = Object.assign(Object.create(realm.log), {
  partitions: 1,
  partitionOfUser: () => 0,
  readEntries: (_: unknown, afterId: string, limit: number) => {
    const after = Number.parseInt(afterId, 10);
    const count = Math.min(limit, length - after);
    return Promise.resolve(Array.from({ length: count }, (_entry, index) => entryOf(after + index + 1)));
  },
});
const context = { ...realm.context, log };

function entryOf(number: number): LogEntry {
  const event = started(realm.startMillis, { sub: 'bob', sid: sidOf(`s${number}`) });
  const position = { epoch: 'e', number, id: `${number}-0` };
  return { position, predecessor: `${number - 1}-0`, stream: 'bob', version: number, event };
}

describe('a log of more events than a server looks at', () => {
  it('is not read to its end for a session or a moment', async () => {
    const said = expect.stringContaining('authlab log');
    const bySid = await queryLog(context, { sid: sidOf('s1') }, scanLimit);
    expect(bySid).toMatchObject({ ok: false, faults: [{ place: 'sid', message: said }] });
    const byTime = await queryLog(context, { at: '0s' }, scanLimit);
    expect(byTime).toMatchObject({ ok: false, faults: [{ place: 'at', message: said }] });
  });

  it('is read piece by piece for a user, also where there is nothing to tell', async () => {
    const first = await queryLog(context, { user: 'ada' }, scanLimit);
    expect(first).toEqual({ ok: true, value: { entries: [], next: '3000-0' } });
    const second = await queryLog(context, { user: 'ada', after: '3000-0' }, scanLimit);
    expect(second).toEqual({ ok: true, value: { entries: [], next: null } });
    const full = await queryLog(context, { user: 'bob' });
    expect(full.ok && (full.value as EntriesAnswer).next).toBe('1000-0');
  });

  it('is read to its end on the command line', async () => {
    expect(await explain(context, sidOf(`s${length}`))).toMatchObject({ session: 'live', user: 'bob' });
    let count = 0;
    for await (const { number } of userHistory(log, 'bob')) count = number;
    expect(count).toBe(length);
  });
});
